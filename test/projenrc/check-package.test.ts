import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { findings, linterFindings } from '../../projenrc/check-package';
import { FILE_PATTERNS, packageFiles } from '../../projenrc/package-files';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'package-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const MANIFEST = {
  name: 'good',
  version: '1.0.0',
  main: 'lib/index.js',
  types: 'lib/index.d.ts',
  type: 'commonjs',
  peerDependencies: { 'aws-cdk-lib': '^2.262.0', constructs: '^10.5.1' },
};
const GOOD = {
  'package.json': JSON.stringify(MANIFEST),
  'lib/index.js': 'exports.X = class {};',
  'lib/index.d.ts': 'export class X {}',
};
type Files = Record<string, string | undefined>;

/** A tarball with the files. A file that is undefined is missing in it. */
function packed(files: Files): string {
  const work = fs.mkdtempSync(path.join(folder, 'case-'));
  for (const [name, content] of Object.entries({ ...GOOD, ...files })) {
    if (content === undefined) {
      continue;
    }
    fs.mkdirSync(path.dirname(path.join(work, 'package', name)), { recursive: true });
    fs.writeFileSync(path.join(work, 'package', name), content);
  }
  execFileSync('tar', ['-czf', 'good.tgz', 'package'], { cwd: work });
  return path.join(work, 'good.tgz');
}

const findingsWith = (files: Files, expected = Object.keys(GOOD)) => findings(packed(files), expected);
const manifestWith = (fields: object) => ({ 'package.json': JSON.stringify({ name: 'good', ...fields }) });

test('a package that has what it needs, and nothing else, has no finding', () => {
  expect(findingsWith({})).toEqual([]);
});

test.each<[string, Files, RegExp]>([
  [
    'is too large',
    { 'lib/index.js': randomBytes(1_100_000).toString('hex') },
    /^the package has \d+ bytes, and may have at most 1100000$/,
  ],
  ['has a test', { 'test/source.test.ts': '' }, /^test\/source\.test\.ts does not belong in the package: delete it/],
  ['has a compiled file without a source', { 'lib/gone.js': '' }, /^lib\/gone\.js does not belong in the package/],
  ['lacks a file', { 'lib/index.d.ts': undefined }, /^lib\/index\.d\.ts is missing: run npx projen build$/],
  ['has a text under the AGPL', { 'lib/index.js': '// AGPL-3.0' }, /^lib\/index\.js names a GPL/],
  [
    'declares what another declaration should',
    { 'lib/index.d.ts': "export { X } from './x';" },
    /^lib\/index\.d\.ts imports lib\/x, which is not in the package/,
  ],
  [
    'requires what another file should export',
    { 'lib/index.js': '__exportStar(require("./x"), exports);' },
    /^lib\/index\.js imports lib\/x, which is not in the package/,
  ],
  [
    'has a dependency',
    manifestWith({ dependencies: { yaml: '^2' } }),
    /^package\.json: every user would install the dependencies/,
  ],
  [
    'has an optional dependency',
    manifestWith({ optionalDependencies: { yaml: '^2' } }),
    /^package\.json: every user would install the optionalDependencies/,
  ],
  [
    'has one more peer',
    manifestWith({ peerDependencies: { yaml: '^2' } }),
    /^package\.json: every user would need the peer dependency yaml/,
  ],
  [
    'runs a script when it is installed',
    manifestWith({ scripts: { postinstall: 'node x.js' } }),
    /^package\.json: the script postinstall would run/,
  ],
])('a package is refused that %s', (_, files, message) => {
  expect(findingsWith(files)).toEqual([expect.stringMatching(message)]);
});

test('the linters find nothing wrong with a package that loads and compiles', () => {
  expect(linterFindings(packed({}))).toEqual([]);
});

test('publint refuses a package whose main file is missing', () => {
  const tarball = packed({ 'package.json': JSON.stringify({ ...MANIFEST, main: 'lib/gone.js' }) });
  expect(linterFindings(tarball)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^publint: [\s\S]*lib\/gone\.js/)]),
  );
});

test('Are The Types Wrong refuses a package that declares another export than it has', () => {
  const files = { 'lib/index.js': 'module.exports = 1;', 'lib/index.d.ts': 'declare const x: 1; export default x;' };
  expect(linterFindings(packed(files))).toEqual([expect.stringMatching(/^attw: [\s\S]*default export/)]);
});

describe('the files of the package', () => {
  const sources = fs.mkdtempSync(path.join(folder, 'src-'));
  for (const file of ['index.ts', 'source/index.ts', 'handlers/release/contract.ts', 'handlers/release/job/job.ts']) {
    fs.mkdirSync(path.dirname(path.join(sources, file)), { recursive: true });
    fs.writeFileSync(path.join(sources, file), '');
  }
  const files = packageFiles(sources);

  test.each(['lib/index.js', 'lib/index.d.ts', 'lib/index.js.map', 'lib/source/index.js', 'package.json', 'LICENSE'])(
    'have %s',
    (file) => {
      expect(files).toContain(file);
    },
  );

  test('have of the handlers only what they have agreed on with the construct', () => {
    expect(files.filter((file) => file.startsWith('lib/handlers/'))).toEqual([
      'lib/handlers/release/contract.d.ts',
      'lib/handlers/release/contract.js',
      'lib/handlers/release/contract.js.map',
    ]);
  });

  test('are what npm packs, given the patterns', () => {
    const root = fs.mkdtempSync(path.join(folder, 'pack-'));
    const others = [
      'test/source.test.ts',
      'lib/handlers/release/job/job.js',
      'assets/cli/index.js.map',
      '.env',
      'lib/x.ts',
    ];
    for (const file of [...files, ...others]) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), '');
    }
    const manifest = { name: 'packed', version: '1.0.0', files: FILE_PATTERNS };
    fs.writeFileSync(path.join(root, 'package.json'), JSON.stringify(manifest));
    const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    const [packedFiles] = JSON.parse(output) as { files: { path: string }[] }[];
    expect(packedFiles.files.map((file) => file.path).sort()).toEqual([...files].sort());
  });
});
