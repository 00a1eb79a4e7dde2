import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CfnParameter } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BuildProjectOptions, TargetFunction } from '../../../src';
import { build, BuildResult, filesOf, hashOf, packageOf, temporaryFolder } from '../../support/build';
import { extract } from '../../support/zip';

jest.setTimeout(120_000);

const report = ({ folder }: BuildResult) => fs.readFileSync(path.join(folder, 'reports/unit-tests.xml'), 'utf8');
const written = ({ folder }: BuildResult) => fs.existsSync(path.join(folder, 'inventory-allocation.zip'));

function load(result: BuildResult, [command, ...options]: string[], program: string): string {
  const folder = temporaryFolder();
  extract(packageOf(result), folder);
  return execFileSync(command, [...options, program], { cwd: folder, encoding: 'utf8' }).trim();
}

describe('the recipe for Python', () => {
  const virtualEnvironment = temporaryFolder();
  const python = (files: { [name: string]: string }, buildProject: BuildProjectOptions = {}) =>
    build({ buildProject }, files, {
      PATH: `${virtualEnvironment}/bin:${process.env.PATH}`,
    });

  const SOURCE = 'import iniconfig\n\ndef handler(event, context):\n    return iniconfig.__name__\n';
  const TEST = 'from app import handler\n\ndef test_handler():\n    assert handler({}, None) == "iniconfig"\n';
  const DOCUMENT: BuildProjectOptions = {
    sourceDirectory: 'Backend/src',
    testDirectory: 'Backend/tests/UT_src',
    dependencyFile: 'configuration/requirements.txt',
  };
  const FILES = {
    'Backend/src/app.py': SOURCE,
    'Backend/src/rules/__init__.py': '',
    'Backend/src/__pycache__/app.cpython-311.pyc': 'compiled',
    'Backend/tests/UT_src/test_app.py': TEST,
    'configuration/requirements.txt': 'iniconfig==2.0.0\n',
    'README.md': 'not in the package',
  };
  let result: BuildResult;

  beforeAll(() => {
    execFileSync('python3', ['-m', 'venv', virtualEnvironment]);
    result = python(FILES, DOCUMENT);
  });

  test('builds the layout of the design document', () => {
    expect(result).toMatchObject({ succeeded: true });
  });

  test('puts source and dependencies at the root of the package', () => {
    expect(filesOf(result)).toEqual(expect.arrayContaining(['app.py', 'rules/__init__.py', 'iniconfig/__init__.py']));
  });

  test('makes a package that loads', () => {
    expect(load(result, ['python3', '-c'], 'import app; print(app.handler({}, None))')).toBe('iniconfig');
  });

  test('leaves tests, caches and what the build needs out of the package', () => {
    expect(filesOf(result).filter((file) => /test|pycache|pytest|README|requirements|reports/.test(file))).toEqual([]);
  });

  test('writes the test report', () => {
    expect(report(result)).toContain('test_handler');
  });

  test('makes the same bytes of the same files', () => {
    expect(hashOf(python(FILES, DOCUMENT))).toBe(hashOf(result));
  });

  test('makes other bytes of another file', () => {
    expect(hashOf(python({ ...FILES, 'Backend/src/rules/__init__.py': '# changed' }, DOCUMENT))).not.toBe(
      hashOf(result),
    );
  });

  test('stops at a unit test that fails, without a package', () => {
    const failed = python({ 'app.py': SOURCE, 'tests/test_app.py': 'def test_wrong():\n    assert 1 == 2\n' });
    expect(failed.succeeded).toBe(false);
    expect(failed.output).toContain('assert 1 == 2');
    expect(written(failed)).toBe(false);
  });

  test('says that there are neither dependencies nor tests', () => {
    const { succeeded, output } = python({ 'app.py': 'def handler(event, context): pass\n' });
    expect(output).toContain('no requirements.txt: no dependencies to install');
    expect(output).toContain('no directory tests: no unit tests to run');
    expect(succeeded).toBe(true);
  });

  test('leaves the tests out when they are inside of the source, however that is written', () => {
    const inside = python(
      { 'src/app.py': 'def handler(event, context): pass\n', 'src/tests/test_app.py': 'def test_true(): pass\n' },
      { sourceDirectory: './src/', testDirectory: './src/tests/' },
    );
    expect(filesOf(inside)).toEqual(['app.py']);
  });

  test('takes directories with spaces', () => {
    const spaced = python(
      {
        'my source/app.py': 'def handler(event, context): pass\n',
        'my tests/test_app.py': 'from app import handler\n\ndef test_it(): handler({}, None)\n',
      },
      { sourceDirectory: 'my source', testDirectory: 'my tests' },
    );
    expect(filesOf(spaced)).toEqual(['app.py']);
    expect(report(spaced)).toContain('test_it');
  });

  test('takes directories that are known at deployment only', () => {
    const late = build(
      (stack) => ({
        buildProject: {
          sourceDirectory: new CfnParameter(stack, 'SOURCE').valueAsString,
          testDirectory: new CfnParameter(stack, 'TESTS').valueAsString,
          dependencyFile: new CfnParameter(stack, 'DEPENDENCIES').valueAsString,
        },
      }),
      { 'app/main.py': '', 'app/checks/test_it.py': 'def test_it(): pass\n', 'needs.txt': '' },
      {
        PATH: `${virtualEnvironment}/bin:${process.env.PATH}`,
        SOURCE: 'app',
        TESTS: 'app/checks',
        DEPENDENCIES: 'needs.txt',
      },
    );
    expect(filesOf(late)).toEqual(['main.py']);
    expect(report(late)).toContain('test_it');
  });

  test('fails when the test directory that was named is not there', () => {
    expect(python({ 'app.py': '' }, { testDirectory: 'checks' }).succeeded).toBe(false);
  });

  test('fails when the dependency file that was named is not there', () => {
    const { succeeded, output } = python({ 'app.py': '' }, { dependencyFile: 'configuration/requirements.txt' });
    expect(output).toContain('configuration/requirements.txt');
    expect(succeeded).toBe(false);
  });

  test('fails when there is nothing to pack', () => {
    const { succeeded, output } = python({ 'src/__pycache__/x.pyc': 'compiled' }, { sourceDirectory: 'src' });
    expect(output).toContain('the package is empty: is sourceDirectory the directory of the function?');
    expect(succeeded).toBe(false);
  });
});

