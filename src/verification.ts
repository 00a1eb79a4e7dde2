import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcard } from './private/acknowledgement';
import { arnOf } from './private/arn';
import { buildImage } from './private/runtime/build-image';
import { requireReferences } from './private/secret';
import { refuse, requireDuration } from './private/validation';

/** Integration tests against what is live after the deployment. */
export interface VerificationOptions {
  /**
   * Commands in the repository's root. `FUNCTION_NAME`, `ALIAS_NAME` and `ALIAS_ARN` say what is live; the commands may invoke the alias, and nothing else.
   */
  readonly commands: string[];

  /**
   * Whether the alias goes back to the version that was live before when a command fails. The version that failed stays published.
   *
   * @default true
   */
  readonly rollBack?: boolean;

  /**
   * Image, size and so on of the build.
   *
   * @default - the image of the build project
   */
  readonly environment?: codebuild.BuildEnvironment;

  /**
   * Further variables for the commands.
   *
   * @default - none
   */
  readonly environmentVariables?: { [name: string]: codebuild.BuildEnvironmentVariable };

  /**
   * How long the commands may take, from 5 minutes on.
   *
   * @default Duration.minutes(15)
   */
  readonly timeout?: Duration;

  /**
   * Role that the commands run under.
   *
   * @default - a new role that may invoke the alias
   */
  readonly role?: iam.IRole;
}

/**
 * What is verified.
 *
 * @internal
 */
export interface VerificationProps {
  readonly projectName: string;
  readonly functionName: string;
  readonly aliasName: string;
  readonly alias: lambda.IAlias;
  readonly architecture: lambda.Architecture;
  readonly runtime: lambda.Runtime;
  readonly options: VerificationOptions;
}

/**
 * Name of the variable by which the commands' result reaches the action that rolls back.
 *
 * @internal
 */
export const RESULT_VARIABLE = 'VERIFICATION';

/**
 * The CodeBuild project that runs the tests against the alias.
 *
 * @internal
 */
export function verificationProject(scope: Construct, props: VerificationProps): codebuild.PipelineProject {
  const { projectName, functionName, aliasName, alias, options } = props;
  if (options.commands.length === 0) {
    refuse({
      prop: 'verification.commands',
      allowed: 'one command at least',
      given: options.commands,
      remedy: 'leave verification out to verify nothing',
    });
  }
  requireDuration(
    'verification.timeout',
    options.timeout,
    Duration.minutes(5),
    Duration.hours(8),
    'CodeBuild takes no other',
  );
  requireReferences('verification.environmentVariables', options.environmentVariables);
  const name = `${projectName}-verify`;
  new logs.LogGroup(scope, 'VerificationLogGroup', {
    logGroupName: `/aws/codebuild/${name}`,
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const project = new codebuild.PipelineProject(scope, 'VerificationProject', {
    projectName: name,
    description: `Verifies what is live of ${projectName}`,
    role: options.role,
    grantReportGroupPermissions: false,
    environment: {
      buildImage: buildImage(props.runtime, props.architecture),
      computeType: codebuild.ComputeType.SMALL,
      ...options.environment,
    },
    environmentVariables: {
      FUNCTION_NAME: { value: functionName },
      ALIAS_NAME: { value: aliasName },
      ALIAS_ARN: { value: alias.functionArn },
      ...options.environmentVariables,
    },
    timeout: options.timeout ?? Duration.minutes(15),
    buildSpec: codebuild.BuildSpec.fromObject(
      (options.rollBack ?? true) ? reporting(options.commands) : failing(options.commands),
    ),
  });
  project.addToRolePolicy(
    new iam.PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [arnOf(scope, 'lambda', 'function', `${functionName}:${aliasName}`)],
    }),
  );
  acknowledge(
    project,
    'AwsSolutions-CB4',
    'artifacts are encrypted as their bucket is, with the key of artifactStore.encryptionKey when there is one',
  );
  acknowledgeWildcard(
    project.role!,
    arnOf(scope, 'logs', 'log-group', `/aws/codebuild/${project.projectName}:*`),
    'CodeBuild makes up the names of the log streams',
  );
  return project;
}

function failing(commands: string[]): object {
  return { version: '0.2', phases: { build: { commands } } };
}

/**
 * A build that does not fail when the commands do, but says how they ended: after a failed action CodePipeline runs no other, and the
 * alias could not be rolled back. The action that follows fails in its place.
 */
function reporting(commands: string[]): object {
  return {
    version: '0.2',
    env: { 'exported-variables': [RESULT_VARIABLE] },
    phases: {
      build: {
        commands: [
          `if ${commands.map((command) => `{ ${command}\n}`).join(' && ')}; then export ${RESULT_VARIABLE}=passed; else export ${RESULT_VARIABLE}=failed; fi`,
        ],
      },
    },
  };
}
