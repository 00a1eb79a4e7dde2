import { spawnSync } from 'node:child_process';

/** A command that failed, with what it printed. */
export class CommandFailed extends Error {}

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a command to its end. */
export function tryRun(command: string, folder: string, environment: NodeJS.ProcessEnv = {}): Ended {
  const env = { ...process.env, CI: '1', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', ...environment };
  const { status, stdout, stderr, error } = spawnSync('bash', ['-c', `{ ${command}\n} 2>&1`], {
    cwd: folder,
    env,
    encoding: 'utf8',
    maxBuffer: 256e6,
  });
  return { status, output: `${stdout ?? ''}${stderr ?? ''}${error ?? ''}` };
}

/** Runs a command, or says which one failed and what it printed. */
export function run(command: string, folder: string, environment: NodeJS.ProcessEnv = {}): void {
  const { status, output } = tryRun(command, folder, environment);
  if (status !== 0) {
    throw new CommandFailed(`"${command.split('\n')[0]}" ended with ${status ?? 'no exit code'}:\n${output.trimEnd()}`);
  }
}
