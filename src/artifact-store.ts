import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcard } from './private/acknowledgement';
import { claimBucketName } from './private/name-clash';
import { narrowBucket } from './private/narrow-bucket';
import { refuse, requireDuration, requirePattern } from './private/validation';

/** Where the pipeline keeps its artifacts. */
export interface ArtifactStoreOptions {
  /**
   * Name of the bucket, unique among all accounts of the partition.
   *
   * @default - `<projectName>-artifact-store`
   */
  readonly bucketName?: string;

  /**
   * A bucket of your own; it needs versioning. The other options are then yours to set on it.
   *
   * @default - a new private bucket
   */
  readonly bucket?: s3.IBucket;

  /**
   * Key that encrypts the artifacts ($1 a month, and requests). The pipeline, the build and the release function may use it then.
   *
   * @default - the bucket's own encryption with keys of S3 (SSE-S3)
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How long artifacts are kept: at least a week, because a stage that is retried or rolled back reads the artifacts of its run.
   * Lambda has its own copy of each package, so that rolling the alias back needs none of them.
   *
   * @default Duration.days(30)
   */
  readonly expiration?: Duration;

  /**
   * Bucket that receives the access logs.
   *
   * @default - no access logs
   */
  readonly serverAccessLogsBucket?: s3.IBucket;

  /**
   * Prefix of the access logs.
   *
   * @default - none
   */
  readonly serverAccessLogsPrefix?: string;

  /**
   * What becomes of the bucket when the stack is deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The bucket that the options ask for.
 *
 * @internal
 */
export function artifactBucket(scope: Construct, projectName: string, options: ArtifactStoreOptions): s3.IBucket {
  validate(options);
  const bucket = options.bucket ?? newBucket(scope, projectName, options);
  acknowledgeWildcard(scope, bucket.arnForObjects('*'), 'CodePipeline makes up the keys of the artifacts run by run');
  return narrowBucket(bucket);
}

function newBucket(scope: Construct, projectName: string, options: ArtifactStoreOptions): s3.Bucket {
  const expiration = options.expiration ?? Duration.days(30);
  const bucketName = options.bucketName ?? `${projectName}-artifact-store`;
  claimBucketName(scope, bucketName);
  const bucket = new s3.Bucket(scope, 'ArtifactStoreBucket', {
    bucketName,
    versioned: true,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: options.encryptionKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
    encryptionKey: options.encryptionKey,
    bucketKeyEnabled: options.encryptionKey ? true : undefined,
    lifecycleRules: [
      { expiration, noncurrentVersionExpiration: expiration, abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
    serverAccessLogsBucket: options.serverAccessLogsBucket,
    serverAccessLogsPrefix: options.serverAccessLogsPrefix,
    removalPolicy: options.removalPolicy ?? RemovalPolicy.RETAIN,
  });
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'access logs need a second bucket, which serverAccessLogsBucket names: what the pipeline reads and writes here is in its own history',
  );
  return bucket;
}

function validate(options: ArtifactStoreOptions): void {
  requirePattern(options.bucketName, /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, {
    prop: 'artifactStore.bucketName',
    allowed: '3 to 63 lower-case letters, digits and hyphens',
    remedy: 'choose another name',
  });
  requireDuration(
    'artifactStore.expiration',
    options.expiration,
    Duration.days(7),
    Duration.days(3650),
    'a stage that is retried or rolled back reads the artifacts of its run',
  );
  const others = Object.entries(options)
    .filter(([name, value]) => name !== 'bucket' && value !== undefined)
    .map(([name]) => name);
  if (options.bucket && others.length > 0) {
    refuse({
      prop: `artifactStore.${others[0]}`,
      allowed: 'left out when artifactStore.bucket is given',
      given: others,
      remedy: 'set it on the bucket that you give',
    });
  }
}
