import * as http from 'node:http';
import { AddressInfo } from 'node:net';

/** Answers the calls of a runtime to Lambda's Runtime API, and the call `sleep` of the rehearsal. */
export interface RuntimeCalls {
  /** Called when the runtime is ready: resolves with the next invocation. */
  next(): Promise<NextInvocation>;
  response(requestId: string, body: string): void;
  error(requestId: string, body: string): void;
  initError(body: string): void;
  /** Resolves with the new time of the clock. */
  sleep(ms: number): Promise<number>;
  /** Called for a host outside of this machine that the function tried to reach. */
  blocked(host: string): void;
}

/** An invocation as the Runtime API delivers it to a runtime. */
export interface NextInvocation {
  readonly event: string;
  readonly headers: Record<string, string>;
}

/** Lambda's Runtime API on the loopback, https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. */
export class RuntimeApi {
  private readonly server: http.Server;

  constructor(private readonly calls: RuntimeCalls) {
    this.server = http.createServer((request, response) => void this.answer(request, response));
    // As a proxy, it lets nothing out
    this.server.on('connect', ({ url = '' }, socket) => {
      this.calls.blocked(url.replace(/:\d+$/, ''));
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
  }

  /** Starts to listen. Returns host and port. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await read(request);
    if (request.url?.startsWith('http://')) {
      this.calls.blocked(new URL(request.url).hostname);
      return void response.writeHead(403).end('the rehearsal lets nothing leave this machine');
    }
    const [, place, call] = /^\/(?:2018-06-01\/runtime|rehearsal)\/(?:(.+)\/)?([a-z]+)$/.exec(request.url ?? '') ?? [];
    const requestId = place?.replace('invocation/', '');
    switch (call && `${request.method} ${call}`) {
      case 'GET next':
        return this.next(response);
      case 'POST blocked':
        this.calls.blocked(JSON.parse(body).host);
        break;
      case 'POST sleep':
        return this.sleep(response, body);
      case 'POST response':
        this.calls.response(requestId, body);
        break;
      case 'POST error':
        place === 'init' ? this.calls.initError(body) : this.calls.error(requestId, body);
        break;
      default:
        return void response.writeHead(404).end(`${request.method} ${request.url} is not rehearsed`);
    }
    response.writeHead(202, { 'Content-Type': 'application/json' }).end('{"status":"OK"}');
  }

  private async next(response: http.ServerResponse): Promise<void> {
    const { event, headers } = await this.calls.next();
    response.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(event);
  }

  private async sleep(response: http.ServerResponse, body: string): Promise<void> {
    try {
      const now = await this.calls.sleep(JSON.parse(body).ms);
      response.writeHead(200, { 'rehearsal-now': String(now) }).end();
    } catch (error) {
      response.writeHead(409).end((error as Error).message);
    }
  }
}

async function read(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
