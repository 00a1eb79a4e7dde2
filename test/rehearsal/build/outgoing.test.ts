import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import * as net from 'node:net';
import { OutgoingConnections } from '../../../rehearsal/build/outgoing';

const before = { ...process.env };
const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY'];

beforeEach(() => PROXIES.forEach((name) => delete process.env[name]));
afterEach(() => {
  process.env = { ...before };
});

const started = async () => (await OutgoingConnections.start())!;
const portOf = (connections: OutgoingConnections) => Number(new URL(connections.variables({}).HTTP_PROXY).port);

/** Requests an address through the proxy. */
function request(connections: OutgoingConnections, url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: portOf(connections), path: url, agent: false };
    http.get(options, (response) => resolve(response.resume().statusCode!)).on('error', reject);
  });
}

/** Opens a tunnel through the proxy, sends a text, and returns the response with the text that comes back. */
function tunnel(connections: OutgoingConnections, target: string, text = ''): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = net.connect(portOf(connections), '127.0.0.1', () =>
      socket.write(`CONNECT ${target} HTTP/1.1\r\n\r\n`),
    );
    socket.on('data', (data) => {
      received += data.toString();
      if (text && received.endsWith('\r\n\r\n')) {
        socket.write(text);
      } else if (!text || received.endsWith(text)) {
        socket.end();
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
}

/** A server on this machine. */
async function serving<Server extends net.Server>(server: Server): Promise<{ server: Server; port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

test('counts the connections to other machines by host', async () => {
  const connections = await started();
  await request(connections, 'http://two.invalid/simple/');
  await tunnel(connections, 'one.invalid:443');
  await tunnel(connections, 'one.invalid:443');
  expect(connections.stop()).toEqual([
    'bypassed CodeArtifact: 2 connections to one.invalid',
    'bypassed CodeArtifact: 1 connection to two.invalid',
  ]);
});

test('forwards requests, and does not count those to this machine', async () => {
  const { server, port } = await serving(http.createServer((_, response) => response.writeHead(204).end()));
  const connections = await started();
  expect(await request(connections, `http://127.0.0.1:${port}/`)).toBe(204);
  expect(connections.stop()).toEqual([]);
  server.close();
});

test('passes the bytes of a tunnel in both directions', async () => {
  const { server, port } = await serving(net.createServer((socket) => socket.pipe(socket)));
  const connections = await started();
  expect(await tunnel(connections, `127.0.0.1:${port}`, 'hello')).toContain('Connection Established\r\n\r\nhello');
  connections.stop();
  server.close();
});

test('answers nothing but requests of a proxy', async () => {
  const connections = await started();
  expect(await request(connections, '/')).toBe(400);
  connections.stop();
});

test('keeps the options of Java that the build has', async () => {
  const connections = await started();
  expect(connections.variables({ MAVEN_OPTS: '-Xmx1g' }).MAVEN_OPTS).toMatch(/^-Xmx1g -Dhttp.proxyHost=127.0.0.1 /);
  connections.stop();
});

test('does not count on a machine that uses a proxy', async () => {
  process.env.HTTPS_PROXY = 'http://proxy.example.com';
  expect(await OutgoingConnections.start()).toBeUndefined();
});
