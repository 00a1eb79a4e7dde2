import { spawnSync } from 'node:child_process';

/** Whether the machine has a tool. */
export function isOnPath(tool: string): boolean {
  return spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/**
 * A test that needs tools which a machine with Node.js, Python and git does not have: it is skipped without them.
 * The continuous integration has them all.
 */
export function testWith(...tools: string[]): jest.It {
  return tools.every(isOnPath) ? test : test.skip;
}

/** Several such tests. */
export function describeWith(...tools: string[]): jest.Describe {
  return tools.every(isOnPath) ? describe : describe.skip;
}
