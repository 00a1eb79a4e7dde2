import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';

const READ = ['s3:GetObject', 's3:GetObjectVersion'];
const WRITE = ['s3:PutObject'];

/**
 * The same bucket with grants of exactly the actions that the pipeline calls: the CDK's own actions grant with these methods, and
 * what a bucket grants by itself has wildcards in it (`s3:GetObject*`, `s3:List*`, `s3:DeleteObject*`, `kms:ReEncrypt*`).
 */
export function narrowBucket(bucket: s3.IBucket): s3.IBucket {
  const grant = (grantee: iam.IGrantable, key: string, actions: string[], keyActions: string[]) => {
    if (bucket.encryptionKey) {
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
    // Whoever owns the bucket owns its objects: no access control list is ever written.
    grantPutAcl: {
      value: (grantee: iam.IGrantable) => iam.Grant.drop(grantee, 'the bucket takes no access control lists'),
    },
  });
  return narrowed;
}

/** The same key for a build project, which encrypts and decrypts nothing but what it reads from the bucket and writes to it. */
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
