import { setTimeout as sleep } from 'node:timers/promises';
import { configurationError, isNamed } from '../base/failure';
import { log } from '../base/log';
import { sentence } from '../base/sentence';

/** A new role, policy or key takes seconds to reach Lambda, which rejects the function until then. */
const NOT_READY = new RegExp(
  'cannot be assumed by Lambda|execution role does not have permissions|' +
    'throttled by EC2|KMS key is invalid for CreateGrant',
);
const RETRIES = 12;
const PAUSE_SECONDS = 5;

/** Retries the call for up to a minute while Lambda rejects the execution role. */
export async function retryWhileRoleIsNew<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!isNamed(error, 'InvalidParameterValueException') || !NOT_READY.test(error.message)) {
        throw error;
      }
      if (attempt > RETRIES) {
        throw configurationError(
          `Lambda rejected the execution role for ${RETRIES * PAUSE_SECONDS} seconds: ${sentence(error.message)} ` +
            'Check the role: it must exist, trust lambda.amazonaws.com, and allow ' +
            "what the function's configuration needs.",
        );
      }
      log('the execution role is not ready yet', { attempt });
      await sleep(PAUSE_SECONDS * 1000);
    }
  }
}
