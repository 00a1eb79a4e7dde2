import { createHash } from 'node:crypto';
import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { GetObjectCommand, PutObjectCommand, S3Client } from '../../../../src/handlers/release/aws/s3-client';

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

let server: Server;
let answers: Answer[];
let requests: { message: IncomingMessage; body: Buffer }[];

beforeAll((done) => {
  server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk) => chunks.push(chunk));
    message.on('end', () => {
      requests.push({ message, body: Buffer.concat(chunks) });
      const { status, body, headers } = answers.shift() ?? { status: 200 };
      response.writeHead(status, headers).end(body);
    });
  }).listen(0, '127.0.0.1', done);
});

afterAll((done) => {
  server.close(done);
});

beforeEach(() => {
  answers = [];
  requests = [];
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
});

const client = (maxAttempts = 1) => new S3Client({ maxAttempts });

test('reads an object', async () => {
  answers = [{ status: 200, body: 'content', headers: { 'x-amz-version-id': 'v7' } }];
  const { Body, VersionId } = await client().send(
    new GetObjectCommand({ Bucket: 'store', Key: 'pipeline/Build Out/a+b.zip' }),
  );
  expect(Buffer.from(await Body.transformToByteArray()).toString()).toBe('content');
  expect(VersionId).toBe('v7');
  expect(requests[0].message.url).toBe('/store/pipeline/Build%20Out/a%2Bb.zip');
});

test('signs with the credentials of the environment', async () => {
  await client().send(new GetObjectCommand({ Bucket: 'store', Key: 'key' }));
  const { headers } = requests[0].message;
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/s3\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
  );
  expect(headers['x-amz-security-token']).toBe('session');
});

test('writes an object with its hash and its key', async () => {
  answers = [{ status: 200, headers: { 'x-amz-version-id': 'v1' } }];
  const Body = Buffer.from('package');
  const { VersionId } = await client().send(
    new PutObjectCommand({ Bucket: 'store', Key: 'k', Body, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'arn:key' }),
  );
  expect(VersionId).toBe('v1');
  expect(requests[0].body).toEqual(Body);
  expect(requests[0].message.headers).toMatchObject({
    'x-amz-content-sha256': createHash('sha256').update(Body).digest('hex'),
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': 'arn:key',
  });
});

test('names an error as S3 names it', async () => {
  answers = [
    {
      status: 404,
      body: '<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>',
    },
  ];
  await expect(client().send(new GetObjectCommand({ Bucket: 'store', Key: 'gone' }))).rejects.toMatchObject({
    name: 'NoSuchKey',
    message: 'The specified key does not exist.',
    $metadata: { httpStatusCode: 404 },
  });
});

test('tries again when S3 is busy', async () => {
  answers = [
    { status: 503, body: '<Error><Code>SlowDown</Code></Error>' },
    { status: 200, body: 'later' },
  ];
  const { Body } = await client(2).send(new GetObjectCommand({ Bucket: 'store', Key: 'key' }));
  expect(Buffer.from(await Body.transformToByteArray()).toString()).toBe('later');
});

test('gives up after its attempts', async () => {
  answers = [
    { status: 503, body: '<Error><Code>SlowDown</Code></Error>' },
    { status: 503, body: '<Error><Code>SlowDown</Code></Error>' },
  ];
  await expect(client(2).send(new GetObjectCommand({ Bucket: 'store', Key: 'key' }))).rejects.toMatchObject({
    name: 'SlowDown',
  });
});
