import { execFileSync, spawnSync } from 'node:child_process';

/** npm is a script on Windows, which only a shell starts. */
const shell = process.platform === 'win32';

export const manifest = () =>
  JSON.parse(execFileSync('git', ['show', 'HEAD:package.json'], { encoding: 'utf8' })) as { name: string };

/** What git prints; an error when it fails. */
export function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).trim();
}

/**
 * The version of a package in npm's registry: the newest of `name`, or that of `name@1.2.3`; undefined when there is none.
 * A registry that can't be asked is an error, and not an answer.
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
  throw new Error(`npm can't say whether ${spec} is published: ${answer?.error?.summary ?? stderr}`);
}
