import { RemovalPolicy } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcard } from './acknowledgement';
import { arnOf } from './arn';
import { isKnown, refuse } from './validation';

/**
 * Creates the log group of a project, so that the logs expire. CloudFormation names the group, because an earlier
 * project may have left the group that CodeBuild writes to by default.
 */
export function createBuildLogging(scope: Construct, id: string): codebuild.LoggingOptions {
  const logGroup = new logs.LogGroup(scope, id, {
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return { cloudWatch: { logGroup } };
}

/** Acknowledges the findings that every CodeBuild project of the pipeline has. */
export function acknowledgeProject(scope: Construct, project: codebuild.Project): void {
  acknowledge(
    project,
    'AwsSolutions-CB4',
    'the bucket determines the encryption of the artifacts; artifactStore.encryptionKey sets a customer managed key',
  );
  acknowledgeWildcard(
    project.role!,
    arnOf(scope, 'logs', 'log-group', `/aws/codebuild/${project.projectName}:*`),
    'CodeBuild generates the names of the log streams',
  );
}

/** Refuses commands that run nothing. */
export function requireCommands(prop: string, commands: string[] = []): void {
  commands.forEach((command, index) => {
    if (isKnown(command) && command.split('\n').every((line) => /^\s*(#.*)?$/.test(line))) {
      refuse({
        prop: `${prop}[${index}]`,
        allowed: 'a command that runs something',
        given: command,
        remedy: 'remove this entry',
      });
    }
  });
}

/** Renders plaintext environment variables. */
export function plaintextVariables(values: { [name: string]: string }): {
  [name: string]: codebuild.BuildEnvironmentVariable;
} {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
