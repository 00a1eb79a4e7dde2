import { Readable } from 'node:stream';
import { GetObjectCommand, GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { collect } from '../../../../../src/handlers/release/code/bytes/byte-source';
import { openObject } from '../../../../../src/handlers/release/code/bytes/s3-object';
import { awsError, inputsOf, partOf } from '../../fixtures';

const s3 = mockClient(S3Client);
const ADDRESS = { bucket: 'artifacts', key: 'a.zip' };
/** More than the first request reads. */
const BYTES = Buffer.from(Array.from({ length: 700_000 }, (_, index) => (index * 31) % 251));

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation();
  s3.reset();
  s3.on(GetObjectCommand).callsFake(async ({ Range }) => partOf(BYTES, Range));
});

/** An answer whose connection breaks after some bytes. */
function broken(range: string, bytes: number): Partial<GetObjectCommandOutput> {
  const part = partOf(BYTES, range);
  const body = async function* () {
    for await (const chunk of part.Body as unknown as AsyncIterable<Buffer>) {
      yield chunk.subarray(0, bytes);
      throw new Error('socket hang up');
    }
  };
  return { ...part, Body: Readable.from(body()) as GetObjectCommandOutput['Body'] };
}

test('knows the size of an object by one request, which reads its end', async () => {
  const object = await openObject(ADDRESS);
  expect(object.size).toBe(700_000);
  expect(await object.read(699_000, 1000)).toEqual(BYTES.subarray(699_000));
  expect(inputsOf(s3, GetObjectCommand)).toEqual([{ Bucket: 'artifacts', Key: 'a.zip', Range: 'bytes=-262144' }]);
});

test('reads other parts under the condition that the object is the same', async () => {
  const object = await openObject(ADDRESS);
  expect(await object.read(100, 50)).toEqual(BYTES.subarray(100, 150));
  expect(inputsOf(s3, GetObjectCommand)[1]).toMatchObject({ Range: 'bytes=100-149', IfMatch: '"etag"' });
});

test('reads the whole object', async () => {
  const object = await openObject(ADDRESS);
  expect((await collect(object.stream(0, object.size))).equals(BYTES)).toBe(true);
});

test('reads an object without bytes', async () => {
  s3.on(GetObjectCommand).rejects(awsError('InvalidRange', 'The requested range is not satisfiable', 416));
  expect((await openObject(ADDRESS)).size).toBe(0);
});

test('continues after the last byte when the connection breaks', async () => {
  const object = await openObject(ADDRESS);
  s3.on(GetObjectCommand, { Range: 'bytes=0-399999' }).callsFake(async ({ Range }) => broken(Range, 1000));
  expect((await collect(object.stream(0, 400_000))).equals(BYTES.subarray(0, 400_000))).toBe(true);
  expect(inputsOf(s3, GetObjectCommand).map(({ Range }) => Range)).toEqual([
    'bytes=-262144',
    'bytes=0-399999',
    'bytes=1000-399999',
  ]);
});

test('continues when a connection ends too early, without an error', async () => {
  const object = await openObject(ADDRESS);
  const early = { Body: Readable.from([BYTES.subarray(0, 10)]) } as unknown as GetObjectCommandOutput;
  s3.on(GetObjectCommand, { Range: 'bytes=0-99' }).resolves(early);
  expect(await object.read(0, 100)).toEqual(BYTES.subarray(0, 100));
});

test('fails when connections break five times in a row', async () => {
  const object = await openObject(ADDRESS);
  s3.on(GetObjectCommand).callsFake(async ({ Range }) => broken(Range, 0));
  await expect(object.read(0, 100)).rejects.toMatchObject({
    type: 'SystemUnavailable',
    message: expect.stringContaining('The connection to S3 broke 5 times in a row'),
  });
  expect(inputsOf(s3, GetObjectCommand)).toHaveLength(6);
});

test.each([
  ['NoSuchKey', 404, 'The artifact s3://artifacts/a.zip does not exist: it expired or somebody deleted it.'],
  [
    'AccessDenied',
    403,
    'denied s3:GetObject on s3://artifacts/a.zip: no message (AccessDenied). S3 also denies access',
  ],
  ['SlowDown', 503, 'no message'],
])('fails when the answer is %s', async (name, status, message) => {
  s3.on(GetObjectCommand).rejects(awsError(name, undefined, status));
  await expect(openObject(ADDRESS)).rejects.toThrow(message);
});

test('reports a missing object as missing, also to a role that may not list the bucket', async () => {
  const message =
    'User: arn:aws:sts::123456789012:assumed-role/release/release is not authorized to perform: s3:ListBucket on ' +
    'resource: "arn:aws:s3:::artifacts" because no identity-based policy allows the s3:ListBucket action';
  s3.on(GetObjectCommand).rejects(awsError('AccessDenied', message, 403));
  await expect(openObject(ADDRESS)).rejects.toThrow('The artifact s3://artifacts/a.zip does not exist');
});

test('fails when somebody replaced the object meanwhile', async () => {
  const object = await openObject(ADDRESS);
  s3.on(GetObjectCommand).rejects(awsError('PreconditionFailed', undefined, 412));
  await expect(object.read(0, 100)).rejects.toThrow(
    'Somebody replaced s3://artifacts/a.zip while the release function read it. Run the pipeline again.',
  );
});
