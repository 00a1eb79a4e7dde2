import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import { join } from 'node:path';
import type { HttpAnswer } from './account/server';

/** Where this machine's package managers get a format's packages from. */
const ORIGINS: Record<string, () => string> = {
  pypi: () => process.env.PIP_INDEX_URL ?? (told('python3', ['-m', 'pip', 'config', 'get', 'global.index-url']) || 'https://pypi.org/simple'),
  npm: () => told('npm', ['config', 'get', 'registry']) || 'https://registry.npmjs.org',
  maven: () => mirrorOf() ?? 'https://repo1.maven.org/maven2',
};

/** Hands on the packages of the registries that this machine uses, so that every link leads back to where the package manager came from. */
export class Registry {
  private readonly origins = new Map<string, string>();
  /** Addresses of files, by format and path. */
  private readonly files = new Map<string, string>();

  /** What the registry of a format has under a path; `endpoint` is the address that the path is below. */
  async get(format: string, path: string, endpoint: string): Promise<HttpAnswer> {
    if (format === 'pypi') return this.python(path);
    return format === 'npm' ? this.npm(path, endpoint) : fetched(`${this.origin(format)}/${path}`);
  }

  private async python(path: string): Promise<HttpAnswer> {
    const [, project, file] = path.split('/');
    const page = `${this.origin('pypi')}/${project}/`;
    if (!file) return this.pythonIndex(await fetched(page, 'text/html'), page, project);
    if (!this.files.has(`pypi ${project}/${file}`)) await this.pythonIndex(await fetched(page, 'text/html'), page, project);
    const address = this.files.get(`pypi ${project}/${file}`);
    return address ? fetched(address) : { status: 404, headers: {}, body: `there is no file ${file} of ${project}` };
  }

  /** The list of a project's files: their links are made relative. What says that there is metadata apart is left out, since CodeArtifact has none. */
  private pythonIndex(answer: HttpAnswer, page: string, project: string): HttpAnswer {
    if (answer.status !== 200) return answer;
    const body = answer.body.toString().replace(/ data-(?:dist-info|core)-metadata="[^"]*"/g, '').replace(/href="([^"#]+)/g, (_, link: string) => {
      const address = new URL(link.replace(/&amp;/g, '&'), page);
      const name = address.pathname.split('/').at(-1)!;
      this.files.set(`pypi ${project}/${decodeURIComponent(name)}`, address.href);
      return `href="${name}`;
    });
    return { ...answer, body };
  }

  private async npm(path: string, endpoint: string): Promise<HttpAnswer> {
    const file = this.files.get(`npm ${path}`);
    const answer = await fetched(file ?? `${this.origin('npm')}/${path}`);
    if (file || path.includes('/-/') || answer.status !== 200) return answer;
    const document = JSON.parse(answer.body.toString());
    for (const { dist } of Object.values<any>(document.versions ?? {})) {
      const own = `${document.name}/-/${dist.tarball.split('/').at(-1)}`;
      this.files.set(`npm ${own}`, dist.tarball);
      dist.tarball = `${endpoint}${own}`;
    }
    return { ...answer, body: JSON.stringify(document) };
  }

  private origin(format: string): string {
    if (!this.origins.has(format)) this.origins.set(format, ORIGINS[format]().replace(/\/+$/, ''));
    return this.origins.get(format)!;
  }
}

async function fetched(address: string, accept = '*/*'): Promise<HttpAnswer> {
  const { username, password, href } = new URL(address);
  const headers: Record<string, string> = username ? { accept, authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` } : { accept };
  try {
    const answer = await fetch(href.replace(/\/\/[^/@]*@/, '//'), { headers });
    const type = answer.headers.get('content-type') ?? 'application/octet-stream';
    return { status: answer.status, headers: { 'content-type': type }, body: Buffer.from(await answer.arrayBuffer()) };
  } catch (error) {
    return { status: 502, headers: {}, body: `this machine's registry can't be reached: ${((error as Error).cause as Error | undefined)?.message ?? error}` };
  }
}

function told(command: string, parameters: string[]): string {
  const { status, stdout } = spawnSync(command, parameters, { encoding: 'utf8', env: process.env });
  return status === 0 ? stdout.trim() : '';
}

/** The mirror that Maven's settings name. */
function mirrorOf(): string | undefined {
  const file = join(os.homedir(), '.m2', 'settings.xml');
  return fs.existsSync(file) ? /<mirror>[\s\S]*?<url>\s*([^<\s]+)/.exec(fs.readFileSync(file, 'utf8'))?.[1] : undefined;
}
