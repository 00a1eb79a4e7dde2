import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** As much of AWS as the step `publish` needs, with the objects in files. */
export interface Aws {
  readonly endpoint: string;
  /** What the release function answered to the job. */
  answer(): string;
  /** Stops, and returns the requests. */
  stop(): Promise<string[]>;
}

/** Starts AWS with an artifact in its bucket; a package that is uploaded is written into a file. */
export async function startAws(artifact: string, uploaded: string): Promise<Aws> {
  const requests: string[] = [];
  let answer = 'no answer';
  const server = http.createServer((request, response) => {
    const operation = (request.headers['x-amz-target'] as string | undefined)?.split('.').at(-1);
    requests.push(operation ?? `${request.method} ${request.url!.split(/[?#]/)[0].replace(/\/[0-9a-f]{64}/, '/…')}`);
    void respond(request, response, artifact, uploaded).then((body) => {
      answer = body ?? answer;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: () => answer,
    stop: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      return requests;
    },
  };
}

async function respond(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  artifact: string,
  uploaded: string,
): Promise<string | undefined> {
  const json = (body: object) => response.end(JSON.stringify(body));
  if (request.headers['x-amz-target']) {
    const body = await text(request);
    json({});
    return summaryOf(JSON.parse(body) as Record<string, any>);
  }
  if (request.url!.startsWith('/artifacts/')) {
    await (request.method === 'GET' ? sendPart(request, response, artifact) : receive(request, response, uploaded));
    return undefined;
  }
  await text(request);
  if (request.url!.includes('/aliases/')) {
    json({ FunctionVersion: '1' });
  } else if (request.url!.includes('/versions')) {
    response.statusCode = 201;
    json({ Version: '2' });
  } else {
    json(functionConfiguration(uploaded));
  }
  return undefined;
}

function summaryOf({ failureDetails, executionDetails }: Record<string, any>): string {
  return failureDetails ? `failed: ${failureDetails.message}` : executionDetails.summary;
}

function functionConfiguration(uploaded: string): object {
  const isUpdated = fs.existsSync(uploaded);
  return {
    FunctionName: 'inventory',
    Runtime: 'python3.13',
    Handler: 'app.handler',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    CodeSha256: isUpdated ? createHash('sha256').update(fs.readFileSync(uploaded)).digest('base64') : 'none',
    RevisionId: isUpdated ? 'r2' : 'r1',
  };
}

async function sendPart(request: http.IncomingMessage, response: http.ServerResponse, file: string): Promise<void> {
  const { size } = fs.statSync(file);
  const [, first, last] = /^bytes=(\d*)-(\d+)$/.exec(request.headers.range ?? '')!;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' ? size - 1 : Number(last);
  response.writeHead(206, {
    etag: '"1"',
    'content-length': end - start + 1,
    'content-range': `bytes ${start}-${end}/${size}`,
  });
  fs.createReadStream(file, { start, end }).pipe(response);
}

async function receive(request: http.IncomingMessage, response: http.ServerResponse, file: string): Promise<void> {
  const isPackage = request.url!.includes('/packages/');
  const target = fs.createWriteStream(isPackage ? file : '/dev/null');
  await new Promise<void>((resolve) => request.pipe(target).on('finish', () => resolve()));
  response.end();
}
