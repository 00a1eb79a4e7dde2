import { Finding } from './finding';
import { NativeFile, readNative } from './native-file';
import { namesOtherPlatform, NativeUse } from './native-use';
import { PackageFiles } from './package-files';
import { readExtensionName } from './python-extension';
import { Target } from './target';
import { MACHINES } from '../../runtimes';
import { ZipEntry } from '../zip/zip-entry';

const SYSTEMS = 'linux|darwin|macos|win32|windows|freebsd|android|musl(linux)?|glibc|gnu(eabihf)?|manylinux\\w*|alpine';
const OTHER_MACHINES = 'universal2?|i[36]86|ia32|armv[67]l?';
const PLATFORM_WORDS = new RegExp(`${SYSTEMS}|${OTHER_MACHINES}`, 'g');
const MACHINE_WORDS = new RegExp(MACHINES.flatMap(({ names }) => names).join('|'), 'g');

/** Finds the programs and libraries that the runtime can't load, although the package has no other for it. */
export async function inspectNativeCode(
  files: PackageFiles,
  target: Target,
  entries: readonly ZipEntry[],
): Promise<Finding[]> {
  if (target.family === 'java' || target.family === 'dotnet') {
    return []; // their packages have a library for each platform, and select one when they run
  }
  const natives: NativeFile[] = [];
  for (const entry of entries) {
    natives.push(await readNative(files, target, entry)); // one after the other: each may take 16 MB of memory
  }
  const broken = withoutVariants(natives, target);
  const use = new NativeUse(files, target, natives);
  const findings: Finding[] = [];
  for (const native of broken) {
    const { uncertain, ...problem } = native.problem!;
    findings.push({ file: native.entry.name, ...problem, certain: !uncertain && (await use.isCertain(native)) });
  }
  // The message names the first file of a kind: a module says more than a library of its wheel.
  return findings.sort((one, other) => Number(isWheelLibrary(one)) - Number(isWheelLibrary(other)));
}

function isWheelLibrary({ file }: Finding): boolean {
  return file.includes('.libs/');
}

/** The files with a problem, except those of which the package has another variant for the function. */
function withoutVariants(natives: readonly NativeFile[], target: Target): NativeFile[] {
  const usable = natives.filter(({ problem }) => !problem).map(({ entry }) => entry.name);
  const variants = new Set(usable.map(withoutPlatform));
  const libraries = new Set(usable.map(libraryOf));
  const bringsCxx = usable.some((name) => name.includes('libstdc++'));
  return natives.filter(
    ({ entry: { name }, problem }) =>
      problem &&
      !(problem.uncertain && bringsCxx) &&
      !variants.has(withoutPlatform(name)) &&
      !(libraries.has(libraryOf(name)) && namesOtherPlatform(name, target)),
  );
}

/** The folder of the package below `node_modules`, or the first folder. */
function libraryOf(name: string): string {
  return /^(.*node_modules\/(@[^/]+\/)?[^/]+|[^/]+)\//.exec(name)?.[1] ?? '';
}

/** The path without what names a platform: the same for the variants of one library. */
function withoutPlatform(name: string): string {
  const extension = readExtensionName(name);
  const path = extension ? `${extension.module}.so` : name;
  return path
    .toLowerCase()
    .replace(MACHINE_WORDS, '')
    .replace(PLATFORM_WORDS, '')
    .replace(/[-_.]+/g, '-');
}
