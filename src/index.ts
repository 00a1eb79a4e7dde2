export { type ApprovalOptions } from './approval';
export { type ArtifactStoreOptions } from './artifact-store';
export { type BuildProjectOptions } from './build-project';
export {
  CodeArtifact,
  type CodeArtifactOptions,
  type CreateCodeArtifactOptions,
  type ExistingCodeArtifactOptions,
  PackageFormat,
} from './code-artifact';
export { DeploymentAlarm, type DeploymentAlarmOptions, type DurationAlarmOptions } from './deployment-alarm';
export {
  InconclusiveAction,
  type LatencyAlarmOptions,
  type VersionAlarmOptions,
  type VersionMetricAlarmOptions,
} from './deployment-alarm/version-alarm';
export { type AllAtOnceOptions, DeploymentConfig, type TimeBasedOptions } from './deployment-config';
export { LambdaCiCdPipeline } from './lambda-ci-cd-pipeline';
export { type LambdaCiCdPipelineProps } from './lambda-ci-cd-pipeline-props';
export { NotificationEvent, type NotificationOptions } from './notification';
export { Source } from './source';
export { type CodeCommitSourceOptions } from './source/code-commit-source';
export { type SourceBindOptions, type SourceConfig } from './source/config';
export { ConnectionProvider, type ConnectionSourceOptions } from './source/connection-source';
export { type EcrSourceOptions } from './source/ecr-source';
export { type S3SourceOptions } from './source/s3-source';
export { TargetFunction } from './target-function';
export { type TargetFunctionBindOptions } from './target-function/config';
export {
  type CommonFunctionOptions,
  type CreateFromImageOptions,
  type CreateFunctionOptions,
} from './target-function/function-options';
export { type CreateFromTemplateOptions } from './target-function/function-from-template';
export { type ILiveAlias } from './target-function/live-alias';
export { type BoundTargetFunction } from './target-function/own-function';
export { type FromAliasOptions, type FromFunctionOptions } from './target-function/owned-function';
export { type VerificationOptions } from './verification';
