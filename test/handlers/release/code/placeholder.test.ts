import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { placeholderHash, placeholderPackage } from '../../../../src/handlers/release/code/placeholder';
import { contentsOf, openZip } from '../fixtures';

const filesOf = async (runtime: string, handler: string) =>
  contentsOf(await openZip(placeholderPackage(runtime, handler)));

/** Writes the placeholder code to a folder. */
async function placed(runtime: string, handler: string): Promise<string> {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'placeholder-'));
  for (const [name, text] of Object.entries(await filesOf(runtime, handler))) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text, { mode: 0o755 });
  }
  return folder;
}

function run(command: string, ...given: string[]): { readonly out: string; readonly error: string } {
  const { stdout, stderr, error } = spawnSync(command, given, { encoding: 'utf8' });
  return { out: stdout, error: error ? error.message : stderr };
}

test.each([
  ['python3.13', 'src.app.handler', 'src/app.py'],
  ['nodejs24.x', 'index.handler', 'index.js'],
  ['ruby3.4', 'app.handler', 'app.rb'],
  ['provided.al2023', 'main', 'bootstrap'],
  ['java21', 'com.acme.Handler', 'NO-RELEASE-YET.txt'],
])('is code for %s', async (runtime, handler, file) => {
  expect(await filesOf(runtime, handler)).toEqual({ [file]: expect.stringContaining('no release yet') });
});

test.each([
  ['src/app.handler', './src/app.js', 'handler'],
  ['app.api.handler', './app.js', 'api.handler'],
])('loads in Node.js, and fails in the handler %s', async (handler, file, name) => {
  const module = JSON.stringify(path.join(await placed('nodejs24.x', handler), file));
  const script = `const m = require(${module}); console.log('loaded'); m.${name}().catch((e) => console.error(e.message));`;
  expect(run(process.execPath, '-e', script)).toEqual({
    out: 'loaded\n',
    error: expect.stringMatching(/^no release yet/),
  });
});

test('loads in Python, and fails in the handler', async () => {
  const folder = await placed('python3.13', 'src.app.handler');
  const script = `import sys; sys.path.insert(0, ${JSON.stringify(folder)}); import src.app; print('loaded'); src.app.handler({}, None)`;
  expect(run('python3', '-c', script)).toEqual({
    out: 'loaded\n',
    error: expect.stringContaining('RuntimeError: no release yet'),
  });
});

test.each([
  ['app.handler', "def handler(event:, context:)\n  raise 'no release yet"],
  ['app.Stock::Allocation.handler', 'module Stock\nmodule Allocation\ndef self.handler(event:, context:)'],
])('is a method in Ruby for %s', async (handler, text) => {
  expect(await filesOf('ruby3.4', handler)).toEqual({ 'app.rb': expect.stringContaining(text) });
});

test('is a shell script for an operating system without a language', async () => {
  const folder = await placed('provided.al2023', 'main');
  expect(run('sh', '-n', path.join(folder, 'bootstrap'))).toEqual({ out: '', error: '' });
});

test('has a hash that depends on the handler alone', () => {
  expect(placeholderHash('python3.13', 'app.handler')).toBe(placeholderHash('python3.12', 'app.handler'));
  expect(placeholderHash('python3.13', 'app.handler')).not.toBe(placeholderHash('python3.13', 'app.other'));
});
