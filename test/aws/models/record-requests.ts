import * as fs from 'node:fs';
import * as path from 'node:path';

/*
 * For `npx projen test:models`: records the requests of the tests that mock the SDK's clients, as the real clients
 * would send them, beside the recordings of the rehearsals.
 */

type Stub = { calls(): { readonly args: readonly [any] }[] };
type ClientClass = new (options: object) => any;

// Some tests replace the environment
const folder = process.env.REHEARSAL_RECORDING!;
const mocks: { readonly stub: Stub; readonly client: ClientClass }[] = [];

jest.mock('aws-sdk-client-mock', () => {
  const actual = jest.requireActual('aws-sdk-client-mock');
  const mockClient = (client: ClientClass) => {
    const stub = actual.mockClient(client);
    mocks.push({ stub, client });
    return stub;
  };
  return { ...actual, mockClient };
});

afterEach(async () => {
  for (const { stub, client } of mocks) {
    for (const { args } of stub.calls()) {
      record(await serialized(client, args[0]));
    }
  }
});

/** Runs a command through its own client, up to the point where the request would leave. */
async function serialized(client: ClientClass, command: any): Promise<any> {
  let request: any;
  const requestHandler = {
    handle: (sent: any) => {
      request = sent;
      throw new Error('recorded');
    },
  };
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const { config, middlewareStack } = new client({
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    forcePathStyle: true,
    requestHandler,
  });
  const send = command.resolveMiddleware(middlewareStack, config, { requestHandler });
  await send(command).catch((error: Error) => {
    if (!request) {
      throw error;
    }
  });
  return request;
}

function record(request: any): void {
  const [, service] = /Credential=[^/]+\/\d+\/[\w-]+\/([\w-]+)\//.exec(request.headers.authorization)!;
  const exchange = {
    service,
    method: request.method,
    path: request.path,
    query: new URLSearchParams(request.query).toString(),
    headers: request.headers,
    body: service === 's3' ? '' : bytesOf(request.body).toString('base64'),
  };
  fs.mkdirSync(folder, { recursive: true });
  fs.appendFileSync(path.join(folder, `mocks-${process.pid}.jsonl`), `${JSON.stringify(exchange)}\n`);
}

function bytesOf(body: string | Uint8Array = ''): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
