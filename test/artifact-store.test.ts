import { CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ArtifactStoreOptions } from '../src';
import { pipelineWith } from './support/stacks';
import {
  actionsOf,
  allStatements,
  flat,
  propertiesOf,
  releaseFunctionOf,
  resourcesOf,
  resourceWithPrefix,
  statementsOf,
} from './support/template-queries';

const store = (artifactStore: ArtifactStoreOptions | ((stack: Stack) => ArtifactStoreOptions)) =>
  pipelineWith((stack) => ({
    artifactStore: typeof artifactStore === 'function' ? artifactStore(stack) : artifactStore,
  })).template;
const bucket = (template: Template) => resourceWithPrefix(template, 'AWS::S3::Bucket', 'PipelineArtifactStoreBucket');

describe('the artifact bucket', () => {
  const { Properties: properties, DeletionPolicy, UpdateReplacePolicy } = bucket(store({}));

  test('keeps versions, because a source of CodePipeline and a package of Lambda are named by theirs', () => {
    expect(properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
  });

  test('is encrypted', () => {
    expect(properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: 'AES256',
    });
  });

  test('is private, and knows no access control lists', () => {
    expect(properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(properties.OwnershipControls.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
  });

  test('forgets artifacts after 30 days, older versions and unfinished uploads too', () => {
    expect(properties.LifecycleConfiguration.Rules).toEqual([
      {
        Status: 'Enabled',
        ExpirationInDays: 30,
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
    ]);
  });

  test('stays when the stack is deleted, but not when its creation fails', () => {
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
  });

  test.each([
    ['inventory-allocation', 'inventory-allocation-artifact-store-'],
    ['p'.repeat(39), `${'p'.repeat(39)}-artifact-store-`],
    ['p'.repeat(40), `${'p'.repeat(40)}-store-`],
    ['p'.repeat(48), `${'p'.repeat(48)}-store-`],
  ])('has a name that each stack makes unique: %s', (projectName, prefix) => {
    const { BucketName } = bucket(pipelineWith({ projectName }).template).Properties;
    const uuid = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
    expect(BucketName).toEqual({ 'Fn::Join': ['', [prefix, { 'Fn::Select': [0, { 'Fn::Split': ['-', uuid] }] }]] });
    expect(prefix.length + 8).toBeLessThanOrEqual(63);
  });

  test('denies requests without TLS 1.2', () => {
    const denied = propertiesOf(store({}), 'AWS::S3::BucketPolicy').PolicyDocument.Statement;
    expect(denied.map(({ Effect, Condition }: any) => [Effect, Condition])).toEqual([
      ['Deny', { Bool: { 'aws:SecureTransport': 'false' } }],
      ['Deny', { NumericLessThan: { 's3:TlsVersion': 1.2 } }],
    ]);
  });

  test('writes no access logs', () => {
    expect(properties).not.toHaveProperty('LoggingConfiguration');
  });
});

describe('artifactStore', () => {
  test('names the bucket', () => {
    expect(bucket(store({ bucketName: 'acme-artifacts' })).Properties.BucketName).toBe('acme-artifacts');
  });

  test('names the bucket for a project whose name no bucket can have', () => {
    const { template } = pipelineWith({
      projectName: 'InventoryAllocation',
      artifactStore: { bucketName: 'acme-artifacts' },
    });
    expect(propertiesOf(template, 'AWS::CodePipeline::Pipeline').Name).toBe('InventoryAllocation-pipeline');
  });

  test('keeps artifacts for another time', () => {
    expect(
      bucket(store({ expiration: Duration.days(90) })).Properties.LifecycleConfiguration.Rules[0].ExpirationInDays,
    ).toBe(90);
  });

  test('keeps artifacts for a time that is known at deployment only', () => {
    const template = store((stack) => ({
      expiration: Duration.days(new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber),
    }));
    expect(flat(bucket(template).Properties.LifecycleConfiguration.Rules[0].ExpirationInDays)).toBe('${Days}');
  });

  test('empties the bucket and deletes it with the stack', () => {
    const template = store({ removalPolicy: RemovalPolicy.DESTROY });
    expect(bucket(template).DeletionPolicy).toBe('Delete');
    template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
  });

  test('writes access logs', () => {
    const template = store((stack) => ({
      serverAccessLogsBucket: new s3.Bucket(stack, 'Logs'),
      serverAccessLogsPrefix: 'artifacts/',
    }));
    expect(bucket(template).Properties.LoggingConfiguration).toEqual({
      DestinationBucketName: { Ref: expect.stringMatching(/^Logs/) },
      LogFilePrefix: 'artifacts/',
    });
  });
});

describe('artifactStore.encryptionKey', () => {
  const template = store((stack) => ({ encryptionKey: new kms.Key(stack, 'Key') }));
  const key = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };

  test('encrypts the bucket, with a bucket key to save requests', () => {
    expect(bucket(template).Properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([
      { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } },
    ]);
  });

  test('encrypts the artifacts of the pipeline and of the build', () => {
    expect(propertiesOf(template, 'AWS::CodePipeline::Pipeline').ArtifactStore.EncryptionKey).toEqual({
      Type: 'KMS',
      Id: key,
    });
    expect(propertiesOf(template, 'AWS::CodeBuild::Project').EncryptionKey).toEqual(key);
  });

  test.each(['PipelineCodePipelineServiceRole', 'PipelineCodeBuildServiceRole', 'PipelineReleaseFunctionServiceRole'])(
    'may be used by %s',
    (role) => {
      expect(actionsOf(statementsOf(template, role)).filter((iamAction) => iamAction.startsWith('kms:'))).toEqual([
        'kms:Decrypt',
        'kms:GenerateDataKey',
      ]);
      expect(
        resourcesOf(statementsOf(template, role), 'kms:GenerateDataKey').filter(
          (arn) => !/^\$\{Key.*\.Arn\}$/.test(arn),
        ),
      ).toEqual([]);
    },
  );

  test('adds no wildcard action', () => {
    expect(actionsOf(allStatements(template)).filter((iamAction) => iamAction.includes('*'))).toEqual([]);
  });
});

describe('artifactStore.bucket', () => {
  const template = store((stack) => ({ bucket: s3.Bucket.fromBucketName(stack, 'Own', 'own-artifacts') }));

  test('is used, and no bucket is made', () => {
    template.resourceCountIs('AWS::S3::Bucket', 0);
    expect(propertiesOf(template, 'AWS::CodePipeline::Pipeline').ArtifactStore.Location).toBe('own-artifacts');
    expect(releaseFunctionOf(template).Environment.Variables.ARTIFACT_BUCKET).toBe('own-artifacts');
  });

  test("is granted as narrowly as one of the pipeline's", () => {
    const onBucket = actionsOf(allStatements(template)).filter((iamAction) => iamAction.startsWith('s3:'));
    expect(onBucket).toEqual(['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:PutObjectAcl']);
  });

  test('brings its key with it', () => {
    const own = store((stack) => ({
      bucket: new s3.Bucket(stack, 'Own', { versioned: true, encryptionKey: new kms.Key(stack, 'Key') }),
    }));
    expect(actionsOf(statementsOf(own, 'PipelineReleaseFunctionServiceRole'))).toContain('kms:Decrypt');
  });
});

describe('fails when', () => {
  test.each(['Upper', 'ab', 'with_underscore', 'xn--name', '-hyphen', 'x'.repeat(64)])(
    'the name of the bucket is %s',
    (bucketName) => {
      expect(() => store({ bucketName })).toThrow(
        `artifactStore.bucketName must be 3 to 63 lowercase letters, digits, and hyphens, got "${bucketName}"; choose another name`,
      );
    },
  );

  test('artifacts are forgotten before a stage can be retried', () => {
    expect(() => store({ expiration: Duration.days(6) })).toThrow(
      'artifactStore.expiration must be between 7 days and 3650 days ' +
        '(a retried or rolled-back stage reads the artifacts of its run), got 6 days; for example Duration.days(30)',
    );
  });

  test.each([
    ['expiration', { expiration: Duration.days(60) }],
    ['bucketName', { bucketName: 'acme-artifacts' }],
    ['removalPolicy', { removalPolicy: RemovalPolicy.DESTROY }],
  ])("%s is given beside a bucket of the user's", (name, options) => {
    expect(() => store((stack) => ({ bucket: s3.Bucket.fromBucketName(stack, 'Own', 'own'), ...options }))).toThrow(
      `artifactStore.${name} must be omitted with artifactStore.bucket; configure that bucket instead`,
    );
  });
});
