import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { inflateSync } from 'node:zlib';
import { unpackPrograms } from '../../../src/private/runtime/programs';
import { folderWith } from '../../rehearsal/support/run';
import { testWith } from '../../support/tools';

const ROOT = path.join(__dirname, '../../..');
const RECIPES = path.join(ROOT, 'recipes');
const PROGRAMS = ['python', 'node', 'java', 'dotnet', 'ruby', 'provided'];

test.each(PROGRAMS)('the packed programs of %s are those in the folder recipes', (program) => {
  const packed = JSON.parse(fs.readFileSync(path.join(ROOT, 'assets/recipes.json'), 'utf8'))[program];
  const files: Record<string, string> = JSON.parse(inflateSync(Buffer.from(packed, 'base64')).toString());
  expect(Object.keys(files).sort()).toEqual(
    [`${program}.py`, 'code_artifact.py', 'environment', 'files.py', 'steps.py'].sort(),
  );
  for (const [name, text] of Object.entries(files).filter(([each]) => each !== 'environment')) {
    expect(text).toBe(fs.readFileSync(path.join(RECIPES, name), 'utf8'));
  }
});

test('the commands unpack them into a folder of the build', () => {
  const commands = unpackPrograms('provided');
  const folder = folderWith();
  const env = { PATH: process.env.PATH, TMPDIR: folder };
  const listed = execFileSync('sh', ['-ec', [...commands, 'ls "$RECIPE"'].join('\n')], { encoding: 'utf8', env });
  expect(listed).toContain('provided.py');
});

test('a build image without Python fails with the remedy', () => {
  const [check] = unpackPrograms('node');
  const output = execFileSync('sh', ['-c', `${check.replace('python3', 'no-such-python')} 2>&1 || true`], {
    encoding: 'utf8',
  });
  expect(output).toContain('error: the build image must have python3, because the recipe is a Python program');
});

testWith('ruff')('the programs pass the linter of their language', () => {
  expect(() => execFileSync('ruff', ['check', RECIPES], { stdio: 'pipe' })).not.toThrow();
});
