import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What the person who clones the sample would commit. */
const CONTENT = ['Backend', 'configuration', 'events'];

/** A git repository with the content of the sample. */
export class Repository {
  constructor(sample, folder) {
    this.folder = folder;
    const clean = (file) => !['__pycache__', '.pytest_cache', 'reports'].includes(basename(file));
    for (const name of CONTENT) cpSync(join(sample, name), join(folder, name), { recursive: true, filter: clean });
    this.git('init', '--quiet', '--initial-branch=main');
  }

  read(file) {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  append(file, text) {
    writeFileSync(join(this.folder, file), this.read(file) + text);
  }

  replace(file, before, after) {
    const text = this.read(file);
    if (!text.includes(before))
      throw new Error(`${file} does not hold ${JSON.stringify(before)} any more: change pushes.mjs too`);
    writeFileSync(
      join(this.folder, file),
      text.replace(before, () => after),
    );
  }

  commit(message) {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', message);
  }

  revert(commit) {
    this.git('revert', '--no-edit', commit);
  }

  git(...command) {
    const who = [
      '-c',
      'user.name=Sample',
      '-c',
      'user.email=sample@example.com',
      '-c',
      'commit.gpgsign=false',
      '-c',
      'core.hooksPath=/dev/null',
    ];
    execFileSync('git', [...who, ...command], { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  }
}
