import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, CfnElement, DefaultStackSynthesizer, Duration, Stack } from 'aws-cdk-lib';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BuildProjectOptions } from './build-project';
import { CodeArtifact } from './code-artifact';
import { configSuffix, DeploymentConfig } from './deployment-config';
import { nameOf } from './handlers/release/contract';
import { LambdaCiCdPipeline } from './lambda-ci-cd-pipeline';
import * as parameters from './plain-parameters';
import { numberParameter, optionalParameter, pathProps, textParameter } from './plain-parameters';
import { acknowledge } from './private/acknowledgement';
import { RELEASE_BUNDLE } from './private/release-bundle';
import { familyOf } from './private/runtime/family';
import { isRetired } from './private/runtime/runtime';
import { refuse } from './private/validation';
import { Source } from './source';
import { TargetFunction } from './target-function';

/** The variants of the template. Everything else is a parameter of the template. */
export interface PlainTemplateOptions {
  readonly runtime: string;
  readonly architecture: string;
  /** `all-at-once`, `linear:<percentage>:<minutes>` or `canary:<percentage>:<minutes>`. */
  readonly deployment: string;
  /** `connection`, `codecommit` or `s3`. */
  readonly source: string;
  readonly codeArtifact: boolean;
}

/** A CloudFormation template that deploys without the CDK. */
export interface PlainTemplate {
  readonly template: any;
  /** The content of `./release-function/index.js`, which the template references. */
  readonly releaseFunction: Buffer;
}

/** Where the template expects the code of the release function. `aws cloudformation package` uploads this directory. */
const RELEASE_FUNCTION = './release-function';

/**
 * `${ProjectName}` in the build is a variable of the shell (E1029), `package` uploads the code (W3002), and the CDK
 * declares the dependencies on roles twice (W3005).
 */
const NO_FINDINGS = ['E1029', 'W3002', 'W3005'];

/**
 * Returns the pipeline as plain CloudFormation: the resources of the construct, with parameters for what differs
 * between projects. See docs/decisions/029-plain-cloudformation-from-the-construct.md.
 */
