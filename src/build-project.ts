import * as path from 'node:path';
import { ArnFormat, Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CodeArtifact, CodeArtifactConfig, PackageFormat } from './code-artifact';
import { nameOf, runtimeFamily } from './handlers/release/contract';
import { acknowledge, acknowledgeWildcard } from './private/acknowledgement';
import { arnOf } from './private/arn';
import { requireBuildEnvironment, requireCache } from './private/build-environment';
import { renderBuildSpec } from './private/build-spec';
import { acknowledgeProject, createBuildLogging, plaintextVariables, requireCommands } from './private/code-build';
import { recipe } from './private/runtime';
import { buildImage } from './private/runtime/build-image';
import { familyOf } from './private/runtime/family';
import { Recipe } from './private/runtime/recipe';
import { requireReferences } from './private/secret';
import { Statement } from './private/statement';
import {
  isKnown,
  refuse,
  requireDuration,
  requireInteger,
  requireOfCdk,
  requirePattern,
  requireRepositoryPath,
  requireText,
} from './private/validation';

/** How the package is built and tested. Includes every option of a CDK project. */
export interface BuildProjectOptions extends codebuild.CommonProjectProps {
  /**
   * Directory whose content becomes the root of the package, relative to the root of the repository.
   *
   * @default '.'
   */
  readonly sourceDirectory?: string;

  /**
   * Directory of the unit tests, relative to the root of the repository. The package never contains this directory.
   *
   * @default - `tests/unit`, `tests`, or `test` in the source directory or in a directory above it; without such a
   * directory, the build logs that there are no unit tests
   */
  readonly testDirectory?: string;

  /**
   * File that declares the dependencies, relative to the root of the repository. If you set this option, the file must
   * exist.
   *
   * @default - the first that the package managers of the runtime know, in the source directory or above it
   */
  readonly dependencyFile?: string;

  /**
   * Commands of the phase `install`, which installs the dependencies. They run after the login to CodeArtifact.
   *
   * @default - commands for the runtime
   */
  readonly installCommands?: string[];

  /**
   * Commands of the phase `pre_build`, which runs the unit tests. CodeBuild reads the test reports from
   * `reports/*.xml`, in JUnit format.
   *
   * @default - commands for the runtime
   */
  readonly preBuildCommands?: string[];

  /**
   * Whether CodeBuild reports the code coverage of the unit tests. If you set `preBuildCommands`, the commands must
   * write the coverage to `coverage-report/*.xml` in Cobertura format or, for Java, to the default paths of JaCoCo in
   * Maven and Gradle.
   *
   * @default false
   */
  readonly coverageReport?: boolean;

  /**
   * Commands of the phase `build`, which writes the package `${ProjectName}.zip` to the root of the repository.
   *
   * @default - commands for the runtime
   */
  readonly buildCommands?: string[];

  /**
   * Commands of the phase `post_build`.
   *
   * @default - none
   */
  readonly postBuildCommands?: string[];
}

/**
 * What the project builds.
 *
 * @internal
 */
export interface BuildProjectProps {
  readonly projectName: string;
  readonly projectDescription: string;
  readonly target: {
    readonly runtime: lambda.Runtime;
    readonly architecture: lambda.Architecture;
    /** Repository to which the build pushes images, for a function from container images. */
    readonly imageRepository?: ecr.IRepository;
  };
  readonly codeArtifact?: CodeArtifact;
  /** The permissions to clone the repository, if the source is a full clone. */
  readonly clonePermissions?: iam.PolicyStatement[];
  readonly options: BuildProjectOptions;
}

/**
 * Creates the CodeBuild project with its service role.
 *
 * @internal
 */
