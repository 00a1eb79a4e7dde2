import { toFailure } from './base/failure';
import { readSettings } from './base/settings';
import { Step } from './contract';
import { bake, HookEvent } from './deployment/bake';
import { answerFailure, answerOutcome, JobEvent, Outcome, readJob, StepInput } from './job/job';
import { notify } from './notice/notify';
import { PipelineEvent } from './notice/run';
import { checkFunction } from './steps/check-function';
import { createFunction } from './steps/create-function';
import { deployVersion } from './steps/deploy-version';
import { publishVersion } from './steps/publish-version';
import { rollBack } from './steps/roll-back';

const STEPS: Record<Step, (input: StepInput) => Promise<Outcome>> = {
  check: checkFunction,
  create: createFunction,
  publish: publishVersion,
  deploy: deployVersion,
  rollback: rollBack,
};

/** Kept back from the invocation's time, for the answer. */
const RESERVE_MILLISECONDS = 10_000;

interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** Carries out one job of the pipeline, one hook of a deployment, or the notice of one event. */
export async function handler(event: Record<string, unknown>, context: LambdaContext): Promise<void> {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS;
  if ('CodePipeline.job' in event) {
    return carryOut(event['CodePipeline.job'] as JobEvent, deadline);
  }
  if ('LifecycleEventHookExecutionId' in event) {
    return bake(event as unknown as HookEvent, deadline);
  }
  if (event.source === 'aws.codepipeline') {
    return notify(event as unknown as PipelineEvent);
  }
  throw new Error(
    `this is neither a job or an event of CodePipeline nor a hook of CodeDeploy: the event's fields are ${Object.keys(event).join(', ')}`,
  );
}

/** Catches everything: a job without an answer would hang for 20 minutes, and Lambda would run it again. */
async function carryOut(event: JobEvent, deadline: number): Promise<void> {
  let outcome: Outcome;
  try {
    const job = readJob(event);
    outcome = await STEPS[job.parameters.step]({ job, settings: readSettings(), deadline });
  } catch (error) {
    return answerFailure(event.id, toFailure(error));
  }
  return answerOutcome(event.id, outcome);
}
