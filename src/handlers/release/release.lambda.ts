import { toFailure } from './base/failure';
import { readSettings } from './base/settings';
import { ParameterEvent } from './change/parameter-event';
import { releaseConfigurationChange } from './change/start-run';
import { Step } from './contract';
import { bake, HookEvent } from './deployment/bake';
import { JobEvent, Outcome, readJob, StepInput } from './job/job';
import { reportFailure, reportOutcome } from './job/job-result';
import { notify } from './notice/notify';
import { PipelineEvent } from './notice/run';
import { handleStackEvent } from './stack/handle-stack-event';
import { StackEvent } from './stack/stack-event';
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

/** Part of the invocation's time that is kept for the report to CodePipeline or CodeDeploy. */
const RESERVE_MILLISECONDS = 10_000;

interface LambdaContext {
  readonly invokedFunctionArn: string;
  getRemainingTimeInMillis(): number;
}

/**
 * Runs a job of the pipeline or a hook of a deployment, sends a notice, handles the resource of the stack, or starts a
 * run for a configuration change.
 */
export async function handler(event: Record<string, unknown>, context: LambdaContext): Promise<void> {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS;
  if ('CodePipeline.job' in event) {
    return runJob(event['CodePipeline.job'] as JobEvent, deadline);
  }
  if ('LifecycleEventHookExecutionId' in event) {
    return bake(event as unknown as HookEvent, deadline);
  }
  if ('ResponseURL' in event) {
    return handleStackEvent(event as unknown as StackEvent, context.invokedFunctionArn, deadline);
  }
  if (event.source === 'aws.codepipeline') {
    return notify(event as unknown as PipelineEvent);
  }
  if (event.source === 'aws.ssm') {
    return releaseConfigurationChange(event as unknown as ParameterEvent, deadline);
  }
  throw new Error(
    'Unknown event: expected a job or an event of CodePipeline, a hook of CodeDeploy, ' +
      'a request of CloudFormation, or an event of Systems Manager, ' +
      `got an event with the fields ${Object.keys(event).join(', ')}`,
  );
}

/** Catches every error: a job without a result would hang for 20 minutes, and Lambda would run it again. */
async function runJob(event: JobEvent, deadline: number): Promise<void> {
  let outcome: Outcome;
  try {
    const job = readJob(event);
    outcome = await STEPS[job.parameters.step]({ job, settings: readSettings(), deadline });
  } catch (error) {
    return reportFailure(event.id, toFailure(error));
  }
  return reportOutcome(event.id, outcome);
}
