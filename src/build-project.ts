import * as path from 'node:path';
import { ArnFormat, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { CodeArtifact, CodeArtifactConfig, PackageFormat } from './code-artifact';
import { acknowledge, acknowledgeWildcard } from './private/acknowledgement';
import { arnOf } from './private/arn';
import { requireBuildEnvironment, requireCache } from './private/build-environment';
import { renderBuildSpec } from './private/build-spec';
import { recipe } from './private/runtime';
import { buildImage } from './private/runtime/build-image';
import { Recipe } from './private/runtime/recipe';
import { requireReferences } from './private/secret';
import { refuse, requireDuration, requireRepositoryPath } from './private/validation';

/**
 * How the package is built and tested. All that the CDK knows of a CodeBuild project can be set too.
 */
export interface BuildProjectOptions extends codebuild.CommonProjectProps {
  /**
   * Directory whose content is the root of the package, relative to the repository's root.
   *
   * @default '.'
   */
  readonly sourceDirectory?: string;

  /**
   * Directory of the unit tests, relative to the repository's root. It never goes into the package.
   *
   * @default - `tests`; without such a directory the build says that it ran no unit tests
   */
  readonly testDirectory?: string;

  /**
   * File that names the dependencies, relative to the repository's root. One that is given has to be there.
   *
   * @default - `requirements.txt` for Python, `package.json` for Node.js
   */
  readonly dependencyFile?: string;

  /**
   * Commands of the phase `install`, which installs the dependencies. The login to CodeArtifact stays in front of them.
   *
   * @default - by the runtime
   */
  readonly installCommands?: string[];

  /**
   * Commands of the phase `pre_build`, which runs the unit tests. Test reports are taken from `reports/*.xml`, in JUnit's format.
   *
   * @default - by the runtime
   */
  readonly preBuildCommands?: string[];

  /**
   * Whether CodeBuild shows how much of the code the unit tests reach. `preBuildCommands` of your own write it to `coverage-report/*.xml` in
   * Cobertura's format, or, for Java, leave JaCoCo's where Maven and Gradle have it.
   *
   * @default false
   */
  readonly coverageReport?: boolean;

  /**
   * Commands of the phase `build`, which writes the package `${ProjectName}.zip` into the repository's root.
   *
   * @default - by the runtime
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
 * What the build project is made for.
 *
 * @internal
 */
export interface BuildProjectProps {
  readonly projectName: string;
  readonly projectDescription: string;
  readonly runtime: lambda.Runtime;
  readonly architecture: lambda.Architecture;
  readonly codeArtifact?: CodeArtifact;
  /** Repository that the build pushes images to, for a function that is made from them. */
  readonly imageRepository?: ecr.IRepository;
  readonly options: BuildProjectOptions;
}

/**
 * The CodeBuild project with its service role.
 *
 * @internal
 */
export function buildProject(scope: Construct, props: BuildProjectProps): codebuild.PipelineProject {
  const { projectName, projectDescription, imageRepository, options } = props;
  validate(props);
  const codeArtifact = props.codeArtifact?._bind(scope, packageFormat(props.runtime));
  const {
    sourceDirectory,
    testDirectory,
    dependencyFile,
    coverageReport,
    installCommands,
    preBuildCommands,
    buildCommands,
    postBuildCommands,
    ...projectProps
  } = options;
  const name = options.projectName ?? `${projectName}-build`;
  const role = options.role ?? buildRole(scope, name);
  if (!options.logging) {
    // CodeBuild logs to the group of this name by itself; made here, it expires.
    new logs.LogGroup(scope, 'CodeBuildLogGroup', {
      logGroupName: `/aws/codebuild/${name}`,
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
  const project = new codebuild.PipelineProject(scope, 'CodeBuildProject', {
    ...projectProps,
    projectName: name,
    description: options.description ?? `Build project for ${projectDescription}`,
    role,
    buildSpec: options.buildSpec ?? buildSpec(props, codeArtifact),
    // An image of the user's comes with its own size: those of Lambda compute take no other.
    environment: {
      ...(options.environment?.buildImage
        ? {}
        : { buildImage: buildImage(props.runtime, props.architecture), computeType: codebuild.ComputeType.SMALL }),
      ...options.environment,
    },
    environmentVariables: {
      ...variables({ ProjectName: projectName, ...codeArtifact?.environment }),
      ...(imageRepository ? variables({ REPOSITORY_URI: imageRepository.repositoryUri }) : {}),
      ...options.environmentVariables,
    },
  });
  codeArtifact?.statements.forEach((statement) => project.addToRolePolicy(statement));
  imageRepository?.grantPullPush(project);
  acknowledgeFindings(scope, project);
  return project;
}

function acknowledgeFindings(scope: Construct, project: codebuild.PipelineProject): void {
  for (const id of ['F1029', 'E1029']) {
    // the same rule in aws-cdk-lib 2.262 and 2.276
    acknowledge(
      project,
      `CloudFormation-Validate::${id}`,
      '${ProjectName} is a variable of the shell: CodeBuild puts its value in',
    );
  }
  acknowledge(
    project,
    'AwsSolutions-CB4',
    'artifacts are encrypted as their bucket is, with the key of artifactStore.encryptionKey when there is one',
  );
  const role = project.role!;
  acknowledgeWildcard(
    role,
    arnOf(scope, 'logs', 'log-group', `/aws/codebuild/${project.projectName}:*`),
    'CodeBuild makes up the names of the log streams',
  );
  acknowledgeWildcard(
    role,
    arnOf(scope, 'codebuild', 'report-group', `${project.projectName}-*`, ArnFormat.SLASH_RESOURCE_NAME),
    'the report groups are named in the build specification, after the project',
  );
  acknowledgeWildcard(role, '*', 'sts:GetServiceBearerToken and what CodeBuild asks of a VPC have no resource type');
}

function variables(values: { [name: string]: string }): { [name: string]: codebuild.BuildEnvironmentVariable } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

function packageFormat(runtime: lambda.Runtime): PackageFormat | undefined {
  switch (runtime.family) {
    case lambda.RuntimeFamily.PYTHON:
      return PackageFormat.PYPI;
    case lambda.RuntimeFamily.NODEJS:
      return PackageFormat.NPM;
    case lambda.RuntimeFamily.JAVA:
      return PackageFormat.MAVEN;
    case lambda.RuntimeFamily.DOTNET_CORE:
      return PackageFormat.NUGET;
    default:
      return undefined;
  }
}

/** CodeBuild's own default. */
const DEFAULT_TIMEOUT_HOURS = 1;

function buildRole(scope: Construct, projectName: string): iam.Role {
  return new iam.Role(scope, 'CodeBuildServiceRole', {
    assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com', {
      conditions: {
        ArnEquals: {
          'aws:SourceArn': arnOf(scope, 'codebuild', 'project', projectName, ArnFormat.SLASH_RESOURCE_NAME),
        },
      },
    }),
    description: `Builds and tests the code of ${projectName}: it has no right on the function, because code that runs in a build must not change production`,
  });
}

function buildSpec(
  { runtime, architecture, options }: BuildProjectProps,
  codeArtifact?: CodeArtifactConfig,
): codebuild.BuildSpec {
  const defaults = recipeOf(runtime, architecture, options);
  const timeout = options.timeout ?? Duration.hours(DEFAULT_TIMEOUT_HOURS);
  return renderBuildSpec({
    ...options,
    recipe: defaults,
    loginCommands: codeArtifact?.loginCommands(defaults?.tool, timeout) ?? [],
    cachePaths: options.cache?._toCloudFormation() ? (defaults?.cachePaths ?? []) : [],
  });
}

function recipeOf(
  runtime: lambda.Runtime,
  architecture: lambda.Architecture,
  options: BuildProjectOptions,
): Recipe | undefined {
  return recipe(runtime, architecture, {
    sourceDirectory: plain(options.sourceDirectory ?? '.'),
    testDirectory: plain(options.testDirectory ?? 'tests'),
    testDirectoryRequired: options.testDirectory !== undefined,
    dependencyFile: options.dependencyFile && plain(options.dependencyFile),
    coverage: options.coverageReport,
  });
}

/** `./tests/` is `tests`: the recipes compare directories. */
function plain(directory: string): string {
  return path.posix.normalize(directory).replace(/(?<=.)\/$/, '');
}

function validate({ runtime, architecture, options }: BuildProjectProps): void {
  requireRepositoryPath('buildProject.sourceDirectory', options.sourceDirectory);
  requireRepositoryPath('buildProject.testDirectory', options.testDirectory);
  requireRepositoryPath('buildProject.dependencyFile', options.dependencyFile);
  requireDuration(
    'buildProject.timeout',
    options.timeout,
    Duration.minutes(5),
    Duration.minutes(2160),
    'CodeBuild takes no other',
  );
  requireDuration(
    'buildProject.queuedTimeout',
    options.queuedTimeout,
    Duration.minutes(5),
    Duration.hours(8),
    'CodeBuild takes no other',
  );
  requireBuildEnvironment(options, architecture);
  if (options.checkSecretsInPlainTextEnvVariables ?? true) {
    requireReferences('buildProject.environmentVariables', options.environmentVariables);
    requireReferences('buildProject.environment.environmentVariables', options.environment?.environmentVariables);
  }
  const given = (names: string[]) => names.filter((name) => options[name as keyof BuildProjectOptions] !== undefined);
  const commands = ['installCommands', 'preBuildCommands', 'buildCommands', 'postBuildCommands'];
  const replaced = given(['sourceDirectory', 'testDirectory', 'dependencyFile', 'coverageReport', ...commands]);
  requireCache(
    options,
    given(['buildSpec', ...commands]).length ? undefined : recipeOf(runtime, architecture, options)?.cachePaths,
  );
  if (options.buildSpec && replaced.length > 0) {
    refuse({
      prop: `buildProject.${replaced[0]}`,
      allowed: 'left out when buildProject.buildSpec is given, which replaces it',
      given: replaced,
      remedy: 'leave one of them out',
    });
  }
  if (options.coverageReport && runtime.name === lambda.Runtime.FROM_IMAGE.name && !options.preBuildCommands) {
    refuse({
      prop: 'buildProject.coverageReport',
      allowed: 'left out for an image, whose build runs no tests by itself',
      given: true,
      remedy: 'leave it out, or give the tests as buildProject.preBuildCommands',
    });
  }
  if (!options.buildSpec && !options.buildCommands && !recipeOf(runtime, architecture, options)) {
    refuse({
      prop: 'buildProject',
      allowed: `given with buildSpec or buildCommands, because there is no recipe for ${runtime.name}`,
      given: options,
      remedy: "write ${ProjectName}.zip into the repository's root",
    });
  }
}
