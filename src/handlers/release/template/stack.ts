import { DescribeStackEventsCommand, DescribeStacksCommand, Stack, StackEvent } from '@aws-sdk/client-cloudformation';
import { cloudFormation } from '../aws/clients';
import { isNamed } from '../base/failure';

/** The stack with that name or id; undefined only if CloudFormation reports that it does not exist. */
export async function findStack(nameOrId: string): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: nameOrId }));
    return Stacks[0];
  } catch (error) {
    if (isNamed(error, 'ValidationError') && error.message.includes('does not exist')) {
      return undefined;
    }
    throw error;
  }
}

/** The events of the stack, the latest first. */
export async function readStackEvents(stackId: string): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await cloudFormation.send(
      new DescribeStackEventsCommand({ StackName: stackId, NextToken: nextToken }),
    );
    events.push(...(page.StackEvents ?? []));
    nextToken = page.NextToken;
  } while (nextToken);
  return events;
}

/** The next step for a stack. */
export type StackStep = 'create' | 'wait' | 'delete first' | 'done' | 'failed' | 'refuse';

/** Decides on the next step. `own`: this job created the stack, or found it while CloudFormation was creating it. */
export function nextStackStep(status: string | undefined, own: boolean): StackStep {
  if (!status || status === 'DELETE_COMPLETE') {
    return own ? 'failed' : 'create';
  }
  if (status === 'REVIEW_IN_PROGRESS') {
    return 'refuse'; // a change set that nobody has executed
  }
  if (status.endsWith('_IN_PROGRESS')) {
    return 'wait';
  }
  // With OnFailure DELETE, the deletion follows.
  if (status === 'CREATE_FAILED' && own) {
    return 'wait';
  }
  if (['CREATE_FAILED', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED'].includes(status)) {
    return own ? 'failed' : 'delete first';
  }
  if (status.endsWith('_COMPLETE')) {
    return 'done';
  }
  return own ? 'failed' : 'refuse';
}

/** The first failure. CloudFormation only cancels the resources after it. */
export function findFirstFailure(events: StackEvent[]): StackEvent | undefined {
  const failures = events.filter(
    (event) => event.ResourceStatus?.endsWith('_FAILED') && !/cancell?ed/i.test(event.ResourceStatusReason ?? ''),
  );
  return failures[failures.length - 1];
}

/** Names of the Lambda functions that the stack created. */
export function findFunctionNames(events: StackEvent[]): string[] {
  const created = events.filter(
    (event) => event.ResourceType === 'AWS::Lambda::Function' && event.ResourceStatus === 'CREATE_COMPLETE',
  );
  return [...new Set(created.map((event) => event.PhysicalResourceId!))];
}
