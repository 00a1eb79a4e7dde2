import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Statement } from '../../../../rehearsal/account/iam/policy';
import { allow, StandIn } from '../../support/stand-in';

let standIn: StandIn;

beforeEach(async () => {
  standIn = await StandIn.start();
  standIn.account.s3.addBucket('artifacts', true);
});

afterEach(() => standIn.stop());

function client(statements: Statement[] = [allow('s3:*')]): S3Client {
  return new S3Client(standIn.config(standIn.caller(statements)));
}

async function textOf(s3: S3Client, Key: string, VersionId?: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'artifacts', Key, VersionId }));
  return Body!.transformToString();
}

test('returns an object whose key has slashes and spaces', async () => {
  const s3 = client();
  await s3.send(
    new PutObjectCommand({
      Bucket: 'artifacts',
      Key: 'demo/Source Out/a+b.zip',
      Body: 'content',
      Metadata: { commit: 'abc' },
    }),
  );

  const object = await s3.send(new GetObjectCommand({ Bucket: 'artifacts', Key: 'demo/Source Out/a+b.zip' }));

  expect(await object.Body!.transformToString()).toBe('content');
  expect(object.Metadata).toEqual({ commit: 'abc' });
  expect(object.ServerSideEncryption).toBe('AES256');
});

test('keeps every version', async () => {
  const s3 = client();
  const first = await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'a', Body: 'one' }));
  await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'a', Body: 'two' }));

  expect(await textOf(s3, 'a')).toBe('two');
  expect(await textOf(s3, 'a', first.VersionId)).toBe('one');
});

test('has no version ids in a bucket without versioning', async () => {
  standIn.account.s3.addBucket('plain', false);
  const s3 = client();
  const put = await s3.send(new PutObjectCommand({ Bucket: 'plain', Key: 'a', Body: 'one' }));

  expect(put.VersionId).toBeUndefined();
});

test('accepts a stream, which the SDK sends in chunks', async () => {
  const s3 = client();
  await s3.send(
    new PutObjectCommand({
      Bucket: 'artifacts',
      Key: 'a',
      Body: Readable.from([Buffer.from('one '), Buffer.from('two')]),
      ContentLength: 7,
    }),
  );

  expect(await textOf(s3, 'a')).toBe('one two');
});

test('returns the size of an object', async () => {
  const s3 = client();
  await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'a', Body: 'four' }));

  expect((await s3.send(new HeadObjectCommand({ Bucket: 'artifacts', Key: 'a' }))).ContentLength).toBe(4);
});

test('fails for a missing object', async () => {
  await expect(client().send(new GetObjectCommand({ Bucket: 'artifacts', Key: 'a' }))).rejects.toMatchObject({
    name: 'NoSuchKey',
  });
});

test('reports a missing object only to callers that may list the bucket', async () => {
  await expect(
    client([allow('s3:GetObject')]).send(new GetObjectCommand({ Bucket: 'artifacts', Key: 'a' })),
  ).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('fails for a missing bucket', async () => {
  await expect(client().send(new GetObjectCommand({ Bucket: 'other', Key: 'a' }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
});

test('requires another permission for a specific version', async () => {
  const { VersionId } = await client().send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'a', Body: 'one' }));

  await expect(textOf(client([allow('s3:GetObject')]), 'a', VersionId)).rejects.toThrow('s3:GetObjectVersion');
});

test('requires a permission for the key of an encrypted object', async () => {
  const key = 'arn:aws:kms:us-east-1:123456789012:key/1';
  standIn.account.s3.addBucket('artifacts', true, key);
  await expect(
    client([allow('s3:*')]).send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'a', Body: 'one' })),
  ).rejects.toThrow('kms:GenerateDataKey');
  const s3 = client([allow('s3:*'), allow('kms:GenerateDataKey', key)]);
  await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'a', Body: 'one' }));
  await expect(textOf(s3, 'a')).rejects.toThrow('kms:Decrypt');
});

test('fails for an operation that is not rehearsed, and so does the rehearsal', async () => {
  await expect(client().send(new ListObjectsV2Command({ Bucket: 'artifacts' }))).rejects.toMatchObject({
    name: 'NotRehearsed',
  });
  expect([...standIn.account.refused].join()).toContain('GET /artifacts');
});

test('encrypts with the AWS managed key, which requires no permission, when the caller names no key', async () => {
  const s3 = client();
  const put = await s3.send(
    new PutObjectCommand({ Bucket: 'artifacts', Key: 'a', Body: 'one', ServerSideEncryption: 'aws:kms' }),
  );
  expect(put).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: expect.stringContaining(':key/') });
  expect(await textOf(s3, 'a')).toBe('one');
});

test.each([
  ['tags', { Tagging: 'team=warehouse' }, 's3:PutObjectTagging'],
  ['an access control list', { ACL: 'bucket-owner-full-control' as const }, 's3:PutObjectAcl'],
])('requires another permission for an object with %s', async (_, more, action) => {
  const command = new PutObjectCommand({ Bucket: 'artifacts', Key: 'a', Body: 'one', ...more });
  await expect(client([allow('s3:PutObject')]).send(command)).rejects.toThrow(action);
  await expect(client([allow(['s3:PutObject', action])]).send(command)).resolves.toBeDefined();
});
