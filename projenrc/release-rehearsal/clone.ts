import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Workspace } from './workspace';

/** The repository in a temporary folder, with a remote repository of its own and without the tags of real releases. */
export class Clone {
  readonly folder: string;

  constructor(private readonly workspace: Workspace) {
    const origin = workspace.folder('origin.git');
    workspace.run('git', ['clone', '--quiet', '--bare', '--no-tags', '--single-branch', process.cwd(), origin]);
    workspace.run('git', ['clone', '--quiet', origin, 'repository']);
    this.folder = path.join(workspace.root, 'repository');
  }

  install(): void {
    this.workspace.run('npm', ['ci', '--prefer-offline'], { cwd: this.folder });
  }

  git(...args: string[]): string {
    return this.workspace.run('git', args, { cwd: this.folder });
  }

  /** Runs a task with the registry of the rehearsal; `mustFail` if the task must refuse. */
  task(name: string, registry: string, mustFail = false): string {
    return this.workspace.run('npx', ['projen', name], {
      cwd: this.folder,
      mustFail,
      env: { npm_config_registry: registry },
    });
  }

  /** Omits the tests of the repository from later releases: they have a job of their own. */
  withoutTests(): void {
    const jest = path.join(this.folder, 'node_modules/.bin/jest');
    rmSync(jest, { force: true });
    writeFileSync(jest, '#!/bin/sh\necho "The rehearsal omits the tests."\n', { mode: 0o755 });
  }

  write(file: string, text: string): void {
    appendFileSync(path.join(this.folder, file), text);
  }

  replace(file: string, from: string, to: string): void {
    const name = path.join(this.folder, file);
    const text = readFileSync(name, 'utf8');
    if (!text.includes(from)) {
      throw new Error(`${file} no longer contains "${from}": change the rehearsal`);
    }
    writeFileSync(name, text.replace(from, to));
  }

  commit(message: string): void {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', message);
  }

  /** Tags the version, as the last job of the workflow does when all registries have it. */
  tag(version: string): void {
    this.git('tag', `v${version}`);
    this.git('push', '--quiet', 'origin', `v${version}`, 'HEAD');
  }

  version(): string {
    return readFileSync(path.join(this.folder, 'dist/version.txt'), 'utf8').trim();
  }

  packages(): string[] {
    try {
      return readdirSync(path.join(this.folder, 'dist/js'));
    } catch {
      return [];
    }
  }

  /** Unpacks the build over the sources, and packs it for each language, as the publishing jobs of the workflow do. */
  pack(tasks: string[]): string {
    const artifact = path.join(this.workspace.folder('artifacts'), this.version());
    renameSync(path.join(this.folder, 'dist'), artifact);
    const [tarball] = readdirSync(path.join(artifact, 'js'));
    this.workspace.run('tar', ['--strip-components=1', '-xzf', path.join(artifact, 'js', tarball), '-C', this.folder]);
    for (const task of tasks) {
      this.workspace.run('npx', ['projen', task], { cwd: this.folder });
    }
    const packed = `${artifact}-packed`;
    renameSync(path.join(this.folder, 'dist'), packed);
    this.git('checkout', '--quiet', '--', '.');
    return packed;
  }
}
