import { setTimeout as sleep } from 'node:timers/promises';
import { configurationError, isNamed } from '../base/failure';
import { log } from '../base/log';

/** IAM takes seconds to tell Lambda of a new role or policy, and Lambda refuses until then. */
const NOT_READY = /cannot be assumed by Lambda|execution role does not have permissions/;
const TRIES = 12;
const PAUSE_SECONDS = 5;

/** Makes the call again, for up to a minute, while Lambda does not accept the execution role. */
export async function retryWhileRoleIsNew<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!isNamed(error, 'InvalidParameterValueException') || !NOT_READY.test(error.message)) {
        throw error;
      }
      if (attempt > TRIES) {
        throw configurationError(
          `Lambda has refused the execution role for ${TRIES * PAUSE_SECONDS} seconds: ${error.message} ` +
            "Look at the role: it must exist, trust lambda.amazonaws.com, and allow what the function's configuration needs.",
        );
      }
      log('the execution role is not ready yet', { attempt });
      await sleep(PAUSE_SECONDS * 1000);
    }
  }
}
