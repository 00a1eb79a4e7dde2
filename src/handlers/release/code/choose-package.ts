import { LIMITS, megabytes } from './limits';
import { jobFailed, ReleaseFailure } from '../base/failure';
import { showName } from './zip/refuse-entry';
import { ZipArchive } from './zip/zip-archive';
import { isFolder, isLink, ZipEntry } from './zip/zip-entry';

/** Returns the zip in the build's output that is the package; undefined if the output itself is the package. */
export function choosePackage({ entries }: ZipArchive, projectName: string): ZipEntry | undefined {
  const name = `${projectName}.zip`;
  const files = entries.filter((entry) => !isFolder(entry));
  if (files.length === 0) {
    throw jobFailed(
      `The build's output is empty, but it must contain ${name} or the files of the package. ` +
        "Check 'artifacts' in the build specification.",
    );
  }
  const zips = files.filter((entry) => entry.name.endsWith('.zip') && !isLink(entry));
  const chosen = zips.find((entry) => entry.name === name) ?? onlyZip(files, zips, name);
  if (chosen && chosen.size > LIMITS.zippedBytes) {
    throw tooLarge(showName(chosen.name), chosen.size);
  }
  return chosen;
}

function onlyZip(files: readonly ZipEntry[], zips: readonly ZipEntry[], name: string): ZipEntry | undefined {
  if (zips.length < files.length || zips.length === 1) {
    return zips.length < files.length ? undefined : zips[0];
  }
  throw jobFailed(
    `The build's output contains ${zips.length} zips, but none is ${name}: ` +
      `${zips.map((entry) => showName(entry.name)).join(', ')}. Name the package ${name} in the build specification.`,
  );
}

/**
 * Refuses files that are too large for a function:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export function refuseSize(entries: readonly ZipEntry[]): void {
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (size >= LIMITS.unzippedBytes) {
    throw tooLarge('The package', size);
  }
}

function tooLarge(what: string, size: number): ReleaseFailure {
  return jobFailed(
    `${what} has ${megabytes(size)}, but Lambda accepts packages of less than ${megabytes(LIMITS.unzippedBytes)} ` +
      '(unzipped, with their layers). Remove what the function does not need, or release a container image.',
  );
}