export function createBuildProject(scope: Construct, props: BuildProjectProps): codebuild.PipelineProject {
  const { projectName, projectDescription, target, options } = props;
  const { runtime, architecture, imageRepository } = target;
  validate(props);
  const codeArtifact = props.codeArtifact?._bind(scope, packageFormat(runtime));
  const name = options.projectName ?? nameOf('buildProject', projectName);
  const role = options.role ?? createRole(scope, name);
  const project = createProject(scope, {
    ...projectProps(options),
    logging: options.logging ?? createBuildLogging(scope, 'CodeBuildLogGroup'),
    projectName: name,
    description: options.description ?? `Build project for ${projectDescription}`,
    role,
    buildSpec: options.buildSpec ?? defaultBuildSpec(props, codeArtifact),
    // The image of the user determines the compute type: a Lambda compute image accepts only Lambda compute types.
    environment: {
      ...(options.environment?.buildImage
        ? {}
        : { buildImage: buildImage(runtime, architecture), computeType: codebuild.ComputeType.SMALL }),
      ...options.environment,
    },
    environmentVariables: {
      ...plaintextVariables({ ProjectName: projectName, ...codeArtifact?.environment }),
      ...(imageRepository ? plaintextVariables({ REPOSITORY_URI: imageRepository.repositoryUri }) : {}),
      ...options.environmentVariables,
    },
  });
  [...(codeArtifact?.statements ?? []), ...(props.clonePermissions ?? [])].forEach((statement) =>
    project.addToRolePolicy(statement),
  );
  Statement.acknowledge(role, codeArtifact?.statements ?? []);
  imageRepository?.grantPullPush(project);
  acknowledgeFindings(scope, project);
  return project;
}

function createProject(scope: Construct, props: codebuild.PipelineProjectProps): codebuild.PipelineProject {
  return requireOfCdk('buildProject', () => new codebuild.PipelineProject(scope, 'CodeBuildProject', props));
}

/** Returns the options of the CDK's project, without the options of this library. */
function projectProps({
  sourceDirectory,
  testDirectory,
  dependencyFile,
  coverageReport,
  installCommands,
  preBuildCommands,
  buildCommands,
  postBuildCommands,
  ...props
}: BuildProjectOptions): codebuild.CommonProjectProps {
  return props;
}

/**
 * Returns the directory that the default commands pack; undefined if commands of the user make the package.
 *
 * @internal
 */
export function packedDirectory({
  buildSpec,
  buildCommands,
  sourceDirectory,
}: BuildProjectOptions): string | undefined {
  return buildSpec || buildCommands ? undefined : normalize(sourceDirectory ?? '.');
}

function acknowledgeFindings(scope: Construct, project: codebuild.PipelineProject): void {
  // The rule has one id in aws-cdk-lib 2.262 and the other in 2.276.
  for (const id of ['F1029', 'E1029']) {
    acknowledge(project, `CloudFormation-Validate::${id}`, '${ProjectName} is a variable of the shell in the build');
  }
  acknowledgeProject(scope, project);
  acknowledgeWildcard(
    project.role!,
    arnOf(scope, 'codebuild', 'report-group', `${project.projectName}-*`, ArnFormat.SLASH_RESOURCE_NAME),
    'the build specification names the report groups of the project',
  );
  acknowledgeWildcard(project.role!, '*', 'the permissions of CodeBuild in a VPC have no resource type');
}

function packageFormat(runtime: lambda.Runtime): PackageFormat | undefined {
  const format = familyOf(runtime)?.codeArtifact?.format;
  return Object.values(PackageFormat).find((each) => each === format);
}

// The role has no permission for the function: docs/design-document.md#permissions-of-the-build.
function createRole(scope: Construct, name: string): iam.Role {
  return new iam.Role(scope, 'CodeBuildServiceRole', {
    assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com', {
      conditions: {
        ArnEquals: {
          'aws:SourceArn': arnOf(scope, 'codebuild', 'project', name, ArnFormat.SLASH_RESOURCE_NAME),
        },
      },
    }),
    description: `Builds and tests the code of ${name}, without permissions for the function`,
  });
}

/** https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html */
const DEFAULT_TIMEOUT_HOURS = 1;

function defaultBuildSpec(
  { target, options, clonePermissions }: BuildProjectProps,
  codeArtifact?: CodeArtifactConfig,
): codebuild.BuildSpec {
  const defaults = recipeOf(target, options);
  const timeout = options.timeout ?? Duration.hours(DEFAULT_TIMEOUT_HOURS);
  return renderBuildSpec({
    ...options,
    recipe: defaults,
    isClone: clonePermissions !== undefined,
    loginCommands: codeArtifact?.loginCommands(familyOf(target.runtime)?.codeArtifact?.tool, timeout) ?? [],
    cachePaths: options.cache?._toCloudFormation() ? (defaults?.cachePaths ?? []) : [],
  });
}

/**
 * Returns the recipe for the phases without commands of the user. With `buildCommands`, a provided runtime can have any
 * language, and the project has no recipe.
 */
