import { parseBuildSpec } from '../../../rehearsal/build/buildspec';

const phases = { build: { commands: ['make'] } };
const parse = (spec: object) => parseBuildSpec(JSON.stringify({ version: '0.2', phases, ...spec }));

test('reads YAML, with versions as texts', () => {
  const spec = parseBuildSpec(`
version: 0.2
env:
  shell: bash
  variables: { SIZE: 10 }
  exported-variables: [TAG]
phases:
  install:
    runtime-versions:
      python: 3.10
  pre_build:
    on-failure: ABORT
    commands: [pytest]
    finally: [echo done]
  build:
    commands: make
reports:
  UnitTests:
    files: ['*.xml']
    base-directory: reports
artifacts:
  files: ['**/*']
  discard-paths: yes
  exclude-paths: ['tests/**/*']
`);
  expect(spec).toEqual({
    shell: 'bash',
    variables: { SIZE: '10' },
    stored: [],
    exportedVariables: ['TAG'],
    cachePaths: [],
    runtimeVersions: { python: '3.10' },
    phases: [
      { name: 'install', commands: [], finally: [] },
      { name: 'pre_build', commands: ['pytest'], finally: ['echo done'], onFailure: 'ABORT' },
      { name: 'build', commands: ['make'], finally: [] },
    ],
    reports: [
      { name: 'UnitTests', fileFormat: 'JUNITXML', files: ['*.xml'], baseDirectory: 'reports', discardPaths: false },
    ],
    artifact: { files: ['**/*'], baseDirectory: '.', discardPaths: true, excludePaths: ['tests/**/*'] },
    notes: [],
  });
});

test('sorts the phases', () => {
  expect(parse({ phases: { build: {}, install: {} } }).phases.map(({ name }) => name)).toEqual(['install', 'build']);
});

test('reads the paths of a cache', () => {
  expect(parse({ cache: { paths: ['.m2/**/*'] } })).toMatchObject({ cachePaths: ['.m2/**/*'], notes: [] });
});

test('has a note for the key of a cache', () => {
  expect(parse({ cache: { paths: ['.m2/**/*'], key: 'a' } }).notes).toEqual([
    expect.stringContaining('cache/key of the buildspec is ignored'),
  ]);
});

test('fails for an unknown key of the cache', () => {
  expect(() => parse({ cache: { path: ['.m2/**/*'] } })).toThrow(
    'cache has unknown keys: path; known keys are paths, key, fallback-keys, action',
  );
});

test.each<[string, object, RegExp]>([
  ['an unknown key', { phase: {} }, /the buildspec has unknown keys: phase; known keys are version/],
  ['an unknown phase', { phases: { test: {} } }, /phases has unknown keys: test/],
  ['an unknown key in a phase', { phases: { build: { command: 'make' } } }, /phases\/build has unknown keys: command/],
  ['an unknown key in the artifacts', { artifacts: { file: 'x' } }, /artifacts has unknown keys: file/],
  ['another version', { version: '0.1' }, /the version of the buildspec must be 0.2, got 0.1/],
  [
    'an unknown on-failure',
    { phases: { build: { 'on-failure': 'GO' } } },
    /on-failure must be ABORT, CONTINUE or RETRY, got GO/,
  ],
  ['artifacts without files', { artifacts: { name: 'x' } }, /artifacts\/files must contain at least one file/],
  [
    'secondary artifacts',
    { artifacts: { files: 'x', 'secondary-artifacts': {} } },
    /secondary-artifacts in artifacts is not rehearsed/,
  ],
  [
    'a shell of Windows',
    { env: { shell: 'powershell.exe' } },
    /env\/shell powershell.exe is not rehearsed; rehearsed are sh and bash/,
  ],
])('fails for %s', (_, spec, message) => {
  expect(() => parse(spec)).toThrow(message);
});

test('fails for text that is not YAML', () => {
  expect(() => parseBuildSpec('version: [')).toThrow(/the buildspec is not YAML/);
});
