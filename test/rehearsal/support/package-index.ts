import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { zipTexts } from '../../../rehearsal/base/zip';

/**
 * A registry on this machine with the package `greeting`: a wheel for pip, and an archive of the test for npm.
 * It can offer wheels of other packages too.
 */
export class PackageIndex {
  /** The requested paths. */
  readonly requested: string[] = [];
  private readonly server = http.createServer((request, response) => this.answer(request.url!, response));

  constructor(
    private readonly archive: Buffer,
    private readonly wheels: string[] = [],
  ) {}

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The integrity of the archive, as in a lock file. */
  get integrity(): string {
    return `sha512-${createHash('sha512').update(this.archive).digest('base64')}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(path: string, response: http.ServerResponse): void {
    this.requested.push(path);
    const hash = createHash('sha256').update(wheel()).digest('hex');
    const link = `<a href="../../files/${WHEEL}#sha256=${hash}" data-core-metadata="true">${WHEEL}</a>`;
    const dist = {
      tarball: `${this.address}/tarballs/greeting-1.0.0.tgz`,
      shasum: createHash('sha1').update(this.archive).digest('hex'),
    };
    const document = {
      name: 'greeting',
      'dist-tags': { latest: '1.0.0' },
      versions: { '1.0.0': { name: 'greeting', version: '1.0.0', dist } },
    };
    const found: Record<string, () => void> = {
      '/simple/greeting/': () =>
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(`<!DOCTYPE html><html><body>${link}</body></html>`),
      [`/files/${WHEEL}`]: () =>
        response.writeHead(200, { 'cache-control': 'max-age=365000000, immutable, public' }).end(wheel()),
      [`/files/${WHEEL}.metadata`]: () => response.end(METADATA),
      '/greeting': () => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document)),
      '/tarballs/greeting-1.0.0.tgz': () => response.end(this.archive),
    };
    for (const file of this.wheels) {
      const name = basename(file);
      found[`/simple/${name.split('-')[0]}/`] = () =>
        response.writeHead(200, { 'content-type': 'text/html' }).end(`<a href="../../files/${name}">${name}</a>`);
      found[`/files/${name}`] = () =>
        response.writeHead(200, { 'cache-control': 'max-age=365000000, immutable, public' }).end(readFileSync(file));
    }
    (found[path] ?? (() => response.writeHead(404).end()))();
  }
}

const WHEEL = 'greeting-1.0.0-py3-none-any.whl';

const METADATA = 'Metadata-Version: 2.1\nName: greeting\nVersion: 1.0.0\n';

function wheel(): Buffer {
  const info = 'greeting-1.0.0.dist-info';
  return zipTexts({
    'greeting.py': 'TEXT = "hello"\n',
    [`${info}/METADATA`]: METADATA,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: `greeting.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`,
  });
}
