import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What the pipeline tells a source. */
export interface SourceBindOptions {
  /** Name of the project. */
  readonly projectName: string;
  /** Name for the action. */
  readonly actionName: string;
  /** Output artifact for the action. */
  readonly output: codepipeline.Artifact;
  /** Role of the action, which is the role of the pipeline. */
  readonly role: iam.IRole;
  /** The pipeline, for event rules that start it. */
  readonly pipeline: codepipeline.IPipeline;
}

/** What a source adds to the pipeline. */
export interface SourceConfig {
  /** Action for the stage `Source`. */
  readonly action: codepipeline.IAction;
  /**
   * Triggers of the pipeline, if the action itself has no change detection.
   *
   * @default - the change detection of the action
   */
  readonly triggers?: codepipeline.TriggerProps[];
  /**
   * Revision of the source in a run, as a variable of the action. Becomes the description of the published version.
   * With `commit <id>`, `object version <id>`, or `image <digest>`, a change of the function's configuration starts a
   * run of this revision.
   *
   * @default - versions have no description, and a configuration change waits for the next run
   */
  readonly revision?: string;
  /**
   * Whether the artifact identifies a container image in `imageDetail.json`, so that there is nothing to build.
   *
   * @default false
   */
  readonly containerImage?: boolean;
  /**
   * The repository of the container image. The function must have the same one.
   *
   * @default - not compared with the repository of the function
   */
  readonly imageRepository?: ecr.IRepository;
  /**
   * Permissions with which a build clones the repository, if the artifact is a reference to the repository instead of
   * its files. Only CodeBuild can read such an artifact.
   *
   * @default - the artifact contains the files
   */
  readonly clonePermissions?: iam.PolicyStatement[];
}

/** A kind of source of this library. Apart from `Source`, because that class imports every kind. */
export interface SourceKind {
  bind(scope: Construct, options: SourceBindOptions): SourceConfig;
}
