import { spawnSync } from 'node:child_process';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '../..');

/** Runs the rehearsal of the release on a machine that has only Node.js. */
function rehearsal(...args: string[]): string {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'projenrc/release-rehearsal/index.ts', ...args],
    {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, PATH: '' },
    },
  );
  expect(status).toBe(1);
  return stderr;
}

test('the rehearsal of a release names the tools that are missing, and skips nothing', () => {
  expect(rehearsal()).toContain(
    'Not rehearsed to the end: the rehearsal needs npm, git, tar, python3, mvn, java, go: install them, or omit their registries with --only',
  );
});

test('the rehearsal of a release asks for the tools of the chosen registries alone', () => {
  expect(rehearsal('--only', 'pypi')).toContain('the rehearsal needs npm, git, tar, python3: install');
});

test('the rehearsal of a release refuses a registry that it does not have', () => {
  expect(rehearsal('--only', 'pypi,nuget')).toContain('--only must be one or more of npm, pypi, maven, go, got nuget');
});
