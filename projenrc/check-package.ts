import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { packageFiles } from './package-files';

/*
 * Reads the npm package that was packed, from which the packages of the other languages are made. The build fails when
 * the package is too large, when a file is missing or does not belong to it, when an import in it leads nowhere, when
 * users would have to install a dependency, when a license does not go with Apache-2.0, or when publint or Are The
 * Types Wrong find an error.
 */

/** Bytes that the package may have. */
export const PACKAGE_LIMIT = 1_100_000;
const PEERS = ['aws-cdk-lib', 'constructs'];
const INSTALLED = ['dependencies', 'optionalDependencies', 'bundledDependencies', 'bundleDependencies'];
const SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];
const FOREIGN_LICENSE = /\bA?GPL\b|GNU (Affero|Lesser|General)/;

/** Programs that check how other programs will load the package, with the options that make them fail on a warning. */
const LINTERS = [
  ['publint', 'run', '--level', 'warning', '--strict'],
  ['attw', '--no-definitely-typed', '--no-emoji', '--no-color', '--format', 'ascii'],
];

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)).replace(/\\/g, '/'));
}

function fileFindings(files: string[], expected: string[]): string[] {
  return [
    ...expected.filter((file) => !files.includes(file)).map((file) => `${file} is missing: run npx projen build`),
    ...files
      .filter((file) => !expected.includes(file))
      .map((file) => `${file} does not belong in the package: delete it, or add it to projenrc/package-files.ts`),
  ];
}

function manifestFindings(manifest: Record<string, any>): string[] {
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter((name) => !PEERS.includes(name));
  return [
    ...INSTALLED.filter((field) => Object.keys(manifest[field] ?? {}).length > 0).map(
      (field) => `package.json: every user would install the ${field}: bundle them, or do without`,
    ),
    ...peers.map(
      (name) =>
        `package.json: every user would need the peer dependency ${name}: only ${PEERS.join(' and ')} may be one`,
    ),
    ...SCRIPTS.filter((script) => manifest.scripts?.[script]).map(
      (script) => `package.json: the script ${script} would run at every installation`,
    ),
  ];
}

/** Of each kind of file: how TypeScript writes an import of another file, and what the imported name may end with. */
const IMPORTS: [string, RegExp, string[]][] = [
  ['.js', /(?: = |\b__\w+\()require\("(\.[^"]*)"\)/g, ['.js', '/index.js']],
  ['.d.ts', /(?:from |import\()['"](\.[^'"]*)['"]/g, ['.d.ts', '/index.d.ts']],
];

/** Imports of files that are not in the package: an app that loads or compiles them would fail. */
function importFindings(files: string[], text: (file: string) => string): string[] {
  return IMPORTS.flatMap(([extension, pattern, endings]) =>
    files
      .filter((file) => file.startsWith('lib/') && file.endsWith(extension))
      .flatMap((file) =>
        [...text(file).matchAll(pattern)]
          .map(([, imported]) => path.posix.join(path.posix.dirname(file), imported))
          .filter((imported) => !endings.some((ending) => files.includes(`${imported}${ending}`)))
          .map((imported) => `${file} imports ${imported}, which is not in the package: see projenrc/package-files.ts`),
      ),
  );
}

/** What is wrong with a package that should have these files, one line each. */
export function findings(tarball: string, expected = packageFiles()): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'check-package-'));
  try {
    execFileSync('tar', ['-xzf', path.resolve(tarball), '-C', folder]);
    const root = path.join(folder, 'package');
    const files = filesIn(root);
    const text = (file: string) => readFileSync(path.join(root, file), 'utf8');
    const { size } = statSync(tarball);
    return [
      ...(size > PACKAGE_LIMIT ? [`the package has ${size} bytes, and may have at most ${PACKAGE_LIMIT}`] : []),
      ...fileFindings(files, expected),
      ...files
        .filter((file) => FOREIGN_LICENSE.test(text(file)))
        .map((file) => `${file} names a GPL: nothing under it may be in the package`),
      ...importFindings(files, text),
      ...manifestFindings(JSON.parse(text('package.json'))),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the linters print about a package, if anything is wrong. */
export function linterFindings(tarball: string): string[] {
  return LINTERS.flatMap(([command, ...options]) => {
    const file = path.join(__dirname, '../node_modules/.bin', command);
    const { status, stdout, stderr, error } = spawnSync(file, [...options, tarball], {
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    return status === 0 ? [] : [`${command}: ${error?.message ?? `${stdout}${stderr}`.trim()}`];
  });
}

function main(): void {
  const tarballs = readdirSync('dist/js')
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => `dist/js/${name}`);
  if (tarballs.length === 0) {
    throw new Error('dist/js holds no package: run npx projen package:js');
  }
  const all = tarballs.flatMap((tarball) => [...findings(tarball), ...linterFindings(tarball)]);
  all.forEach((finding) => console.error(finding));
  process.exitCode = all.length > 0 ? 1 : 0;
}

if (require.main === module) {
  main();
}
