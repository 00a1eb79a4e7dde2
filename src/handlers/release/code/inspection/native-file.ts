import { ElfFile, readElf } from './elf';
import { Finding } from './finding';
import { PackageFiles } from './package-files';
import { readExtensionName } from './python-extension';
import { Target } from './target';
import { FAMILIES, MACHINES, runtimesWith } from '../../runtimes';
import { ZipEntry } from '../zip/zip-entry';

/** Why a program or library can't be loaded. */
export interface NativeProblem extends Pick<Finding, 'found' | 'allowed' | 'remedy'> {
  /** Whether the runtime may load it nevertheless. */
  readonly uncertain?: boolean;
}

/** A program or library of the package. */
export interface NativeFile {
  readonly entry: ZipEntry;
  /** Undefined for a program or library of another operating system, or of an unknown layout. */
  readonly elf?: ElfFile;
  readonly problem?: NativeProblem;
}

/** The first bytes of programs and libraries of macOS. */
const MACH_O = [0xfeedface, 0xfeedfacf];

/** Whether these first bytes belong to a library of macOS. */
export function isMachO(name: string, head: Buffer): boolean {
  return /\.(so|node)$/.test(name) && head.length >= 4 && MACH_O.includes(head.readUInt32LE(0));
}

/** Reads a program or library, and finds out whether the runtime can load it. */
export async function readNative(files: PackageFiles, target: Target, entry: ZipEntry): Promise<NativeFile> {
  const read = await files.readerOf(entry);
  if (isMachO(entry.name, await read(0, 4))) {
    return {
      entry,
      problem: {
        found: 'is built for macOS',
        allowed: 'Lambda runs Linux',
        remedy: `install the dependencies for Linux on ${target.machine.architecture}, for example in the build`,
      },
    };
  }
  const elf = await readElf(read, entry.size);
  return { entry, elf, problem: elf && findProblem(elf, entry.name, target) };
}

/** Why the runtime can't load the file; undefined if it can, or if nobody knows. */
function findProblem(elf: ElfFile, name: string, target: Target): NativeProblem | undefined {
  return (
    findMachineProblem(elf, target) ??
    findMuslProblem(elf, name, target) ??
    findVersionProblem(name, target) ??
    findGlibcProblem(elf, target) ??
    findCxxProblem(elf, target)
  );
}

function findMachineProblem(elf: ElfFile, { machine }: Target): NativeProblem | undefined {
  if (elf.machine === machine.elfMachine) {
    return undefined;
  }
  const other = MACHINES.find(({ elfMachine }) => elfMachine === elf.machine)?.architecture;
  const set = other ? `, or set the architecture of the function to ${other}` : '';
  return {
    found: `is built for ${other ?? `another processor (ELF machine ${elf.machine})`}`,
    allowed: `the architecture of the function is ${machine.architecture}`,
    remedy: `build it for ${machine.architecture}${set}`,
  };
}

function findMuslProblem(elf: ElfFile, file: string, { runtime }: Target): NativeProblem | undefined {
  const names = [elf.interpreter ?? '', readExtensionName(file)?.platform ?? '', ...elf.needed];
  if (!names.some((name) => /musl|^libc\.so$/.test(name))) {
    return undefined;
  }
  return {
    found: 'is built for musl, the C library of Alpine Linux',
    allowed: `${runtime} has glibc`,
    remedy: 'build it on Amazon Linux, or install the variant for glibc (manylinux)',
  };
}

function findGlibcProblem(elf: ElfFile, target: Target): NativeProblem | undefined {
  const { runtime, operatingSystem } = target;
  const needed = highest(elf.versions, 'GLIBC');
  if (!operatingSystem || !needed || compareVersions(needed, operatingSystem.glibc) <= 0) {
    return undefined;
  }
  return {
    found: `needs GLIBC_${needed}`,
    allowed: `${runtime} runs on ${operatingSystem.name}, which has glibc ${operatingSystem.glibc}`,
    remedy: remedyForGlibc(needed, target),
  };
}

/** The version of the C++ library in a runtime is not documented, so this is never certain. */
function findCxxProblem(elf: ElfFile, { runtime, operatingSystem }: Target): NativeProblem | undefined {
  const needed = highest(elf.versions, 'GLIBCXX');
  if (!operatingSystem || !needed || compareVersions(needed, operatingSystem.glibcxx) <= 0) {
    return undefined;
  }
  return {
    found: `needs GLIBCXX_${needed}`,
    allowed: `${runtime} runs on ${operatingSystem.name}, whose C++ library has ${operatingSystem.glibcxx}`,
    remedy: `build it on ${operatingSystem.name}, or pack its libstdc++.so.6`,
    uncertain: true,
  };
}

function remedyForGlibc(needed: string, { family, operatingSystem }: Target): string {
  const [newer] = family ? runtimesWith(family, (glibc) => compareVersions(needed, glibc) <= 0) : [];
  const build =
    family === 'python'
      ? `install a version with a wheel for glibc ${operatingSystem!.glibc} or earlier`
      : `build it on ${operatingSystem!.name}`;
  return newer ? `use ${newer} or later, or ${build}` : build;
}

/** A compiled Python module has the version of Python in its name, and no other version finds it. */
function findVersionProblem(name: string, { family, runtime }: Target): NativeProblem | undefined {
  const version = family === 'python' ? readExtensionName(name)?.version : undefined;
  const wanted = runtime.slice(FAMILIES.python.prefix.length).replace('.', '');
  if (!version || version === wanted) {
    return undefined;
  }
  return {
    found: `is built for Python ${version.replace(/^(\d)/, '$1.')}`,
    allowed: `the runtime is ${runtime}`,
    remedy: `install the dependencies with Python ${runtime.slice(FAMILIES.python.prefix.length)}`,
  };
}

/** The highest version among symbol versions like `GLIBC_2.28`. */
function highest(versions: readonly string[], name: string): string | undefined {
  const numbers = versions.flatMap((version) =>
    version === `${name}_ABI_DT_RELR` ? ['2.36'] : (new RegExp(`^${name}_(\\d[\\d.]*)$`).exec(version)?.[1] ?? []),
  );
  return numbers.sort(compareVersions).at(-1);
}

/** Compares versions number by number: 2.4 is lower than 2.17. */
export function compareVersions(one: string, other: string): number {
  const [numbers, others] = [one, other].map((version) => version.split('.').map(Number));
  const index = numbers.findIndex((number, position) => number !== (others[position] ?? 0));
  return index < 0 ? numbers.length - others.length : numbers[index] - (others[index] ?? 0);
}
