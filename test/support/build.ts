import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Overrides, pipelineWith } from './stacks';
import { buildSpec } from './template-queries';
import { namesIn } from './zip';

/** How a build ended. */
export interface BuildResult {
  readonly succeeded: boolean;
  readonly output: string;
  readonly folder: string;
}

/** A folder that nobody else has. */
export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'recipe-'));
}

/** A folder with these files. */
export function repository(files: { [name: string]: string }): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/**
 * Runs the rendered build specification on a repository as CodeBuild does: all commands in one shell, up to the first
 * that fails. A parameter of the template is read from the variable of its name.
 */
export function build(
  props: Overrides,
  files: { [name: string]: string },
  environment: { [name: string]: string } = {},
): BuildResult {
  const folder = repository(files);
  const { phases } = buildSpec(pipelineWith(props).template);
  const commands = ['install', 'pre_build', 'build', 'post_build'].flatMap((phase) => phases[phase]?.commands ?? []);
  const script = commands.map((command) => `{ ${command}\n} || exit 1`).join('\n');
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: temporaryFolder(), ProjectName: 'inventory-allocation', ...environment },
  });
  return { succeeded: status === 0, output: stdout + stderr, folder };
}

/** The package that a build wrote. */
export function packageOf({ folder, output }: BuildResult): string {
  const file = path.join(folder, 'inventory-allocation.zip');
  if (!fs.existsSync(file)) {
    throw new Error(`the build wrote no package:\n${output}`);
  }
  return file;
}

/** The names of the files in the package. */
export function filesOf(result: BuildResult): string[] {
  return namesIn(packageOf(result));
}

/** The hash by which Lambda recognizes an unchanged package. */
export function hashOf(result: BuildResult): string {
  return createHash('sha256')
    .update(fs.readFileSync(packageOf(result)))
    .digest('base64');
}
