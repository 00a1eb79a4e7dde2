import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { findings } from '../../projenrc/check-package';

const ROOT = path.join(__dirname, '../..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'package-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const GOOD = {
  'package.json': JSON.stringify({
    name: 'good',
    peerDependencies: { 'aws-cdk-lib': '^2.262.0', constructs: '^10.5.1' },
  }),
  'lib/index.js': '',
  'assets/THIRD-PARTY-LICENSES': 'js-yaml 4.3.2',
};

/** Findings of a package with the files, or without one that is undefined. */
function findingsWith(files: Record<string, string | Buffer | undefined>): string[] {
  const work = fs.mkdtempSync(path.join(folder, 'case-'));
  for (const [name, content] of Object.entries({ ...GOOD, ...files })) {
    if (content === undefined) {
      continue;
    }
    fs.mkdirSync(path.dirname(path.join(work, 'package', name)), { recursive: true });
    fs.writeFileSync(path.join(work, 'package', name), content);
  }
  execFileSync('tar', ['-czf', 'good.tgz', 'package'], { cwd: work });
  return findings(path.join(work, 'good.tgz'));
}

const manifestWith = (fields: object) => ({ 'package.json': JSON.stringify({ name: 'good', ...fields }) });

test('nothing is wrong with the package of this repository', () => {
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: ROOT,
    stdio: 'ignore',
    shell: process.platform === 'win32',
  });
  const [tarball] = fs.readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  expect(findings(path.join(folder, tarball))).toEqual([]);
});

test('nothing is wrong with a package that has what it needs', () => {
  expect(findingsWith({})).toEqual([]);
});

test.each([
  [
    'is too large',
    { 'lib/index.js': randomBytes(300_000).toString('hex') },
    /^the package has \d+ bytes, and may have 250000$/,
  ],
  [
    'has a test',
    { 'test/source.test.ts': '' },
    /^test\/source\.test\.ts does not belong into the package: see \.npmignore/,
  ],
  [
    'has the rehearsal of the release',
    { 'projenrc/release-rehearsal/npm.ts': '' },
    /^projenrc\/release-rehearsal\/npm\.ts does not belong/,
  ],
  ['has a source map', { 'lib/index.js.map': '' }, /^lib\/index\.js\.map does not belong/],
  ['has a text under the AGPL', { 'lib/index.js': '// AGPL-3.0' }, /^lib\/index\.js names a GPL/],
  [
    'has a compressed text under a GPL',
    { 'assets/bundles.br': brotliCompressSync('GNU General Public License') },
    /^assets\/bundles\.br names a GPL/,
  ],
  [
    'declares what another declaration should',
    { 'lib/index.d.ts': "export { X } from './x';" },
    /^lib\/index\.d\.ts asks for lib\/x, which is not in the package/,
  ],
  [
    'has a dependency',
    manifestWith({ dependencies: { yaml: '^2' } }),
    /^package\.json: dependencies would be installed by every user/,
  ],
  [
    'has an optional dependency',
    manifestWith({ optionalDependencies: { yaml: '^2' } }),
    /^package\.json: optionalDependencies would/,
  ],
  [
    'has one more peer',
    manifestWith({ peerDependencies: { yaml: '^2' } }),
    /^package\.json: the peer dependency yaml would be asked of every user/,
  ],
  [
    'runs a script when it is installed',
    manifestWith({ scripts: { postinstall: 'node x.js' } }),
    /^package\.json: the script postinstall would run/,
  ],
])('a package is refused that %s', (_, files, message) => {
  expect(findingsWith(files)).toEqual([expect.stringMatching(message)]);
});

test('a package is refused that does not say what it contains', () => {
  expect(findingsWith({ 'assets/THIRD-PARTY-LICENSES': undefined })).toEqual([
    'assets/THIRD-PARTY-LICENSES is missing: run npx projen bundle',
  ]);
});
