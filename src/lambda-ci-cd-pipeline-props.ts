import { Duration, Stack } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ApprovalOptions } from './approval';
import { ArtifactStoreOptions } from './artifact-store';
import { BuildProjectOptions } from './build-project';
import { CodeArtifact } from './code-artifact';
import { DeploymentAlarm } from './deployment-alarm';
import { DeploymentConfig } from './deployment-config';
import { NotificationOptions } from './notification';
import { requireInput, requireResult } from './private/input';
import { requireProjectName } from './private/project-name';
import { refuse, requireDuration, requireOfCdk, requirePattern, requireText } from './private/validation';
import { Source } from './source';
import { SourceBindOptions, SourceConfig } from './source/config';
import { TargetFunction } from './target-function';
import { VerificationOptions } from './verification';

/** Props of `LambdaCiCdPipeline`. Three are required. The others have defaults that are safe for production. */
export interface LambdaCiCdPipelineProps {
  /**
   * Name of the project, which names all resources: `<projectName>-pipeline`, `<projectName>-build`,
   * `<projectName>-artifact-store`, and so on. At most 48 lowercase letters, digits, and hyphens. A change replaces
   * everything except the function.
   */
  readonly projectName: string;

  /**
   * Description of the project, for the descriptions of its resources.
   *
   * @default - the name of the project
   */
  readonly projectDescription?: string;

  /** The source of the code, and what starts the pipeline. */
  readonly source: Source;

  /** The function that the pipeline releases to. */
  readonly targetFunction: TargetFunction;

  /**
   * How the package is built and tested.
   *
   * @default - the commands for the function's runtime: install the dependencies, run the unit tests, write the package
   */
  readonly buildProject?: BuildProjectOptions;

  /**
   * CodeArtifact repository from which the build installs dependencies.
   *
   * @default - the public registries
   */
  readonly codeArtifact?: CodeArtifact;

  /**
   * How the traffic shifts to a new version.
   *
   * @default DeploymentConfig.allAtOnce()
   */
  readonly deploymentConfig?: DeploymentConfig;

  /**
   * How long the alarms can still roll the deployment back after the last traffic shift: whole seconds, at most 15
   * minutes. Without a bake time, the alarms cannot stop an all-at-once deployment. The release function runs during
   * the bake, which costs about $0.01 for 5 minutes.
   *
   * @default Duration.minutes(5), or a minute longer than `window` and `delay` of the alarms on the new version
   */
  readonly bakeTime?: Duration;

  /**
   * Function that CodeDeploy invokes before the traffic shifts. It must call `PutLifecycleEventHookExecutionStatus`
   * within an hour.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
   */
  readonly preTrafficHook?: lambda.IFunction;

  /**
   * Function that is invoked after the last traffic shift and the bake time. It must respond in the same way as
   * `preTrafficHook`.
   *
   * @default - none
   */
  readonly postTrafficHook?: lambda.IFunction;

  /**
   * Alarms that stop a deployment and roll it back: at most 10.
   *
   * @default [DeploymentAlarm.errors(), DeploymentAlarm.throttles()]
   */
  readonly alarms?: DeploymentAlarm[];

  /**
   * When CodeDeploy rolls a deployment back.
   *
   * @default - when a deployment fails, when it is stopped, and when an alarm fires
   */
  readonly autoRollback?: codedeploy.AutoRollbackConfig;

  /**
   * Approvals between the build and the deployment, one after the other. A pending approval costs nothing.
   *
   * @default - none
   */
  readonly approvals?: ApprovalOptions[];

  /**
   * Integration tests against the live alias after the deployment.
   *
   * @default - none
   */
  readonly verification?: VerificationOptions;

  /**
   * Who is notified of failures, pending approvals, and successes.
   *
   * @default - nobody
   */
  readonly notifications?: NotificationOptions;

  /**
   * The bucket for the artifacts.
   *
   * @default - a new private encrypted bucket, `<projectName>-artifact-store-…`, which keeps artifacts for 30 days
   */
  readonly artifactStore?: ArtifactStoreOptions;

  /**
   * Role of the pipeline.
   *
   * @default - a new role
   */
  readonly pipelineRole?: iam.IRole;

