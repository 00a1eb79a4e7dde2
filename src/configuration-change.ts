import { Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CONFIGURATION_ONLY_VARIABLE, nameOf, parameterNameOf, parseRevision } from './handlers/release/contract';

/**
 * Creates the rule that invokes the release function when the configuration changes. The event has no value, so the
 * release function compares it: docs/decisions/010-configuration-through-a-parameter.md. A source without a revision
 * that the release function can read gets an output with the command for a change.
 */
export function createConfigurationRule(
  scope: Construct,
  projectName: string,
  release: lambda.IFunction,
  revision: string | undefined,
): void {
  new events.Rule(scope, 'ConfigurationChangeRule', {
    description: `Starts the pipeline of ${projectName} when the configuration of the function changes`,
    eventPattern: {
      source: ['aws.ssm'],
      detailType: ['Parameter Store Change'],
      detail: { name: [parameterNameOf(projectName)], operation: ['Update'] },
    },
    targets: [new targets.LambdaFunction(release)],
  });
  if (!parseRevision(revision)) {
    new CfnOutput(scope, 'ConfigurationChange', {
      description:
        'The source has no revision that a run can start with, so a configuration change starts no run: ' +
        'run this command to release one',
      value:
        `aws codepipeline start-pipeline-execution --name ${nameOf('pipeline', projectName)} ` +
        `--variables name=${CONFIGURATION_ONLY_VARIABLE},value=true`,
    });
  }
}

/** Returns the name of the stack that writes the configuration. */
export function configurationStackName(scope: Construct, stack: Stack): string {
  // A template without the CDK has its name only at deployment.
  return stack === Stack.of(scope) ? Aws.STACK_NAME : topLevel(stack).stackName;
}

function topLevel(stack: Stack): Stack {
  return stack.nestedStackParent ? topLevel(stack.nestedStackParent) : stack;
}
