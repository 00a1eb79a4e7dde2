import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Linter } from 'eslint';
import { findPython } from '../../../rehearsal/function/python';
import { testWith } from '../../support/tools';

const FOLDER = path.join(__dirname, '../../../rehearsal/function/bootstrap');
const [JAVA, NODE, PYTHON] = ['Bootstrap.java', 'bootstrap.cjs', 'bootstrap.py'].map((name) => path.join(FOLDER, name));

/** The rules for the bootstrap of Node.js, which no TypeScript compiler checks. */
const RULES = [
  'curly',
  'eqeqeq',
  'no-cond-assign',
  'no-const-assign',
  'no-dupe-keys',
  'no-empty',
  'no-fallthrough',
  'no-redeclare',
  'no-shadow',
  'no-undef',
  'no-unreachable',
  'no-unused-vars',
  'no-var',
  'prefer-const',
  'prefer-template',
];

function run(command: string, ...parameters: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, parameters, { encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

describe('the bootstraps', () => {
  test('are one for Java, one for Node.js and one for Python', () => {
    expect(fs.readdirSync(FOLDER).filter((name) => !name.startsWith('__'))).toEqual([
      'Bootstrap.java',
      'bootstrap.cjs',
      'bootstrap.py',
    ]);
  });

  testWith('javac')('of Java compiles without a warning', () => {
    const output = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstrap-'));
    expect(run('javac', '-Xlint:all', '-Werror', '-d', output, JAVA)).toBe('');
  });

  test('of Python compiles without a warning', () => {
    const program = 'import sys; compile(open(sys.argv[1], encoding="utf-8").read(), sys.argv[1], "exec")';
    expect(run(findPython('').executable, '-I', '-W', 'error', '-c', program, PYTHON)).toBe('');
  });

  test('of Node.js passes the linter', () => {
    const readonly = ['require', 'process', 'console', 'Buffer'].map((name) => [name, 'readonly']);
    const linter = new Linter({ configType: 'flat' });
    const messages = linter.verify(fs.readFileSync(NODE, 'utf8'), {
      languageOptions: { ecmaVersion: 2022, sourceType: 'commonjs', globals: Object.fromEntries(readonly) },
      linterOptions: { reportUnusedDisableDirectives: true },
      rules: { ...Object.fromEntries(RULES.map((rule) => [rule, 'error'])), 'max-len': ['error', { code: 120 }] },
    });
    expect(messages).toEqual([]);
  });

  test('are beside the bundle of the command', () => {
    const shipped = path.join(__dirname, '../../../assets/cli/bootstrap');
    for (const file of [JAVA, NODE, PYTHON]) {
      expect(fs.readFileSync(path.join(shipped, path.basename(file)))).toEqual(fs.readFileSync(file));
    }
  });
});
