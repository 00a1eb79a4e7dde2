import { RemovalPolicy } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcard } from './acknowledgement';
import { arnOf } from './arn';

/** Creates the log group that CodeBuild writes to by default, so that the logs expire. */
export function createBuildLogGroup(scope: Construct, id: string, projectName: string): logs.LogGroup {
  return new logs.LogGroup(scope, id, {
    logGroupName: `/aws/codebuild/${projectName}`,
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
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

/** Renders plaintext environment variables. */
export function plaintextVariables(values: { [name: string]: string }): {
  [name: string]: codebuild.BuildEnvironmentVariable;
} {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
