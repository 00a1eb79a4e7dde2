export { type ArtifactStoreOptions } from './artifact-store';
export { type BuildProjectOptions } from './build-project';
export { CodeArtifact, type ExistingCodeArtifactOptions } from './code-artifact';
export { DeploymentAlarm, type DeploymentAlarmOptions, type DurationAlarmOptions } from './deployment-alarm';
export { type AllAtOnceOptions, DeploymentConfig, type TimeBasedOptions } from './deployment-config';
export { LambdaCiCdPipeline, type LambdaCiCdPipelineProps } from './lambda-ci-cd-pipeline';
export { ConnectionProvider, type ConnectionSourceOptions, Source, type SourceBindOptions, type SourceConfig } from './source';
export { type CreateFunctionOptions, TargetFunction } from './target-function';
