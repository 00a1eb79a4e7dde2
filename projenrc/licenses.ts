import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Metafile } from 'esbuild';

/*
 * The licenses of the bundled packages. The build fails if the license of one does not permit distribution.
 */

/** An npm package with code in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** The text of its license. */
  readonly text: string;
  /** The notice that Apache-2.0 requires in copies, if the package has one. */
  readonly notice: string;
}

/** Licenses that permit distribution with their text. */
const PERMITTED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** The packages whose data the command contains, as JSON files in rehearsal/. */
export const DATA: BundledPackage[] = [
  { name: 'moto', version: '5.2.5 (documents of AWS managed policies)' },
  { name: 'aws-sam-cli', version: '1.170.0 (sample events)' },
].map((each) => ({ ...each, license: 'Apache-2.0', text: 'Apache License, Version 2.0', notice: '' }));

const read = (folder: string, names: string[]) => {
  const file = names.map((name) => `${folder}/${name}`).find((name) => existsSync(name));
  return file ? readFileSync(file, 'utf8').trim() : '';
};

/** The packages in a folder that have code in the output of esbuild. */
export function bundledPackages({ outputs }: Metafile, root: string): BundledPackage[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0),
  );
  const folders = files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders.map((folder) => path.join(root, folder)))].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    return {
      name,
      version,
      license: String(license),
      text: read(folder, ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license']),
      notice: read(folder, ['NOTICE', 'NOTICE.txt']),
    };
  });
}

/** Apache-2.0 is the license of the library itself: its text is in the package, and only the copyright differs. */
function terms({ license, text }: BundledPackage): string {
  if (license !== 'Apache-2.0') {
    return text;
  }
  const copyright = /^ *(Copyright \d.*)$/m.exec(text)?.[1];
  return ['The text of the license is in the file LICENSE of this package.', ...(copyright ? [copyright] : [])].join(
    '\n',
  );
}

/** The list of licenses: each package once, and equal terms once. */
export function licenses(packages: BundledPackage[]): string {
  const refused = packages.filter(({ license, text }) => !PERMITTED.includes(license) || !text);
  if (refused.length > 0) {
    const names = refused
      .map(({ name, license, text }) => `${name} (${license}${text ? '' : ', without its text'})`)
      .join(', ');
    throw new Error(
      `the package must not contain ${names}. Permitted with their text: ${PERMITTED.join(', ')}. ` +
        'Remove the dependency, or add its license to projenrc/licenses.ts',
    );
  }
  const groups = new Map<string, Set<string>>();
  for (const each of packages) {
    const key = [each.license, terms(each), ...(each.notice ? [each.notice] : [])].join('\n\n');
    groups.set(key, (groups.get(key) ?? new Set()).add(`${each.name} ${each.version}`));
  }
  const sections = [...groups].map(([key, names]) => `${[...names].sort().join('\n')}\n\n${key}\n`);
  return [
    'The release function and the command in this package contain code of the following packages.\n',
    ...sections.sort(),
  ].join(`\n${'-'.repeat(80)}\n\n`);
}
