export { type ApprovalOptions } from './approval';
export { type ArtifactStoreOptions } from './artifact-store';
export { type BuildProjectOptions } from './build-project';
export { CodeArtifact, type CodeArtifactOptions, type ExistingCodeArtifactOptions, type NewCodeArtifactOptions, PackageFormat } from './code-artifact';
export { DeploymentAlarm, type DeploymentAlarmOptions, type DurationAlarmOptions } from './deployment-alarm';
export { type AllAtOnceOptions, DeploymentConfig, type TimeBasedOptions } from './deployment-config';
export { LambdaCiCdPipeline } from './lambda-ci-cd-pipeline';
export { type LambdaCiCdPipelineProps } from './lambda-ci-cd-pipeline-props';
export { NotificationEvent, type NotificationOptions } from './notification';
export {
  type CodeCommitSourceOptions, ConnectionProvider, type ConnectionSourceOptions, type EcrSourceOptions, type S3SourceOptions,
  Source, type SourceBindOptions, type SourceConfig,
} from './source';
export { TargetFunction } from './target-function';
export { type CreatedFunctionOptions, type CreateFromImageOptions, type CreateFunctionOptions } from './target-function/created-function';
export { type CreateFromTemplateOptions } from './target-function/function-from-template';
export { type FromAliasOptions, type FromFunctionOptions } from './target-function/owned-function';
export { type VerificationOptions } from './verification';