export function plainTemplate(options: PlainTemplateOptions): PlainTemplate {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'plain-template-'));
  try {
    const app = new App({ outdir, analyticsReporting: false });
    const stack = new PlainStack(app, 'Plain', {
      description: `CI/CD pipeline for a Lambda function (${options.runtime}, ${options.deployment})`,
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    });
    stack.templateOptions.metadata = { 'cfn-lint': { config: { ignore_checks: NO_FINDINGS } } };
    for (const id of ['F3033', 'W1030']) {
      // The rule has one id in aws-cdk-lib 2.262 and the other in 2.276.
      acknowledge(
        stack,
        `CloudFormation-Validate::${id}`,
        'the validator reads the empty default of an optional parameter; a condition replaces an empty value',
      );
    }
    addPipeline(stack, options);
    const { template } = app.synth().getStackByName(stack.stackName);
    template.Resources.ReleaseFunction.Properties.Code = RELEASE_FUNCTION;
    return { template, releaseFunction: fs.readFileSync(path.join(RELEASE_BUNDLE, 'index.js')) };
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

/**
 * Gives each resource its construct ID as the logical ID, for example `CodeBuildServiceRole`, without the hash of the
 * CDK.
 */
class PlainStack extends Stack {
  protected allocateLogicalId(element: CfnElement): string {
    const parts = element.node.path.split('/').slice(1);
    return parts
      .filter((part) => !['Default', 'Resource'].includes(part))
      .join('')
      .replace(/[^A-Za-z0-9]/g, '');
  }
}

function addPipeline(stack: Stack, options: PlainTemplateOptions): void {
  const runtime = requireRuntimeName(options.runtime);
  const projectName = textParameter(stack, 'ProjectName', parameters.PROJECT_NAME_PROPS);
  new LambdaCiCdPipeline(stack, 'Default', {
    projectName,
    projectDescription: optionalParameter(
      stack,
      'ProjectDescription',
      projectName,
      parameters.PROJECT_DESCRIPTION_PROPS,
    ),
    source: source(stack, options.source),
    targetFunction: targetFunction(stack, projectName, { runtime, architecture: architecture(options.architecture) }),
    buildProject: directories(stack, runtime),
    codeArtifact: options.codeArtifact ? codeArtifact(stack) : undefined,
    deploymentConfig: deploymentConfig(stack, projectName, options.deployment),
    // In seconds, because the CDK cannot convert the unit of a token.
    bakeTime: Duration.seconds(
      numberParameter(stack, 'BakeTimeSeconds', {
        description:
          'How long the alarms can still roll the deployment back after the last traffic shift; 0 for no bake',
        default: 300,
        minValue: 0,
        maxValue: 900,
      }),
    ),
  });
}

function requireRuntimeName(name: string): lambda.Runtime {
  const usable = lambda.Runtime.ALL.filter(
    (runtime) => !isRetired(runtime) && runtime.name !== lambda.Runtime.FROM_IMAGE.name && familyOf(runtime),
  );
  return (
    usable.find((runtime) => runtime.name === name) ??
    refuse({
      prop: '--runtime',
      allowed: `one of ${[...new Set(usable.map((runtime) => runtime.name))].sort().join(', ')}`,
      given: name,
      remedy: 'use the CDK construct for container images and other runtimes',
    })
  );
}

function architecture(name: string): lambda.Architecture {
  const all = [lambda.Architecture.X86_64, lambda.Architecture.ARM_64];
  return (
    all.find((each) => each.name === name) ??
    refuse({
      prop: '--architecture',
      allowed: 'x86_64 or arm64',
      given: name,
      remedy: 'arm64 costs less; x86_64 runs packages that are compiled only for x86_64',
    })
  );
}

function source(stack: Stack, kind: string): Source {
  const branch = () => textParameter(stack, 'Branch', parameters.BRANCH_PROPS);
  switch (kind) {
    case 'connection':
      return Source.connection(textParameter(stack, 'Repository', parameters.CONNECTION_REPOSITORY_PROPS), {
        branch: branch(),
        connectionArn: textParameter(stack, 'ConnectionArn', parameters.CONNECTION_ARN_PROPS),
      });
    case 'codecommit': {
      const repositoryName = textParameter(stack, 'Repository', parameters.CODE_COMMIT_REPOSITORY_PROPS);
      return Source.codeCommit(codecommit.Repository.fromRepositoryName(stack, 'Source', repositoryName), {
        branch: branch(),
      });
    }
    case 's3': {
      const bucketName = textParameter(stack, 'SourceBucket', parameters.SOURCE_BUCKET_PROPS);
      return Source.s3(
        s3.Bucket.fromBucketName(stack, 'Source', bucketName),
        textParameter(stack, 'SourceKey', parameters.SOURCE_KEY_PROPS),
      );
    }
    default:
      return refuse({
        prop: '--source',
        allowed: 'connection, codecommit, or s3',
        given: kind,
        remedy: 'use connection for GitHub, GitLab, and Bitbucket',
      });
  }
}

function targetFunction(
  stack: Stack,
  projectName: string,
  made: Pick<lambda.FunctionProps, 'runtime' | 'architecture'>,
): TargetFunction {
  return TargetFunction.create({
    ...made,
    functionName: optionalParameter(stack, 'FunctionName', projectName, parameters.FUNCTION_NAME_PROPS),
    handler: textParameter(stack, 'Handler', parameters.handlerProps(made.runtime)),
    memorySize: numberParameter(stack, 'MemorySize', {
      description: 'Memory of the function in MB',
      default: 128,
      minValue: 128,
      maxValue: 10240,
    }),
    timeout: Duration.seconds(
      numberParameter(stack, 'Timeout', {
        description: 'Timeout of the function in seconds',
        default: 3,
        minValue: 1,
        maxValue: 900,
      }),
    ),
  });
}

type Directories = Pick<BuildProjectOptions, 'sourceDirectory' | 'testDirectory' | 'dependencyFile'>;

/**
 * Returns a parameter for each directory and file that the recipe of the runtime uses. The defaults are the layout of
 * the design document.
 */
function directories(stack: Stack, runtime: lambda.Runtime): Directories {
  const { sourceDirectory, testDirectory, dependencyFile } = familyOf(runtime)?.plainLayout ?? {};
  const file = (name: string, description: string, otherwise?: string) =>
    otherwise === undefined ? undefined : textParameter(stack, name, pathProps(description, otherwise));
  return {
    sourceDirectory: file(
      'SourceDirectory',
      'Directory whose content becomes the root of the package',
      sourceDirectory,
    ),
    testDirectory: file('TestDirectory', 'Directory of the unit tests', testDirectory),
    dependencyFile: file('DependencyFile', 'File that declares the dependencies', dependencyFile),
  };
}

function codeArtifact(stack: Stack): CodeArtifact {
  const { domain, repository, owner } = parameters.CODE_ARTIFACT_PROPS;
  return CodeArtifact.existing({
    domainName: textParameter(stack, 'CodeArtifactDomain', domain),
    repositoryName: textParameter(stack, 'CodeArtifactRepository', repository),
    domainOwner: optionalParameter(stack, 'CodeArtifactDomainOwner', stack.account, owner),
  });
}

function deploymentConfig(stack: Stack, projectName: string, deployment: string): DeploymentConfig {
  const named = (suffix: string) =>
    optionalParameter(
      stack,
      'DeploymentConfigName',
      `${nameOf('deploymentConfig', projectName)}${suffix}`,
      parameters.DEPLOYMENT_CONFIG_NAME_PROPS,
    );
  if (deployment === 'all-at-once') {
    return DeploymentConfig.allAtOnce({ deploymentConfigName: named('') });
  }
  const [, kind, percentage, minutes] =
    /^(linear|canary):(\d+):(\d+)$/.exec(deployment) ??
    refuse({
      prop: '--deployment',
      allowed: 'all-at-once, linear:<percentage>:<minutes>, or canary:<percentage>:<minutes>',
      given: deployment,
      remedy: 'for example linear:25:10, which shifts 25 percent every 10 minutes',
    });
  const options = {
    deploymentConfigName: named(configSuffix(kind, Number(percentage), Number(minutes))),
    percentage: Number(percentage),
    interval: Duration.minutes(Number(minutes)),
  };
  return kind === 'linear' ? DeploymentConfig.linear(options) : DeploymentConfig.canary(options);
}
