import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';

const READ = ['s3:GetObject', 's3:GetObjectVersion'];
const WRITE = ['s3:PutObject'];

/**
 * Returns the same bucket with grants of exactly the actions that the pipeline calls. The CDK's pipeline actions call
 * these methods, and the grants of a plain bucket contain wildcards (`s3:GetObject*`, `s3:List*`, `kms:ReEncrypt*`).
 * See docs/decisions/016-narrow-grants-of-the-bucket.md.
 */
export function narrowBucket(bucket: s3.IBucket): s3.IBucket {
  const grant = (grantee: iam.IGrantable, key: string, actions: string[], keyActions: string[]) => {
    if (bucket.encryptionKey && keyActions.length > 0) {
      iam.Grant.addToPrincipal({ grantee, actions: keyActions, resourceArns: [bucket.encryptionKey.keyArn] });
    }
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [bucket.arnForObjects(key)] });
  };
  const narrowed: s3.IBucket = Object.create(bucket, {
    encryptionKey: { value: bucket.encryptionKey && narrowKey(bucket.encryptionKey) },
    grantRead: { value: (grantee: iam.IGrantable, key = '*') => grant(grantee, key, READ, ['kms:Decrypt']) },
    grantWrite: { value: (grantee: iam.IGrantable, key = '*') => grant(grantee, key, WRITE, ['kms:GenerateDataKey']) },
    grantReadWrite: {
      value: (grantee: iam.IGrantable, key = '*') =>
        grant(grantee, key, [...READ, ...WRITE], ['kms:Decrypt', 'kms:GenerateDataKey']),
    },
    // CodePipeline sets a canned access control list on the artifact of a connection:
    // https://github.com/aws/aws-cdk/issues/13557
    grantPutAcl: { value: (grantee: iam.IGrantable, key = '*') => grant(grantee, key, ['s3:PutObjectAcl'], []) },
  });
  return narrowed;
}

/** Returns the same key for a build project, which only reads objects of the bucket and writes them. */
function narrowKey(key: kms.IKey): kms.IKey {
  return Object.create(key, {
    grantEncryptDecrypt: {
      value: (grantee: iam.IGrantable) =>
        iam.Grant.addToPrincipal({
          grantee,
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resourceArns: [key.keyArn],
        }),
    },
  });
}