  /**
   * Role with which CodeDeploy shifts the traffic.
   *
   * @default - a new role
   */
  readonly deploymentRole?: iam.IRole;

  /**
   * Role of the release function.
   *
   * @default - a new role
   */
  readonly releaseFunctionRole?: iam.IRole;
}

/**
 * Refuses invalid arguments, as far as they are independent of each other.
 *
 * @internal
 */
export function validateArguments(scope: Construct, id: string, props: LambdaCiCdPipelineProps): void {
  requireInput('LambdaCiCdPipeline', { scope, id, props });
  requireOfCdk('scope of LambdaCiCdPipeline', () => Stack.of(scope));
  requirePattern(id, /./, { prop: 'id of LambdaCiCdPipeline', allowed: 'a text', remedy: 'for example "Pipeline"' });
  const { projectName, projectDescription, artifactStore, targetFunction, bakeTime } = props;
  requireText('projectDescription', projectDescription, 200, 'shorten it, because it is part of other descriptions');
  requireProjectName(projectName, {
    bucket: !artifactStore?.bucket && !artifactStore?.bucketName,
    function: targetFunction._isNamedByProject,
  });
  requireDuration('bakeTime', bakeTime, {
    min: Duration.seconds(0),
    max: Duration.minutes(15),
    source: "Lambda's limit for the release function, which bakes",
    remedy: 'for example Duration.minutes(5)',
  });
}

/**
 * Returns the result of the source, and refuses an invalid result of a source of the user.
 *
 * @internal
 */
export function bindSource(source: Source, scope: Construct, options: SourceBindOptions): SourceConfig {
  const config = source.bind(scope, options);
  requireResult('bind of source', 'SourceConfig', config);
  return config;
}

/**
 * Refuses a source that does not fit the function. An image function needs an image source, or a build with access to
 * Docker. A function from a package needs neither.
 *
 * @internal
 */
export function validateSource(
  { buildProject }: LambdaCiCdPipelineProps,
  { source, imageRepository, template }: SourceAndTarget,
): void {
  requireFiles(source, template);
  const { containerImage, imageRepository: sourceRepository } = source;
  if (containerImage && !imageRepository) {
    refuse({
      prop: 'targetFunction',
      allowed: 'a function from container images, because the source is a container image',
      described: 'a function from a package',
      remedy: 'use TargetFunction.createFromImage({ repository }), or a source that contains code',
    });
  }
  if (sourceRepository && imageRepository && nameOfRepository(sourceRepository) !== nameOfRepository(imageRepository)) {
    refuse({
      prop: 'source',
      allowed: 'Source.ecr with the repository of TargetFunction.createFromImage',
      described: sourceRepository.node.path,
      remedy: `use the repository ${imageRepository.node.path} in both`,
    });
  }
  if (containerImage && buildProject) {
    refuse({
      prop: 'buildProject',
      allowed: 'omitted when the source is a container image, because there is nothing to build',
      remedy: 'remove it',
    });
  }
  const { environment, buildSpec } = buildProject ?? {};
  if (imageRepository && !containerImage && !environment?.privileged && !buildSpec) {
    refuse({
      prop: 'buildProject.environment.privileged',
      allowed: 'true, because the build of a container image needs the Docker daemon',
      given: environment?.privileged,
      remedy: 'set it to true, or use Source.ecr for images that are built elsewhere',
    });
  }
}

/** The release function reads the template from the files of the source. */
function requireFiles({ clonePermissions }: SourceConfig, template: object | undefined): void {
  if (template && clonePermissions) {
    refuse({
      prop: 'fullClone of the source',
      allowed: 'false or omitted with TargetFunction.createFromTemplate, because only CodeBuild can read a full clone',
      given: true,
      remedy: 'remove fullClone, or use TargetFunction.create',
    });
  }
}

/** What the source and the function must agree on. */
interface SourceAndTarget {
  readonly source: SourceConfig;
  readonly imageRepository?: ecr.IRepository;
  readonly template?: object;
}

function nameOfRepository(repository: ecr.IRepository): string {
  return JSON.stringify(repository.stack.resolve(repository.repositoryName));
}
