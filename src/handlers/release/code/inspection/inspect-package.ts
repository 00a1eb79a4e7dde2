import { isSigned } from '../plain-package';
import { inspectAssembly, inspectBootstrap, inspectClass, inspectRuby } from './compiled';
import { ContentScan } from './content-scan';
import { Finding, refuseFindings } from './finding';
import { requireHandlerFile } from './handler-file';
import { inspectNativeCode } from './native-code';
import { inspectNode } from './node';
import { PackageFiles } from './package-files';
import { inspectPython } from './python';
import { describeTarget, Target } from './target';

/**
 * Looks into a package before a version is published: reads every content once, and then has a closer look at some.
 * Refuses a package that can't work, and returns notes on the rest.
 */
export async function inspectPackage(files: PackageFiles, target: Target): Promise<string[]> {
  const scan = new ContentScan(target);
  for (const entry of files.entries) {
    for await (const chunk of files.archive.content(entry)) {
      scan.see(entry, chunk);
    }
  }
  if (!scan.hasHandlerClass) {
    requireHandlerFile(target, files.names);
  }
  const findings = [
    ...inspectPermissions(files),
    ...inspectLfsPointers(scan),
    ...(await inspectNativeCode(files, target, scan.natives)),
    ...(await inspectLanguage(files, target)),
  ];
  return refuseFindings(findings, describeTarget(target));
}

async function inspectLanguage(files: PackageFiles, target: Target): Promise<Finding[]> {
  switch (target.family) {
    case 'python':
      return inspectPython(files, target);
    case 'nodejs':
      return inspectNode(files, target);
    case 'java':
      return inspectClass(files, target);
    case 'ruby':
      return inspectRuby(files, target);
    case 'dotnet':
      return inspectAssembly(files, target);
    case 'provided':
      return inspectBootstrap(files, target);
    default:
      return []; // a language that is newer than this library
  }
}

function inspectLfsPointers({ lfsPointers }: ContentScan): Finding[] {
  return lfsPointers.map(({ name }) => ({
    file: name,
    found: 'is a pointer of Git LFS',
    allowed: 'its content was not fetched',
    remedy: 'run git lfs pull in the build (the source needs a full clone), or leave the file out of the package',
    certain: true,
  }));
}

/** A signed package is not written again, so its modes stay as they are. */
function inspectPermissions(files: PackageFiles): Finding[] {
  const unreadable = isSigned(files.entries)
    ? files.entries.filter(({ mode }) => mode !== 0 && !/[4567]$/.test(mode.toString(8)))
    : [];
  return unreadable.map(({ name }) => ({
    file: name,
    found: 'is readable for its owner only',
    allowed: 'Lambda runs the function as another user',
    remedy: 'run chmod -R a+rX before the package is made and signed',
    certain: true,
  }));
}
