import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteStackCommand, Stack } from '@aws-sdk/client-cloudformation';
import { createStack, Template } from './create-stack';
import { findFirstFailure, findFunctionNames, findStack, nextStackStep, readStackEvents } from './stack';
import { cloudFormation } from '../aws/clients';
import { configurationError, jobFailed, ReleaseFailure, systemUnavailable } from '../base/failure';
import { log } from '../base/log';
import { sentence } from '../base/sentence';
import { createAliasOnPlaceholder } from '../function/alias';
import { requireBuiltFor } from '../function/built-for';
import { findAlias, findFunction, waitUntilUpdated } from '../function/lambda-function';
import { Outcome, StepInput } from '../job/job';
import { POLL_SECONDS, VISIT_SECONDS } from '../job/visit';

/** What one invocation passes to the next one of the same job as a continuation token. */
interface StackProgress {
  /** The stack that this job created, or found while CloudFormation was creating it. */
  readonly stackId?: string;
  readonly since: number;
}

const TIMEOUT_MINUTES = 60;

/** Step `create` with a template in the source: creates its stack, and the alias if the template has none. */
export async function createFromTemplate(input: StepInput, templatePath: string): Promise<Outcome> {
  const { job } = input;
  const { stackName, parametersPath } = job.parameters;
  if (!stackName) {
    throw configurationError('The action has a templatePath but no stackName. Deploy the stack again.');
  }
  const start: StackProgress = job.continuationToken ? JSON.parse(job.continuationToken) : { since: Date.now() };
  return createOrAwaitStack(input, { templatePath, parametersPath, stackName }, start);
}

async function createOrAwaitStack(input: StepInput, template: Template, start: StackProgress): Promise<Outcome> {
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
      return continueLater(template, stack, progress);
    }
    await sleep(POLL_SECONDS * 1000);
  }
}

function continueLater({ stackName }: Template, stack: Stack | undefined, progress: StackProgress): Outcome {
  const status = stack?.StackStatus ?? 'being created';
  if (Date.now() - progress.since > TIMEOUT_MINUTES * 60_000) {
    throw systemUnavailable(
      `The stack ${stackName} is still ${status} after ${TIMEOUT_MINUTES} minutes. ` +
        'Check its events, and retry the stage when it is complete.',
    );
  }
  return { summary: `the stack ${stackName} is ${status}`, continuation: progress };
}

async function finish({ job, settings, deadline }: StepInput, template: Template, stack: Stack): Promise<Outcome> {
  const { functionName, aliasName } = settings;
  const { stackName, templatePath } = template;
  if (!(await findFunction(functionName))) {
    const names = findFunctionNames(await readStackEvents(stack.StackId!));
    const created = names.length > 0 ? `it created ${names.join(', ')}` : 'its events name no function';
    throw configurationError(
      `The stack ${stackName} is ${stack.StackStatus}, but there is no Lambda function ${functionName}: ${created}. ` +
        `Give the function that name in ${templatePath}, or set functionName of TargetFunction.createFromTemplate. ` +
        `Then delete the stack ${stackName}, and run the pipeline again. ` +
        'If somebody deleted the function by hand, the template needs no change.',
    );
  }
  requireBuiltFor(job.parameters, await waitUntilUpdated(functionName, deadline));
  const alias = await findAlias(settings);
  const version = alias?.version ?? (await createAliasOnPlaceholder(settings, deadline));
  return {
    summary:
      `the stack ${stackName} created the function ${functionName} from ${templatePath}; ` +
      `the alias ${aliasName} points to version ${version}`,
  };
}

/** The failure of a stack, with its cause: the first resource that failed. */
async function readStackFailure(
  { stackName, templatePath }: Template,
  stack: Stack | undefined,
  stackId: string,
): Promise<ReleaseFailure> {
  const failure = findFirstFailure(await readStackEvents(stackId));
  const reason = failure?.ResourceStatusReason ?? stack?.StackStatusReason ?? 'CloudFormation returned no reason';
  const what = failure?.LogicalResourceId ? `${failure.LogicalResourceId} (${failure.ResourceType})` : 'its creation';
  const status = stack?.StackStatus ?? 'DELETE_COMPLETE';
  return jobFailed(
    [
      `CloudFormation could not create the stack ${stackName} from ${templatePath}:`,
      `${what} failed: ${sentence(reason)}`,
      status === 'DELETE_COMPLETE'
        ? 'CloudFormation deleted the resources that it had created.'
        : `The stack is ${status}: delete the rest of it, by hand if necessary.`,
      /not authorized to perform/.test(reason)
        ? "CloudFormation's role lacks that permission: add it to permissions of TargetFunction.createFromTemplate " +
          "and deploy the pipeline's stack, or remove the resource from the template."
        : 'Correct the template or its parameters, and push.',
    ].join(' '),
  );
}

function describeRefusal({ stackName }: Template, stack: Stack): string {
  return (
    `There is already a stack ${stackName}, which is ${stack.StackStatus} ` +
    `(${stack.StackStatusReason ?? 'no reason given'}), so the pipeline can't create the function in it. ` +
    `Check its resources, delete the stack (aws cloudformation delete-stack --stack-name ${stackName}), ` +
    'and run the pipeline again.'
  );
}
