import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import * as path from 'node:path';

/**
 * Creates a virtual environment in `.venv` with these packages of PyPI, and returns its Python. On a machine without
 * Python or PyPI it returns undefined and says so; in continuous integration that is an error.
 */
export function pythonWith(name: string, requirements: string): string | undefined {
  const folder = path.join('.venv', name);
  const python = path.join(folder, 'bin', 'python');
  const commands = [
    ['python3', '-m', 'venv', folder],
    [python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
  ];
  for (const [command, ...args] of commands) {
    const result = spawnSync(command, args, { encoding: 'utf8' });
    if (result.status !== 0) {
      console.log(`skipped: \`${[command, ...args].join(' ')}\` failed, so ${requirements} is not installed`);
      console.log(reasonOf(result));
      process.exitCode = process.env.CI ? 1 : 0;
      return undefined;
    }
  }
  return python;
}

function reasonOf({ error, stderr }: SpawnSyncReturns<string>): string {
  return error?.message ?? stderr.trim().split('\n').slice(-3).join('\n');
}
