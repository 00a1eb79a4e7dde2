import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { readArtifact } from '../../../../src/handlers/release/code/artifact';
import { awsError } from '../fixtures';

const s3 = mockClient(S3Client);
const read = () =>
  readArtifact({
    name: 'BuildOutput',
    location: { s3Location: { bucketName: 'artifacts', objectKey: 'pipeline/BuildOutp/abc' } },
  });

beforeEach(() => s3.reset());

const WITHOUT_LIST =
  'User: arn:aws:sts::123456789012:assumed-role/release/release is not authorized to perform: s3:ListBucket on ' +
  'resource: "arn:aws:s3:::artifacts" because no identity-based policy allows the s3:ListBucket action';

test.each([
  ['to a role that may list the bucket', awsError('NoSuchKey', 'The specified key does not exist.', 404)],
  ['to any other role', awsError('AccessDenied', WITHOUT_LIST, 403)],
])('a missing artifact is reported as missing, as S3 answers %s', async (_, error) => {
  s3.on(GetObjectCommand).rejects(error);
  await expect(read()).rejects.toThrow('the artifact s3://artifacts/pipeline/BuildOutp/abc is gone');
});

test('a denial names the object and the action', async () => {
  s3.on(GetObjectCommand).rejects(awsError('AccessDenied', 'Access Denied', 403));
  await expect(read()).rejects.toThrow(
    'the release function was denied s3:GetObject on s3://artifacts/pipeline/BuildOutp/abc: Access Denied',
  );
});
