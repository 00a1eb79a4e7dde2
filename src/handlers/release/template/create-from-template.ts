import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteStackCommand, Stack } from '@aws-sdk/client-cloudformation';
import { createStack, Template } from './create-stack';
import { findFirstFailure, findFunctionNames, findStack, nextStackStep, readStackEvents } from './stack';
import { cloudFormation } from '../aws/clients';
import { configurationError, jobFailed, ReleaseFailure, systemUnavailable } from '../base/failure';
import { log } from '../base/log';
import { createAliasOnPlaceholder } from '../function/alias';
import { findAlias, findFunction, waitUntilUpdated } from '../function/lambda-function';
import { Outcome, StepInput } from '../job/job';
import { POLL_SECONDS, VISIT_SECONDS } from '../job/visit';

/** What an invocation hands on to the next one of the same job. */
interface StackProgress {
  /** The stack that this job has made, or found while it was being made. */
  readonly stackId?: string;
  readonly since: number;
}

const PATIENCE_MINUTES = 60;

/** Step `create`, from a CloudFormation template in the source: makes its stack, and the alias when the template has none. */
export async function createFromTemplate(input: StepInput, templatePath: string): Promise<Outcome> {
  const { job } = input;
  const { stackName, parametersPath } = job.parameters;
  if (!stackName) {
    throw configurationError('the action has a templatePath, but no stackName. Deploy the stack again.');
  }
  const start: StackProgress = job.continuationToken ? JSON.parse(job.continuationToken) : { since: Date.now() };
  return makeStack(input, { templatePath, parametersPath, stackName }, start);
}

async function makeStack(input: StepInput, template: Template, start: StackProgress): Promise<Outcome> {
  const until = Math.min(Date.now() + VISIT_SECONDS * 1000, input.deadline);
  let progress = start;
  for (;;) {
    const stack = await findStack(progress.stackId ?? template.stackName);
    const step = nextStackStep(stack?.StackStatus, progress.stackId !== undefined);
    log('stack', { stackName: template.stackName, status: stack?.StackStatus, step });
    if (step === 'done') {
      return finish(input, template, stack!);
    }
    if (step === 'failed') {
      throw await readStackFailure(template, stack, progress.stackId!);
    }
    if (step === 'refuse') {
      throw configurationError(describeRefusal(template, stack!));
    }
    if (step === 'delete first') {
      await cloudFormation.send(new DeleteStackCommand({ StackName: stack!.StackId }));
    }
    if (step === 'create') {
      progress = { ...progress, stackId: await createStack(input, template) };
    }
    if (stack?.StackStatus === 'CREATE_IN_PROGRESS') {
      progress = { ...progress, stackId: stack.StackId };
    }
    if (Date.now() + POLL_SECONDS * 1000 > until) {
      return goOn(template, stack, progress);
    }
    await sleep(POLL_SECONDS * 1000);
  }
}

function goOn({ stackName }: Template, stack: Stack | undefined, progress: StackProgress): Outcome {
  const status = stack?.StackStatus ?? 'being created';
  if (Date.now() - progress.since > PATIENCE_MINUTES * 60_000) {
    throw systemUnavailable(
      `waited ${PATIENCE_MINUTES} minutes for the stack ${stackName}, and it is still ${status}. Look at its events, and retry the stage when it is done.`,
    );
  }
  return { summary: `the stack ${stackName} is ${status}`, continuation: progress };
}

async function finish({ settings, deadline }: StepInput, template: Template, stack: Stack): Promise<Outcome> {
  const { functionName, aliasName } = settings;
  const { stackName, templatePath } = template;
  if (!(await findFunction(functionName))) {
    const names = findFunctionNames(await readStackEvents(stack.StackId!));
    const made = names.length > 0 ? `it made ${names.join(', ')}` : 'none is among its events';
    throw configurationError(
      `the stack ${stackName} is ${stack.StackStatus}, and there is no Lambda function ${functionName}: ${made}. ` +
        `Name the function so in ${templatePath}, or set functionName of TargetFunction.createFromTemplate. ` +
        `Then, or when somebody deleted the function by hand, delete the stack ${stackName} and run the pipeline again.`,
    );
  }
  await waitUntilUpdated(functionName, deadline);
  const alias = await findAlias(settings);
  const version = alias?.version ?? (await createAliasOnPlaceholder(settings, deadline));
  return {
    summary: `the stack ${stackName} made the function ${functionName} from ${templatePath}; the alias ${aliasName} is at version ${version}`,
  };
}

/** The cause of a creation that did not come through: the first resource that failed. */
async function readStackFailure(
  { stackName, templatePath }: Template,
  stack: Stack | undefined,
  stackId: string,
): Promise<ReleaseFailure> {
  const failure = findFirstFailure(await readStackEvents(stackId));
  const reason = failure?.ResourceStatusReason ?? stack?.StackStatusReason ?? 'CloudFormation gives no reason';
  const what = failure?.LogicalResourceId ? `${failure.LogicalResourceId} (${failure.ResourceType})` : 'its creation';
  const status = stack?.StackStatus ?? 'DELETE_COMPLETE';
  return jobFailed(
    [
      `The stack ${stackName} could not be made from ${templatePath}: ${what} failed: ${reason}${reason.endsWith('.') ? '' : '.'}`,
      status === 'DELETE_COMPLETE'
        ? 'What had been made was deleted again.'
        : `The stack is ${status}: delete what is left of it, by hand if need be.`,
      /not authorized to perform/.test(reason)
        ? "CloudFormation's role lacks that right: add it with permissions of TargetFunction.createFromTemplate and deploy the pipeline's stack, or take the resource out."
        : 'Correct the template or its parameters, and push.',
    ].join(' '),
  );
}

function describeRefusal({ stackName }: Template, stack: Stack): string {
  return (
    `there is already a stack ${stackName}, and it is ${stack.StackStatus} (${stack.StackStatusReason ?? 'no reason given'}), so the function can't be made in it. ` +
    'Look at what it holds, delete it (aws cloudformation delete-stack --stack-name ' +
    `${stackName}), and run the pipeline again.`
  );
}
