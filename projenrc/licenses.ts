import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Metafile } from 'esbuild';

/*
 * The licenses of what the bundles contain. A package without a license that lets it be passed on ends the build.
 */

/** An npm package of which a bundle contains code. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** The text of its license. */
  readonly text: string;
  /** What Apache-2.0 asks to be passed on, if the package has any. */
  readonly notice: string;
}

/** Licenses under which code may be in the package, as long as their text is, too. */
const PERMITTED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

const read = (folder: string, names: string[]) => {
  const file = names.map((name) => `${folder}/${name}`).find((name) => existsSync(name));
  return file ? readFileSync(file, 'utf8').trim() : '';
};

/** The packages in a folder that have code in what esbuild wrote; what it dropped does not count. */
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

/** Apache-2.0 is the license of the library itself: its text is in the package once, and only the copyright differs. */
function terms({ license, text }: BundledPackage): string {
  if (license !== 'Apache-2.0') {
    return text;
  }
  const copyright = /^ *(Copyright \d.*)$/m.exec(text)?.[1];
  return ['The text of the license is in the file LICENSE of this package.', ...(copyright ? [copyright] : [])].join(
    '\n',
  );
}

/** What the package says of the code of others in it: each package once, and equal terms once. */
export function licenses(packages: BundledPackage[]): string {
  const refused = packages.filter(({ license, text }) => !PERMITTED.includes(license) || !text);
  if (refused.length > 0) {
    const names = refused
      .map(({ name, license, text }) => `${name} (${license}${text ? '' : ', without its text'})`)
      .join(', ');
    throw new Error(
      `the package may not contain ${names}. Permitted with their text: ${PERMITTED.join(', ')}. Do without it, or add its license to projenrc/licenses.ts`,
    );
  }
  const groups = new Map<string, Set<string>>();
  for (const each of packages) {
    const key = [each.license, terms(each), ...(each.notice ? [each.notice] : [])].join('\n\n');
    groups.set(key, (groups.get(key) ?? new Set()).add(`${each.name} ${each.version}`));
  }
  const sections = [...groups].map(([key, names]) => `${[...names].sort().join('\n')}\n\n${key}\n`);
  return [
    'The function and the command in this package contain code of the following packages.\n',
    ...sections.sort(),
  ].join(`\n${'-'.repeat(80)}\n\n`);
}
