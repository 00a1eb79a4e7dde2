import { execFileSync, spawnSync } from 'node:child_process';

/** On Windows npm is a script, which only a shell can start. */
const shell = process.platform === 'win32';

export const manifest = () =>
  JSON.parse(execFileSync('git', ['show', 'HEAD:package.json'], { encoding: 'utf8' })) as { name: string };

/** The output of a git command. Throws if the command fails. */
export function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).trim();
}

/**
 * The version of a package in npm's registry: the newest of `name`, or the version of `name@1.2.3`; undefined if it is
 * not published. Throws if the registry does not answer.
 */
export function publishedVersion(spec: string): string | undefined {
  const { status, stdout, stderr } = spawnSync('npm', ['view', spec, 'version', '--json'], { encoding: 'utf8', shell });
  const answer = stdout ? JSON.parse(stdout) : undefined;
  if (status === 0) {
    return answer;
  }
  if (answer?.error?.code === 'E404') {
    return undefined;
  }
  throw new Error(`npm could not check whether ${spec} is published: ${answer?.error?.summary ?? stderr}`);
}
