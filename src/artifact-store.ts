import { Aws, Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { nameOf } from './handlers/release/contract';
import { acknowledge, acknowledgeWildcard } from './private/acknowledgement';
import { requireKeyItself, requireSamePlace } from './private/given-resource';
import { claimBucketName } from './private/name-clash';
import { narrowBucket } from './private/narrow-bucket';
import { warnWhenReplaced } from './private/replacement-warning';
import { isKnown, refuse, requireDuration, requirePattern } from './private/validation';

/** The bucket in which the pipeline stores its artifacts. */
export interface ArtifactStoreOptions {
  /**
   * Name of the bucket, unique among all accounts of the partition.
   *
   * @default - `<projectName>-artifact-store-` and 8 characters that are unique for each stack; if the project name has
   * more than 39 characters, `<projectName>-store-`
   */
  readonly bucketName?: string;

  /**
   * An existing bucket, which must be versioned. Configure everything else on that bucket: the other options must be
   * omitted.
   *
   * @default - a new private bucket
   */
  readonly bucket?: s3.IBucket;

  /**
   * Key that encrypts the artifacts ($1 a month, plus requests). The pipeline, the build and the release function get
   * permissions for the key.
   *
   * @default - CodePipeline encrypts its artifacts with the AWS managed key `aws/s3`, and S3 encrypts all other objects
   * with keys that S3 manages (SSE-S3)
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How long to keep artifacts: at least 7 days, because a retried or rolled-back stage reads the artifacts of its run.
   * A rollback of the alias needs no artifacts, because Lambda stores its own copy of each package.
   *
   * @default Duration.days(30)
   */
  readonly expiration?: Duration;

  /**
   * Bucket for the server access logs.
   *
   * @default - no access logs
   */
  readonly serverAccessLogsBucket?: s3.IBucket;

  /**
   * Prefix of the server access logs.
   *
   * @default - none
   */
  readonly serverAccessLogsPrefix?: string;

  /**
   * What happens to the bucket when it is removed from the stack. `DESTROY` also empties the bucket, with a custom
   * resource of the CDK.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Creates the artifact bucket, or uses the existing one.
 *
 * @internal
 */
export function createArtifactBucket(
  scope: Construct,
  projectName: string,
  options: ArtifactStoreOptions = {},
): s3.IBucket {
  validate(options);
  validatePlaces(scope, options);
  const bucket = options.bucket ?? createBucket(scope, projectName, options);
  acknowledgeWildcard(scope, bucket.arnForObjects('*'), 'CodePipeline generates the keys of the artifacts');
  return narrowBucket(bucket);
}

// Retained by default: docs/decisions/019-the-bucket-is-retained.md.
function createBucket(scope: Construct, projectName: string, options: ArtifactStoreOptions): s3.Bucket {
  const expiration = options.expiration ?? Duration.days(30);
  const bucketName = options.bucketName ?? `${prefixOf(projectName)}${uniquePart()}`;
  claimBucketName(scope, options.bucketName);
  const removalPolicy = options.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
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
    removalPolicy,
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY ? true : undefined,
  });
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'access logs need a second bucket (serverAccessLogsBucket); the history of the pipeline shows its reads and writes',
  );
  warnWhenReplaced(bucket.node.defaultChild as s3.CfnBucket, {
    what: 'artifact bucket',
    name: options.bucketName ?? prefixOf(projectName),
    from: ({ BucketName }) => (typeof BucketName === 'string' ? BucketName : BucketName?.['Fn::Join']?.[1][0]),
    consequence: 'the old bucket keeps its artifacts, and earlier runs can be neither retried nor rolled back to',
    remedy: 'set artifactStore.bucketName to the old name to keep the bucket',
  });
  return bucket;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const MAXIMUM_NAME = 63;
const UNIQUE_CHARACTERS = 8;

/** Returns the beginning of the default name: shorter if the project name is long, or known at deployment only. */
function prefixOf(projectName: string): string {
  const prefix = `${nameOf('artifactBucket', projectName)}-`;
  const isShort = isKnown(projectName) && prefix.length + UNIQUE_CHARACTERS <= MAXIMUM_NAME;
  return isShort ? prefix : `${projectName}-store-`;
}

/**
 * Returns the first part of the UUID in the ARN of the stack. It makes the name unique among all accounts and Regions,
 * and among the attempts to create the stack.
 */
function uniquePart(): string {
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return Fn.select(0, Fn.split('-', uuid));
}

function validatePlaces(
  scope: Construct,
  { bucket, encryptionKey, serverAccessLogsBucket }: ArtifactStoreOptions,
): void {
  requireKeyItself('artifactStore.encryptionKey', encryptionKey);
  if (bucket) {
    requireSamePlace(scope, 'artifactStore.bucket', bucket, bucket.bucketArn);
  }
  if (encryptionKey) {
    requireSamePlace(scope, 'artifactStore.encryptionKey', encryptionKey, encryptionKey.keyArn);
  }
  if (serverAccessLogsBucket) {
    const { bucketArn } = serverAccessLogsBucket;
    requireSamePlace(scope, 'artifactStore.serverAccessLogsBucket', serverAccessLogsBucket, bucketArn);
  }
}

function validate(options: ArtifactStoreOptions): void {
  requirePattern(options.bucketName, /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, {
    prop: 'artifactStore.bucketName',
    allowed: '3 to 63 lowercase letters, digits, and hyphens',
    remedy: 'choose another name',
  });
  requireDuration('artifactStore.expiration', options.expiration, {
    min: Duration.days(7),
    max: Duration.days(3650),
    unit: 'days',
    source: 'a retried or rolled-back stage reads the artifacts of its run',
    remedy: 'for example Duration.days(30)',
  });
  if (options.serverAccessLogsPrefix && !options.serverAccessLogsBucket) {
    refuse({
      prop: 'artifactStore.serverAccessLogsPrefix',
      allowed: 'omitted without serverAccessLogsBucket',
      given: options.serverAccessLogsPrefix,
      remedy: 'set artifactStore.serverAccessLogsBucket',
    });
  }
  const others = Object.entries(options)
    .filter(([name, value]) => name !== 'bucket' && value !== undefined)
    .map(([name]) => name);
  if (options.bucket && others.length > 0) {
    refuse({
      prop: `artifactStore.${others[0]}`,
      allowed: 'omitted with artifactStore.bucket',
      remedy: 'configure that bucket instead',
    });
  }
}
