import { setTimeout as sleep } from 'node:timers/promises';
import { ActionExecutionDetail } from '@aws-sdk/client-codepipeline';
import { toFailure } from '../base/failure';
import { log } from '../base/log';
import { sentence } from '../base/sentence';
import { nameOf, ROLLBACK_ACTION, VERIFY_ACTION } from '../contract';
import { readActionExecutions } from '../job/action-executions';
import { StepInput } from '../job/job';
import { POLL_SECONDS, VISIT_SECONDS } from '../job/visit';

/** The result of the verification. */
export type Verification =
  | { readonly result: 'running'; readonly summary: string }
  | { readonly result: 'passed' }
  | { readonly result: 'failed'; readonly cause: string };

/** An action that ended this long before the step `rollback` started belongs to an earlier attempt of the stage. */
const EARLIER_ATTEMPT_MILLISECONDS = 30_000;

/** Watches the verification for the time of one visit. A read that fails means: not known yet. */
export async function watchVerification({ job, settings, deadline }: StepInput): Promise<Verification> {
  const until = Math.min(Date.now() + VISIT_SECONDS * 1000, deadline);
  const pipeline = nameOf('pipeline', settings.projectName);
  for (;;) {
    const verification = await readVerification(pipeline, job.parameters.executionId!);
    log('verification', { ...verification });
    if (verification.result !== 'running' || Date.now() + POLL_SECONDS * 1000 > until) {
      return verification;
    }
    await sleep(POLL_SECONDS * 1000);
  }
}

async function readVerification(pipeline: string, executionId: string): Promise<Verification> {
  try {
    return evaluate(await readActionExecutions(pipeline, executionId));
  } catch (error) {
    return { result: 'running', summary: `the result of ${VERIFY_ACTION} is unknown: ${toFailure(error).message}` };
  }
}

function evaluate(actions: ActionExecutionDetail[]): Verification {
  const verification = actions.find(({ actionName }) => actionName === VERIFY_ACTION);
  if (verification?.status === 'Succeeded') {
    return { result: 'passed' };
  }
  if (!verification || verification.status === 'InProgress' || isOfEarlierAttempt(verification, actions)) {
    return { result: 'running', summary: `waiting for ${VERIFY_ACTION}` };
  }
  const { errorDetails, externalExecutionSummary } = verification.output?.executionResult ?? {};
  const message = errorDetails?.message || externalExecutionSummary || `it ended as ${verification.status}`;
  return { result: 'failed', cause: `${VERIFY_ACTION}: ${sentence(message)}` };
}

/** After a retry of the stage, the list may still lack the new action. */
function isOfEarlierAttempt({ lastUpdateTime }: ActionExecutionDetail, actions: ActionExecutionDetail[]): boolean {
  const watcher = actions.find(({ actionName, status }) => actionName === ROLLBACK_ACTION && status === 'InProgress');
  if (!watcher?.startTime || !lastUpdateTime) {
    return false;
  }
  return lastUpdateTime.getTime() < watcher.startTime.getTime() - EARLIER_ATTEMPT_MILLISECONDS;
}
