import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/*
 * Reads the npm package that was packed, from which the packages of the other languages are made, and ends the build over what must not be
 * published: too large, a file that nobody needs, a dependency that users would install, a license that does not go with Apache-2.0.
 */

const LIMIT = 250_000;
/** All that may be in the package, and nothing else: sources, tests and the rehearsal of the release stay at home. */
const FILES =
  /^(package\.json|README\.md|LICENSE|\.jsii|rosetta\/default\.ts-fixture|assets\/THIRD-PARTY-LICENSES|assets\/bundles\.br|assets\/cli\/index\.js|assets\/cli\/bootstrap\/(bootstrap\.cjs|bootstrap\.py|Bootstrap\.java)|lib\/(index|plain-template)\.js|lib\/.*\.d\.ts)$/;
const PEERS = ['aws-cdk-lib', 'constructs'];
const INSTALLED = ['dependencies', 'optionalDependencies', 'bundledDependencies', 'bundleDependencies'];
const SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];
const FOREIGN_LICENSE = /\bA?GPL\b|GNU (Affero|Lesser|General)/;

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)).replace(/\\/g, '/'));
}

function manifestFindings(manifest: Record<string, any>): string[] {
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter((name) => !PEERS.includes(name));
  return [
    ...INSTALLED.filter((field) => Object.keys(manifest[field] ?? {}).length > 0).map(
      (field) => `package.json: ${field} would be installed by every user: bundle them, or do without`,
    ),
    ...peers.map(
      (name) =>
        `package.json: the peer dependency ${name} would be asked of every user: only ${PEERS.join(' and ')} are`,
    ),
    ...SCRIPTS.filter((script) => manifest.scripts?.[script]).map(
      (script) => `package.json: the script ${script} would run at every installation`,
    ),
  ];
}

/** A declaration that asks for another one which is not there makes an app that is compiled without `skipLibCheck` end in an error. */
function declarationFindings(files: string[], text: (file: string) => string): string[] {
  return files
    .filter((file) => file.endsWith('.d.ts'))
    .flatMap((file) =>
      [...text(file).matchAll(/from '(\.[^']*)'/g)]
        .map(([, imported]) => path.posix.join(path.posix.dirname(file), imported))
        .filter((imported) => !files.includes(`${imported}.d.ts`) && !files.includes(`${imported}/index.d.ts`))
        .map(
          (imported) =>
            `${file} asks for ${imported}, which is not in the package: run npx projen shrink, tag what needs it with @internal, or see .npmignore`,
        ),
    );
}

/** What is wrong with the package, a line each. */
export function findings(tarball: string): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'check-package-'));
  try {
    execFileSync('tar', ['-xzf', path.resolve(tarball), '-C', folder]);
    const root = path.join(folder, 'package');
    const files = filesIn(root);
    const text = (file: string) => {
      const content = readFileSync(path.join(root, file));
      return (file.endsWith('.br') ? brotliDecompressSync(content) : content).toString();
    };
    const { size } = statSync(tarball);
    return [
      ...(size > LIMIT ? [`the package has ${size} bytes, and may have ${LIMIT}`] : []),
      ...(files.includes('assets/THIRD-PARTY-LICENSES')
        ? []
        : ['assets/THIRD-PARTY-LICENSES is missing: run npx projen bundle']),
      ...files
        .filter((file) => !FILES.test(file))
        .map(
          (file) => `${file} does not belong into the package: see .npmignore, and FILES in projenrc/check-package.ts`,
        ),
      ...files
        .filter((file) => FOREIGN_LICENSE.test(text(file)))
        .map((file) => `${file} names a GPL: nothing under it may be in the package`),
      ...declarationFindings(files, text),
      ...manifestFindings(JSON.parse(text('package.json'))),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function main(): void {
  const tarballs = readdirSync('dist/js')
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => `dist/js/${name}`);
  if (tarballs.length === 0) {
    throw new Error('dist/js holds no package: run npx projen package:js');
  }
  const all = tarballs.flatMap(findings);
  all.forEach((finding) => console.error(finding));
  process.exitCode = all.length > 0 ? 1 : 0;
}

if (require.main === module) {
  main();
}
