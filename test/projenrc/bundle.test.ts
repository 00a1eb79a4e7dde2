import * as fs from 'node:fs';
import { SourceMap, SourceMapping } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { bundle } from '../../projenrc/bundle';

const ROOT = path.join(__dirname, '../..');
const cache = path.join(ROOT, 'node_modules/.cache'); // in the repository, because a source map is relative
fs.mkdirSync(cache, { recursive: true });
const folders = ['first', 'second'].map((name) => fs.mkdtempSync(path.join(cache, `bundle-${name}-`)));
const [first, second] = folders;
const filesOf = (folder: string) =>
  fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(folder, name)).isFile())
    .sort();
const read = (name: string) => fs.readFileSync(path.join(first, name), 'utf8');

beforeAll(async () => {
  const { TZ } = process.env;
  await bundle(first);
  process.env.TZ = 'Pacific/Kiritimati';
  await bundle(second);
  process.env.TZ = TZ;
}, 60_000);

afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true })));

test('the same sources give the same bytes', () => {
  const names = filesOf(first);
  expect(names).toContain(path.join('release', 'index.js'));
  expect(filesOf(second)).toEqual(names);
  const differing = names.filter(
    (name) => !fs.readFileSync(path.join(first, name)).equals(fs.readFileSync(path.join(second, name))),
  );
  expect(differing).toEqual([]);
});

test('no file names a path of the machine', () => {
  const named = filesOf(first).filter((name) =>
    [ROOT, first, os.homedir()].some((place) => read(name).includes(place)),
  );
  expect(named).toEqual([]);
});

test('functions keep their names, and stand below the name of their file', () => {
  const heading = '\n// src/handlers/release/steps/publish-version.ts\nasync function publishVersion(';
  expect(read('release/index.js').includes(heading)).toBe(true);
});

test('the source map leads from a line of the release function to the line of its source', () => {
  const lines = read('release/index.js').split('\n');
  const line = lines.findIndex((text) => text.startsWith('async function publishVersion('));
  const entry = new SourceMap(JSON.parse(read('release/index.js.map'))).findEntry(line, 0) as SourceMapping;
  const source = path.join(first, 'release', entry.originalSource);
  expect(fs.readFileSync(source, 'utf8').split('\n')[entry.originalLine]).toMatch(/async function publishVersion\(/);
});

test('the source map leads from code of an npm package to its file', () => {
  const sources: string[] = JSON.parse(read('release/index.js.map')).sources;
  const files = sources.map((source) => path.join(first, 'release', source));
  expect(files.some((file) => file.includes('node_modules'))).toBe(true);
  expect(files.filter((file) => !fs.existsSync(file))).toEqual([]);
});

test('the source map has at most a quarter of the size of the release function', () => {
  expect(read('release/index.js.map').length).toBeLessThan(read('release/index.js').length / 4);
});

test('the command starts with Node.js', () => {
  expect(read('cli/index.js')).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(() => fs.accessSync(path.join(first, 'cli/index.js'), fs.constants.X_OK)).not.toThrow();
});

describe('the bill of materials', () => {
  const bill = () => JSON.parse(read('sbom.cdx.json'));
  const packages = (): string[] =>
    bill().components.map(({ group, name, version }: any) => `${group ? `${group}/` : ''}${name} ${version}`);

  test('is a CycloneDX document that names each package by its package URL', () => {
    expect(bill()).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(bill().components.filter(({ purl }: any) => !/^pkg:npm\//.test(purl))).toEqual([]);
  });

  test('names what is bundled', () => {
    expect(packages()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^@aws-sdk\/client-lambda \d/),
        expect.stringMatching(/^@aws-sdk\/client-s3 \d/),
        expect.stringMatching(/^js-yaml \d/),
      ]),
    );
  });

  test('names the same packages as the list of licenses', () => {
    const licensed = read('THIRD-PARTY-LICENSES').split('\n');
    expect(packages().filter((name) => !licensed.includes(name))).toEqual([]);
  });
});
