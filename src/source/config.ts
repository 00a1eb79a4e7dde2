import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What a source is given to make its action with. */
export interface SourceBindOptions {
  /** The project's name. */
  readonly projectName: string;
  /** Name that the action must have. */
  readonly actionName: string;
  /** Artifact that the action must put out. */
  readonly output: codepipeline.Artifact;
  /** Role that the action runs under, which is the pipeline's. */
  readonly role: iam.IRole;
  /** The pipeline, for rules that start it. */
  readonly pipeline: codepipeline.IPipeline;
}

/** What a source adds to the pipeline. */
export interface SourceConfig {
  /** Action of the stage `Source`. */
  readonly action: codepipeline.IAction;
  /**
   * What starts the pipeline, when the action alone does not say it.
   *
   * @default - the action's own change detection
   */
  readonly triggers?: codepipeline.TriggerProps[];
  /**
   * What the source is at in a run, as a variable of the action: the published version is described with it.
   *
   * @default - versions have no description
   */
  readonly revision?: string;
  /**
   * Whether the artifact names a container image in `imageDetail.json`, so that there is nothing to build.
   *
   * @default false
   */
  readonly containerImage?: boolean;
}

/** A kind of source of the library's own. */
export interface SourceKind {
  bind(scope: Construct, options: SourceBindOptions): SourceConfig;
}
