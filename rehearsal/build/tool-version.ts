import { spawnSync } from 'node:child_process';

/** Returns the version that a command prints, or undefined if the tool is not on the search path or does not start. */
export function versionHere([command, ...values]: string[], searched: string): string | undefined {
  const { status, stdout, stderr } = spawnSync(command, values, {
    encoding: 'utf8',
    env: { ...process.env, PATH: searched },
  });
  return status === 0 ? /\d+(\.\d+)*/.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[0] : undefined;
}
