import { Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { nameOf, VERIFICATION_RESULTS } from './handlers/release/contract';
import { arnOf } from './private/arn';
import { acknowledgeProject, createBuildLogGroup, plaintextVariables } from './private/code-build';
import { buildImage } from './private/runtime/build-image';
import { requireReferences } from './private/secret';
import { refuse, requireDuration } from './private/validation';

/** Integration tests against the live alias after the deployment. */
export interface VerificationOptions {
  /**
   * Commands that run in the root of the repository. `FUNCTION_NAME`, `ALIAS_NAME` and `ALIAS_ARN` identify the live
   * alias. The commands may only invoke the alias.
   */
  readonly commands: string[];

  /**
   * Whether a failed command moves the alias back to the previous version. The failed version stays published.
   *
   * @default true
   */
  readonly rollBack?: boolean;

  /**
   * Build environment of the commands, for example the image and the compute type.
   *
   * @default - the image of the build project
   */
  readonly environment?: codebuild.BuildEnvironment;

  /**
   * Additional environment variables for the commands.
   *
   * @default - none
   */
  readonly environmentVariables?: { [name: string]: codebuild.BuildEnvironmentVariable };

  /**
   * Timeout of the commands: between 5 minutes and 8 hours.
   *
   * @default Duration.minutes(15)
   */
  readonly timeout?: Duration;

  /**
   * Role of the commands.
   *
   * @default - a new role that may invoke the alias
   */
  readonly role?: iam.IRole;
}

/**
 * What the verification tests.
 *
 * @internal
 */
export interface VerificationProps {
  readonly projectName: string;
  readonly target: {
    readonly functionName: string;
    readonly aliasName: string;
    readonly alias: lambda.IAlias;
    readonly architecture: lambda.Architecture;
    readonly runtime: lambda.Runtime;
  };
  readonly options: VerificationOptions;
}

/**
 * Name of the variable that carries the result of the commands to the action that rolls back.
 *
 * @internal
 */
export const RESULT_VARIABLE = 'VERIFICATION';

/**
 * Creates the CodeBuild project that runs the tests against the alias.
 *
 * @internal
 */
export function createVerificationProject(scope: Construct, props: VerificationProps): codebuild.PipelineProject {
  const { projectName, target, options } = props;
  const { functionName, aliasName, alias } = target;
  validate(options);
  const name = nameOf('verificationProject', projectName);
  createBuildLogGroup(scope, 'VerificationLogGroup', name);
  const project = new codebuild.PipelineProject(scope, 'VerificationProject', {
    projectName: name,
    description: `Tests the live alias of ${projectName}`,
    role: options.role,
    grantReportGroupPermissions: false,
    environment: {
      buildImage: buildImage(target.runtime, target.architecture),
      computeType: codebuild.ComputeType.SMALL,
      ...options.environment,
    },
    environmentVariables: {
      ...plaintextVariables({ FUNCTION_NAME: functionName, ALIAS_NAME: aliasName, ALIAS_ARN: alias.functionArn }),
      ...options.environmentVariables,
    },
    timeout: options.timeout ?? Duration.minutes(15),
    buildSpec: codebuild.BuildSpec.fromObject(renderBuildSpec(options)),
  });
  project.addToRolePolicy(
    new iam.PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [arnOf(scope, 'lambda', 'function', `${functionName}:${aliasName}`)],
    }),
  );
  acknowledgeProject(scope, project);
  return project;
}

function renderBuildSpec({ commands, rollBack = true }: VerificationOptions): object {
  return rollBack ? reportResult(commands) : { version: '0.2', phases: { build: { commands } } };
}

/**
 * The build reports the result of the commands instead of failing, because CodePipeline runs no further action after a
 * failed one, and nothing could roll the alias back. The next action fails instead. See
 * docs/decisions/025-a-verification-reports-instead-of-failing.md.
 */
function reportResult(commands: string[]): object {
  const { passed, failed } = VERIFICATION_RESULTS;
  const allPass = commands.map((command) => `{ ${command}\n}`).join(' && ');
  const report = `export ${RESULT_VARIABLE}=${passed}; else export ${RESULT_VARIABLE}=${failed}`;
  return {
    version: '0.2',
    env: { 'exported-variables': [RESULT_VARIABLE] },
    phases: { build: { commands: [`if ${allPass}; then ${report}; fi`] } },
  };
}

function validate({ commands, timeout, environmentVariables }: VerificationOptions): void {
  if (commands.length === 0) {
    refuse({
      prop: 'verification.commands',
      allowed: 'a list of at least one command',
      given: commands,
      remedy: 'omit verification to skip the stage',
    });
  }
  requireDuration('verification.timeout', timeout, {
    min: Duration.minutes(5),
    max: Duration.hours(8),
    source: "CodeBuild's limits",
    remedy: 'for example Duration.minutes(15)',
  });
  requireReferences('verification.environmentVariables', environmentVariables);
}
