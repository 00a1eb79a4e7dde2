import { Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { nameOf } from './handlers/release/contract';
import { acknowledgeProject, createBuildLogging, plaintextVariables, requireCommands } from './private/code-build';
import { buildImage } from './private/runtime/build-image';
import { requireReferences } from './private/secret';
import { refuse, requireDuration, requireOfCdk } from './private/validation';

/** Integration tests against the live alias after the deployment. */
export interface VerificationOptions {
  /**
   * Commands that run in the root of the repository, one after the other, each in a shell of its own. The first command
   * that fails ends the verification. `FUNCTION_NAME`, `ALIAS_NAME` and `ALIAS_ARN` identify the live alias. The
   * commands may only invoke the alias.
   */
  readonly commands: string[];

  /**
   * Whether a failed verification moves the alias back to the previous version: a failed command, a timeout, or a build
   * that does not start. The failed version stays published.
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
    readonly functionArn: string;
    readonly architecture: lambda.Architecture;
    readonly runtime: lambda.Runtime;
  };
  /** The permissions to clone the repository, if the source is a full clone. */
  readonly clonePermissions?: iam.PolicyStatement[];
  readonly options: VerificationOptions;
}

/**
 * Creates the CodeBuild project that runs the tests against the alias.
 *
 * @internal
 */
export function createVerificationProject(scope: Construct, props: VerificationProps): codebuild.PipelineProject {
  const { projectName, target, options } = props;
  const { functionName, functionArn, aliasName } = target;
  const aliasArn = `${functionArn}:${aliasName}`;
  validate(options);
  const name = nameOf('verificationProject', projectName);
  const project = createProject(scope, {
    projectName: name,
    description: `Tests the live alias of ${projectName}`,
    role: options.role,
    logging: createBuildLogging(scope, 'VerificationLogGroup'),
    grantReportGroupPermissions: false,
    environment: {
      buildImage: buildImage(target.runtime, target.architecture),
      computeType: codebuild.ComputeType.SMALL,
      ...options.environment,
    },
    environmentVariables: {
      ...plaintextVariables({ FUNCTION_NAME: functionName, ALIAS_NAME: aliasName, ALIAS_ARN: aliasArn }),
      ...options.environmentVariables,
    },
    timeout: options.timeout ?? Duration.minutes(15),
    buildSpec: codebuild.BuildSpec.fromObject(renderBuildSpec(options)),
  });
  project.addToRolePolicy(
    new iam.PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [aliasArn],
    }),
  );
  props.clonePermissions?.forEach((statement) => project.addToRolePolicy(statement));
  acknowledgeProject(scope, project);
  return project;
}

function createProject(scope: Construct, props: codebuild.PipelineProjectProps): codebuild.PipelineProject {
  return requireOfCdk('verification', () => new codebuild.PipelineProject(scope, 'VerificationProject', props));
}

/**
 * Each command runs in a shell of its own: a command that exits, sets options, or ends with a comment affects no other
 * command. CodeBuild takes the exit status, so `set -e` works as in a script.
 */
function renderBuildSpec({ commands }: VerificationOptions): object {
  return { version: '0.2', phases: { build: { commands: commands.map((command) => `( ${command}\n)`) } } };
}

function validate({ commands, timeout, environment, environmentVariables }: VerificationOptions): void {
  if (commands.length === 0) {
    refuse({
      prop: 'verification.commands',
      allowed: 'a list of at least one command',
      given: commands,
      remedy: 'omit verification to skip the stage',
    });
  }
  requireCommands('verification.commands', commands);
  requireDuration('verification.timeout', timeout, {
    min: Duration.minutes(5),
    max: Duration.hours(8),
    unit: 'minutes',
    source: "CodeBuild's limits",
    remedy: 'for example Duration.minutes(15)',
  });
  requireReferences('verification.environmentVariables', environmentVariables);
  requireReferences('verification.environment.environmentVariables', environment?.environmentVariables);
}
