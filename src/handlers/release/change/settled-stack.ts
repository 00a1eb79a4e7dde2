import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '../base/log';
import { findStack } from '../template/stack';

const POLL_SECONDS = 10;

/**
 * Waits until no update of the stack can be rolled back any more. Returns the last status; undefined for a deleted
 * stack. At the deadline, the wait ends with the status of the unfinished update.
 */
export async function waitUntilSettled(stackName: string, deadline: number): Promise<string | undefined> {
  for (;;) {
    const status = (await findStack(stackName))?.StackStatus;
    if (!status || isSettled(status)) {
      return status;
    }
    if (Date.now() + POLL_SECONDS * 1000 > deadline) {
      log('the stack has not settled in time', { stackName, status });
      return status;
    }
    await sleep(POLL_SECONDS * 1000);
  }
}

/** While CloudFormation deletes the resources that an update replaced, the update itself is complete. */
function isSettled(status: string): boolean {
  return !status.endsWith('_IN_PROGRESS') || status.endsWith('_CLEANUP_IN_PROGRESS');
}
