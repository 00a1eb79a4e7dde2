import * as fs from 'fs';
import * as path from 'path';

const ROOT = path.join(__dirname, '..');
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const WORKFLOWS = fs.readdirSync(path.join(ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`);

/** Registries are those of the machine: no file of the repository names one. */
const REGISTRY = /registry\.(npmjs|yarnpkg)\.|pypi\.(org|python)|repo1?\.maven|proxy\.golang|api\.nuget/i;

test('users install nothing but the CDK, which they have', () => {
  const { dependencies, optionalDependencies, bundledDependencies, peerDependencies } = JSON.parse(read('package.json'));
  expect({ dependencies, optionalDependencies, bundledDependencies }).toEqual({});
  expect(Object.keys(peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
});

test.each(['package.json', 'package-lock.json', '.npmrc', '.projenrc.ts', ...WORKFLOWS])('%s names no registry', (file) => {
  expect(read(file)).not.toMatch(REGISTRY);
});

test('the lock file pins each package by its content', () => {
  const { packages } = JSON.parse(read('package-lock.json'));
  const installed = Object.entries<any>(packages).filter(([name, { inBundle, link }]) => name && !inBundle && !link);
  expect(installed.length).toBeGreaterThan(500);
  expect(installed.filter(([, { integrity }]) => !integrity).map(([name]) => name)).toEqual([]);
});

test('no package of the lock file is under a license that asks for our source', () => {
  const { packages } = JSON.parse(read('package-lock.json'));
  const licenses = Object.entries<any>(packages).map(([name, { license }]) => `${name} ${license}`);
  expect(licenses.filter((license) => /GPL/.test(license) && !/\(MIT OR GPL/.test(license))).toEqual([]);
});
