import * as fs from 'node:fs';
import * as path from 'node:path';
import * as yaml from 'js-yaml';

const ROOT = path.join(__dirname, '..');
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');
const WORKFLOWS = fs.readdirSync(path.join(ROOT, '.github/workflows')).map((name) => `.github/workflows/${name}`);

/** Registries are those of the machine: no file of the repository names one. */
const REGISTRY = /registry\.(npmjs|yarnpkg)\.|pypi\.(org|python)|repo1?\.maven|proxy\.golang|api\.nuget/i;

test('users install nothing but the CDK, which they have', () => {
  const { dependencies, optionalDependencies, bundledDependencies, peerDependencies } = JSON.parse(
    read('package.json'),
  );
  expect({ dependencies, optionalDependencies, bundledDependencies }).toEqual({});
  expect(Object.keys(peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
});

test.each(['package.json', 'package-lock.json', '.npmrc', '.projenrc.ts', ...WORKFLOWS])(
  '%s names no registry',
  (file) => {
    expect(read(file)).not.toMatch(REGISTRY);
  },
);

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

describe('the release workflow', () => {
  const { jobs } = yaml.load(read('.github/workflows/release.yml')) as any;
  const publishing = Object.keys(jobs).filter((name) => JSON.stringify(jobs[name]).includes('publib@'));
  const publishers = publishing.map((name) => [name, jobs[name].steps.find(({ run }: any) => /publib@/.test(run))]);

  test('publishes to five registries, each time with the same version of the publisher', () => {
    expect(publishing).toEqual(['release_npm', 'release_maven', 'release_pypi', 'release_nuget', 'release_golang']);
    expect([...new Set(publishers.map(([, { run }]) => /publib@([^']*)/.exec(run)![1]))]).toEqual([
      expect.stringMatching(/^\d+\.\d+\.\d+$/),
    ]);
  });

  test.each([
    ['release_npm', 'NPM_TRUSTED_PUBLISHER', 'NPM_TOKEN'],
    ['release_pypi', 'PYPI_TRUSTED_PUBLISHER', 'TWINE_PASSWORD'],
    ['release_nuget', 'NUGET_TRUSTED_PUBLISHER', 'NUGET_API_KEY'],
  ])('%s has no token that could be stolen', (name, trusted, token) => {
    const [, { env }] = publishers.find(([job]) => job === name)!;
    expect(env[trusted]).toBe('true');
    expect(Object.keys(env)).not.toContain(token);
    expect(jobs[name].permissions['id-token']).toBe('write');
  });

  test('publishes to npm with provenance, and with a Node.js whose npm can do so without a token', () => {
    const setUp = jobs.release_npm.steps.find(({ uses }: any) => /setup-node/.test(uses));
    expect(Number.parseInt(setUp.with['node-version'])).toBeGreaterThanOrEqual(24);
    expect(publishers.find(([name]) => name === 'release_npm')![1].env.NPM_CONFIG_PROVENANCE).toBe('true');
  });

  test('publishes to npm first, so that a release that stopped half-way is known by npm having it', () => {
    expect(jobs.release_npm.needs).toBe('release');
    expect(publishing.slice(1).map((name) => jobs[name].needs)).toEqual(
      publishing.slice(1).map(() => ['release', 'release_npm']),
    );
  });

  test('tags and announces a version when all registries have it', () => {
    expect(jobs.release_github.needs).toEqual(expect.arrayContaining(publishing));
  });
});

test('a release begins with what refuses it, before anything is built', () => {
  const { tasks } = JSON.parse(read('.projen/tasks.json'));
  const steps = tasks.release.steps.map(({ exec, execArgs, spawn }: any) => exec ?? spawn ?? execArgs.join(' '));
  expect(steps.slice(0, 5)).toEqual([
    'tsx projenrc/release-check.ts tree',
    'rm -fr dist',
    'bump',
    'tsx projenrc/release-check.ts version',
    'build',
  ]);
  expect(tasks.package.steps[0]).toEqual({ spawn: 'compat' });
});
