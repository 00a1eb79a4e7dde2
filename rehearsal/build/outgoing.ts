import * as http from 'node:http';
import * as net from 'node:net';

const HERE = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/** A proxy that counts the connections of a build to other machines. The login to CodeArtifact leads to this one. */
export class OutgoingConnections {
  /** Starts to count, unless this machine itself reaches others through a proxy. */
  static async start(): Promise<OutgoingConnections | undefined> {
    if (['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY'].some((name) => process.env[name])) {
      return undefined;
    }
    const connections = new OutgoingConnections();
    await new Promise<void>((resolve) => connections.server.listen(0, '127.0.0.1', resolve));
    return connections;
  }

  private readonly count = new Map<string, number>();
  private readonly sockets = new Set<net.Socket>();
  private readonly server = http.createServer((request, response) => this.forward(request, response));

  private constructor() {
    this.server.on('connect', (request: http.IncomingMessage, client: net.Socket, head: Buffer) => {
      this.tunnel(request.url ?? '', client, head);
    });
    this.server.on('connection', (socket: net.Socket) => this.keep(socket));
  }

  /** The variables with which package managers use the proxy. Yarn and Java have their own settings. */
  variables(given: Record<string, string>): Record<string, string> {
    const { port } = this.server.address() as net.AddressInfo;
    const address = `http://127.0.0.1:${port}`;
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'YARN_HTTP_PROXY', 'YARN_HTTPS_PROXY'];
    const java = ['http', 'https'].map((name) => `-D${name}.proxyHost=127.0.0.1 -D${name}.proxyPort=${port}`).join(' ');
    return {
      ...Object.fromEntries(names.map((name) => [name, address])),
      NO_PROXY: '127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
      MAVEN_OPTS: `${given.MAVEN_OPTS ?? ''} ${java}`.trim(),
      GRADLE_OPTS: `${given.GRADLE_OPTS ?? ''} ${java}`.trim(),
    };
  }

  /** Ends all connections. Returns a note for each machine that the build connected to. */
  stop(): string[] {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.close();
    return [...this.count]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([host, times]) => `bypassed CodeArtifact: ${times} connection${times === 1 ? '' : 's'} to ${host}`);
  }

  private tunnel(target: string, client: net.Socket, head: Buffer): void {
    const { hostname, port } = new URL(`https://${target}`);
    this.add(hostname);
    const server = this.keep(net.connect(Number(port) || 443, hostname.replace(/^\[|\]$/g, '')));
    server.on('connect', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      server.write(head);
      server.pipe(client).pipe(server);
    });
    server.on('error', () => client.destroy());
    client.on('error', () => server.destroy());
  }

  /** Forwards a request without TLS. */
  private forward(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (!request.url?.startsWith('http://')) {
      response.writeHead(400).end();
      return;
    }
    this.add(new URL(request.url).hostname);
    const { method, headers } = request;
    const forwarded = http.request(request.url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', (error) => response.writeHead(502).end(error.message));
    request.pipe(forwarded);
  }

  private add(host: string): void {
    if (!HERE.test(host)) {
      this.count.set(host, (this.count.get(host) ?? 0) + 1);
    }
  }

  private keep(socket: net.Socket): net.Socket {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    return socket;
  }
}
