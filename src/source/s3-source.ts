import { Resource } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SourceBindOptions, SourceConfig, SourceKind } from './config';
import { describeRevision } from '../handlers/release/contract';
import { requireSamePlace } from '../private/given-resource';
import { narrowBucket } from '../private/narrow-bucket';
import { refuse, requirePattern } from '../private/validation';

/** Options for `Source.s3`. */
export interface S3SourceOptions {
  /**
   * Whether a new version of the object starts the pipeline.
   *
   * @default true
   */
  readonly triggerOnUpload?: boolean;
}

/** The CDK's action with the permission to write the tags of the object, which CodePipeline copies with the object. */
class TaggedSourceAction extends actions.S3SourceAction {
  protected bound(
    scope: Construct,
    stage: codepipeline.IStage,
    options: codepipeline.ActionBindOptions,
  ): codepipeline.ActionConfig {
    options.role.addToPrincipalPolicy(
      new iam.PolicyStatement({ actions: ['s3:PutObjectTagging'], resources: [options.bucket.arnForObjects('*')] }),
    );
    return super.bound(scope, stage, options);
  }
}

/** A zip file in a versioned bucket. */
export class S3Source implements SourceKind {
  constructor(
    private readonly bucket: s3.IBucket,
    private readonly key: string,
    private readonly options: S3SourceOptions,
  ) {
    requirePattern(key, /^[^/].*\.zip$/, {
      prop: 'key of Source.s3',
      allowed: 'the key of a .zip file, without a leading slash',
      remedy: 'upload the source as a zip file, for example "releases/source.zip"',
    });
    const resource = bucket.node.defaultChild;
    if (resource instanceof s3.CfnBucket && resource.versioningConfiguration === undefined) {
      refuse({
        prop: 'bucket of Source.s3',
        allowed: 'versioned',
        described: 'a bucket without versioning',
        remedy: 'set versioned: true on the bucket, because CodePipeline identifies a source by its version',
      });
    }
  }

  public bind(scope: Construct, { actionName, output, pipeline, role }: SourceBindOptions): SourceConfig {
    requireSamePlace(scope, 'bucket of Source.s3', this.bucket, this.bucket.bucketArn);
    if (this.options.triggerOnUpload ?? true) {
      this.startOnUpload(scope, pipeline);
    }
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({ actions: ['s3:GetBucketVersioning'], resources: [this.bucket.bucketArn] }),
    );
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        actions: ['s3:GetObjectTagging', 's3:GetObjectVersionTagging'],
        resources: [this.bucket.arnForObjects(this.key)],
      }),
    );
    const action = new TaggedSourceAction({
      actionName,
      output,
      bucket: narrowBucket(this.bucket),
      bucketKey: this.key,
      trigger: actions.S3Trigger.NONE,
    });
    return { action, revision: describeRevision({ type: 'S3_OBJECT_VERSION_ID', value: action.variables.versionId }) };
  }

  private startOnUpload(scope: Construct, pipeline: codepipeline.IPipeline): void {
    if (Resource.isOwnedResource(this.bucket)) {
      this.bucket.enableEventBridgeNotification();
    }
    new events.Rule(scope, 'SourceEventRule', {
      description: `Starts the pipeline when ${this.key} is uploaded`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [this.bucket.bucketName] }, object: { key: [this.key] } },
      },
      targets: [new targets.CodePipeline(pipeline)],
    });
  }
}