function recipeOf(
  { runtime, architecture }: BuildProjectProps['target'],
  options: BuildProjectOptions,
): Recipe | undefined {
  if (options.buildCommands && runtimeFamily(runtime.name) === 'provided') {
    return undefined;
  }
  const { sourceDirectory, testDirectory, dependencyFile, coverageReport } = options;
  return recipe(runtime, architecture, {
    sourceDirectory: normalize(sourceDirectory),
    testDirectory: normalize(testDirectory),
    dependencyFile: normalize(dependencyFile),
    coverage: coverageReport,
  });
}

/** Turns `./tests/` into `tests`. */
function normalize(directory: string | undefined): string | undefined {
  return isKnown(directory) ? path.posix.normalize(directory).replace(/(?<=.)\/$/, '') : directory;
}

function validate(props: BuildProjectProps): void {
  const { target, options } = props;
  requireRepositoryPath('buildProject.sourceDirectory', options.sourceDirectory);
  requireRepositoryPath('buildProject.testDirectory', options.testDirectory);
  requireRepositoryPath('buildProject.dependencyFile', options.dependencyFile);
  requireDuration('buildProject.timeout', options.timeout, {
    min: Duration.minutes(5),
    max: Duration.minutes(2160),
    unit: 'minutes',
    source: "CodeBuild's limits",
    remedy: 'for example Duration.hours(1)',
  });
  requireDuration('buildProject.queuedTimeout', options.queuedTimeout, {
    min: Duration.minutes(5),
    max: Duration.hours(8),
    unit: 'minutes',
    source: "CodeBuild's limits",
    remedy: 'for example Duration.hours(8)',
  });
  requireText('buildProject.description', options.description, 255, 'shorten it');
  requirePattern(options.projectName, /^[A-Za-z0-9][\w-]{1,149}$/, {
    prop: 'buildProject.projectName',
    allowed: '2 to 150 letters, digits, hyphens, and underscores, starting with a letter or a digit',
    remedy: 'choose another name',
  });
  requireInteger('buildProject.concurrentBuildLimit', options.concurrentBuildLimit, 1, 10_000, 'omit it for no limit');
  requireInteger('buildProject.autoRetryLimit', options.autoRetryLimit, 0, 10, 'omit it for no retries');
  requireBuildEnvironment(options, target.architecture);
  if (options.checkSecretsInPlainTextEnvVariables ?? true) {
    requireReferences('buildProject.environmentVariables', options.environmentVariables);
    requireReferences('buildProject.environment.environmentVariables', options.environment?.environmentVariables);
  }
  validateCommands(props);
}

const COMMANDS = ['installCommands', 'preBuildCommands', 'buildCommands', 'postBuildCommands'] as const;
const REPLACED = ['sourceDirectory', 'testDirectory', 'dependencyFile', 'coverageReport', ...COMMANDS] as const;

/** The commands come from a build specification, from the options, or from the recipe of the runtime. */
function validateCommands({ target, options }: BuildProjectProps): void {
  COMMANDS.forEach((name) => requireCommands(`buildProject.${name}`, options[name]));
  const { runtime } = target;
  const defaults = recipeOf(target, options);
  const hasCommands = COMMANDS.some((name) => options[name] !== undefined);
  requireCache(options, options.buildSpec || hasCommands ? undefined : defaults?.cachePaths);
  const replaced = REPLACED.find((name) => options[name] !== undefined);
  if (options.buildSpec && replaced) {
    refuse({
      prop: `buildProject.${replaced}`,
      allowed: 'omitted with buildProject.buildSpec, which replaces it',
      given: options[replaced],
      remedy: 'remove one of the two',
    });
  }
  if (options.coverageReport && runtime.name === lambda.Runtime.FROM_IMAGE.name && !options.preBuildCommands) {
    refuse({
      prop: 'buildProject.coverageReport',
      allowed: 'omitted for a container image, because the default build of an image runs no tests',
      given: options.coverageReport,
      remedy: 'remove it, or run the tests with buildProject.preBuildCommands',
    });
  }
  if (!options.buildSpec && !options.buildCommands && !defaults) {
    refuse({
      prop: 'buildProject',
      allowed: `set with buildSpec or buildCommands, because there are no default commands for ${runtime.name}`,
      given: options,
      remedy: 'the commands must write ${ProjectName}.zip to the root of the repository',
    });
  }
}
