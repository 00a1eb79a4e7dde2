import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { unzip } from '../../../rehearsal/base/zip';
import { readSource } from '../../../rehearsal/pipeline/source-folder';

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'source-'));
});

function write(name: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  fs.writeFileSync(path.join(folder, name), text);
}

function git(...parameters: string[]): string {
  return execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...parameters])
    .toString()
    .trim();
}

function commit(message: string): void {
  git('add', '-A');
  git('commit', '-q', '-m', message);
}

async function filesOf(zip: Buffer): Promise<string[]> {
  const target = fs.mkdtempSync(path.join(tmpdir(), 'unzipped-'));
  unzip(zip, target);
  return fs
    .readdirSync(target, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}

test('reads a repository at its latest commit', async () => {
  git('init', '-q');
  write('app.py', '1');
  commit('feat: first');
  write('new.py', 'not committed');

  const source = await readSource(folder);

  expect(source).toMatchObject({ commitId: git('rev-parse', 'HEAD'), message: 'feat: first' });
  expect(await filesOf(source.zip)).toEqual(['app.py']);
  expect(source.notes[0]).toContain('1 uncommitted changes');
});

test('reads a repository at another commit', async () => {
  git('init', '-q');
  write('app.py', '1');
  commit('feat: first');
  write('new.py', '2');
  commit('feat: second');

  expect(await readSource(folder, 'HEAD~1')).toMatchObject({ message: 'feat: first', notes: [] });
});

test('reads a plain folder without generated files', async () => {
  for (const name of [
    'app.py',
    'src/a.py',
    'node_modules/x.js',
    'src/__pycache__/a.pyc',
    '.venv/lib/b.py',
    'cdk.out/t.json',
  ]) {
    write(name, '');
  }

  const source = await readSource(folder);

  expect(await filesOf(source.zip)).toEqual(['a.py', 'app.py']);
  expect(source.notes[0]).toContain('is not a git repository');
});

test('has the same bytes for the same content', async () => {
  write('b', '1');
  write('a', '2');
  const { zip } = await readSource(folder);
  fs.utimesSync(path.join(folder, 'a'), 1, 1);

  expect((await readSource(folder)).zip.equals(zip)).toBe(true);
});

test('keeps executable files', async () => {
  write('run.sh', '');
  fs.chmodSync(path.join(folder, 'run.sh'), 0o755);
  const target = fs.mkdtempSync(path.join(tmpdir(), 'unzipped-'));
  unzip((await readSource(folder)).zip, target);

  expect(fs.statSync(path.join(target, 'run.sh')).mode % 0o1000).toBe(0o755);
});

test('fails for a commit of a plain folder', async () => {
  await expect(readSource(folder, 'abc')).rejects.toThrow('--commit abc needs a git repository');
});

test('fails for a folder that does not exist', async () => {
  await expect(readSource(path.join(folder, 'x'))).rejects.toThrow('does not exist');
});