describe('the recipe for Node.js', () => {
  const targetFunction = TargetFunction.create({ runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler' });
  const node = (files: { [name: string]: string }, buildProject: BuildProjectOptions = {}) =>
    build({ buildProject, targetFunction }, files, { npm_config_offline: 'true' });

  const manifest = (more: object = {}) =>
    JSON.stringify({
      name: 'allocation',
      version: '1.0.0',
      scripts: { test: 'node --test' },
      dependencies: { greeting: 'file:vendor/greeting' },
      devDependencies: { checker: 'file:vendor/checker' },
      ...more,
    });
  const FILES = {
    'package.json': manifest(),
    'index.js': 'exports.handler = async () => require("greeting").name;\n',
    'vendor/greeting/package.json': '{ "name": "greeting", "version": "1.0.0" }',
    'vendor/greeting/index.js': 'exports.name = "hello";\n',
    'vendor/checker/package.json': '{ "name": "checker", "version": "1.0.0" }',
    'vendor/checker/index.js': '',
    'test/index.test.js':
      'require("node:test")("greets", async () => { require("checker"); require("node:assert").equal(await require("../index").handler(), "hello"); });\n',
  };
  let result: BuildResult;

  beforeAll(() => {
    result = node(FILES);
  });

  test('puts source and dependencies at the root of the package', () => {
    expect(filesOf(result)).toEqual(
      expect.arrayContaining(['index.js', 'package.json', 'node_modules/greeting/index.js']),
    );
  });

  test('makes a package that loads', () => {
    expect(load(result, ['node', '-e'], 'require("./index").handler().then(console.log)')).toBe('hello');
  });

  test('leaves tests and what only the tests need out of the package', () => {
    expect(filesOf(result).filter((file) => /^test|node_modules\/checker|reports|package-lock/.test(file))).toEqual([]);
  });

  test('writes the test report', () => {
    expect(report(result)).toContain('greets');
  });

  test('makes the same bytes of the same files', () => {
    expect(hashOf(node(FILES))).toBe(hashOf(result));
  });

  test('runs the script build before it packs', () => {
    const compiled = node({
      ...FILES,
      'package.json': manifest({ scripts: { build: 'echo "exports.made = 1;" > made.js' } }),
    });
    expect(filesOf(compiled)).toContain('made.js');
  });

  test('stops at a unit test that fails, without a package', () => {
    const failed = node({
      ...FILES,
      'test/index.test.js': 'require("node:test")("greets", () => require("node:assert").equal(1, 2));\n',
    });
    expect(failed.succeeded).toBe(false);
    expect(written(failed)).toBe(false);
  });

  test('packs a single file without a manifest, and says so', () => {
    const single = node({ 'index.mjs': 'export const handler = async () => 1;\n' });
    expect(filesOf(single)).toEqual(['index.mjs']);
    expect(single.output).toContain('no package.json');
  });

  test('fails when the manifest that was named is not there', () => {
    expect(node({ 'index.js': '' }, { dependencyFile: 'app/package.json' }).succeeded).toBe(false);
  });
});
