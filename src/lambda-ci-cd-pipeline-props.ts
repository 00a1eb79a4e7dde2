import { Duration } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ApprovalOptions } from './approval';
import { ArtifactStoreOptions } from './artifact-store';
import { BuildProjectOptions } from './build-project';
import { CodeArtifact } from './code-artifact';
import { DeploymentAlarm } from './deployment-alarm';
import { DeploymentConfig } from './deployment-config';
import { NotificationOptions } from './notification';
import { Source } from './source';
import { TargetFunction } from './target-function';
import { VerificationOptions } from './verification';

/** What a pipeline is made of. Three props are required; the others have defaults that are safe to deploy. */
export interface LambdaCiCdPipelineProps {
  /**
   * Name of the project, which names everything: `<projectName>-pipeline`, `<projectName>-build`, `<projectName>-artifact-store` and so on.
   * Lower-case letters, digits and hyphens, at most 48. Changing it replaces everything but the function.
   */
  readonly projectName: string;

  /**
   * What the project is, for descriptions.
   *
   * @default - the project's name
   */
  readonly projectDescription?: string;

  /** Where the source comes from. */
  readonly source: Source;

  /** The function that is released to. */
  readonly targetFunction: TargetFunction;

  /**
   * How the package is built and tested.
   *
   * @default - dependencies, unit tests and package by the function's runtime
   */
  readonly buildProject?: BuildProjectOptions;

  /**
   * CodeArtifact repository that the build installs its dependencies from.
   *
   * @default - the public registries
   */
  readonly codeArtifact?: CodeArtifact;

  /**
   * How the traffic moves to a new version.
   *
   * @default DeploymentConfig.allAtOnce()
   */
  readonly deploymentConfig?: DeploymentConfig;

  /**
   * How long after the last shift the alarms are still watched and still roll back: whole seconds, 15 minutes at most. Without it the
   * alarms of an all-at-once deployment mean nothing. It costs the release function's memory for as long, about $0.01 for 5 minutes.
   *
   * @default Duration.minutes(5)
   */
  readonly bakeTime?: Duration;

  /**
   * Function that CodeDeploy invokes before any traffic shifts. It has to answer with `PutLifecycleEventHookExecutionStatus` within an hour.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
   */
  readonly preTrafficHook?: lambda.IFunction;

  /**
   * Function that is invoked after all traffic has shifted and the bake time is over. It answers as `preTrafficHook` does.
   *
   * @default - none
   */
  readonly postTrafficHook?: lambda.IFunction;

  /**
   * Alarms that stop a deployment and roll it back: ten at most.
   *
   * @default [DeploymentAlarm.errors(), DeploymentAlarm.throttles()]
   */
  readonly alarms?: DeploymentAlarm[];

  /**
   * When CodeDeploy rolls back by itself.
   *
   * @default - when a deployment fails, when it is stopped, and when an alarm goes off
   */
  readonly autoRollback?: codedeploy.AutoRollbackConfig;

  /**
   * Who has to approve between the build and the deployment, one after the other. Waiting costs nothing.
   *
   * @default - nobody
   */
  readonly approvals?: ApprovalOptions[];

  /**
   * Integration tests against the live alias after the deployment.
   *
   * @default - none
   */
  readonly verification?: VerificationOptions;

  /**
   * Whom to tell of failures, waiting approvals and success.
   *
   * @default - nobody
   */
  readonly notifications?: NotificationOptions;

  /**
   * Where the artifacts are kept.
   *
   * @default - a new private encrypted bucket, `<projectName>-artifact-store`, that keeps artifacts for 30 days
   */
  readonly artifactStore?: ArtifactStoreOptions;

  /**
   * Role of the pipeline.
   *
   * @default - a new role
   */
  readonly pipelineRole?: iam.IRole;

  /**
   * Role that CodeDeploy shifts the traffic with.
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
