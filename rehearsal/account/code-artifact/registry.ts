import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import { join } from 'node:path';
import { NotRehearsedError } from '../../base/aws-error';
import { HttpResponse } from '../http';

/** The registries of this machine's package managers, by format: as configured, or by default. */
const ORIGINS: Record<string, () => string> = {
  pypi: () =>
    process.env.PIP_INDEX_URL ??
    (ask('python3', ['-m', 'pip', 'config', 'get', 'global.index-url']) || ask('python3', ['-c', PIP_DEFAULT])),
  npm: () => ask('npm', ['config', 'get', 'registry']),
  maven: () =>
    mirrorOf() ??
    ask('mvn', [
      '--batch-mode',
      '--quiet',
      'help:evaluate',
      '-Dexpression=project.repositories[0].url',
      '-DforceStdout',
    ]),
};

const PIP_DEFAULT = 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)';

/** A file of a package. */
export interface RegistryFile {
  readonly name: string;
  readonly content: Buffer;
}

/** A repository as its readers see it. */
export interface RepositoryView {
  /** The base address of all paths. */
  readonly endpoint: string;
  /** Whether the repository reaches the public registry. */
  readonly isPublic: boolean;
}

/** Serves the packages of the registries that this machine uses. Every link leads back to the repository. */
export class Registry {
  private readonly origins = new Map<string, string>();
  /** The addresses of files by format and path. */
  private readonly files = new Map<string, string>();
  /** The published files by endpoint and project. */
  private readonly published = new Map<string, RegistryFile[]>();

  /** Returns the file or the index at a path: from the published files, then from the public registry if reachable. */
  async get(format: string, path: string, { endpoint, isPublic }: RepositoryView): Promise<HttpResponse> {
    if (format === 'pypi') {
      return this.python(path, { endpoint, isPublic });
    }
    if (!isPublic) {
      return missing(path);
    }
    return format === 'npm' ? this.npm(path, endpoint) : fetched(`${this.origin(format)}/${path}`);
  }

  /** Adds a file to a Python project. Returns false if the file already exists. */
  publish(endpoint: string, name: string, file: RegistryFile): boolean {
    const key = `${endpoint} ${normalized(name)}`;
    const files = this.published.get(key) ?? [];
    if (files.some((other) => other.name === file.name)) {
      return false;
    }
    this.published.set(key, [...files, file]);
    return true;
  }

  private async python(path: string, { endpoint, isPublic }: RepositoryView): Promise<HttpResponse> {
    const [, project, file] = path.split('/');
    const own = this.published.get(`${endpoint} ${normalized(project)}`) ?? [];
    const found = own.find(({ name }) => name === file);
    if (found) {
      return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: found.content };
    }
    if (file && this.files.has(`pypi ${project}/${file}`)) {
      return fetched(this.files.get(`pypi ${project}/${file}`)!);
    }
    const page = `${this.origin('pypi')}/${project}/`;
    const index = isPublic ? this.pythonIndex(await fetched(page, 'text/html'), page, project) : missing(path);
    if (file) {
      return this.files.has(`pypi ${project}/${file}`)
        ? fetched(this.files.get(`pypi ${project}/${file}`)!)
        : missing(path);
    }
    if (own.length === 0) {
      return index;
    }
    const links = own.map(({ name }) => `<a href="${name}">${name}</a>`).join('');
    return {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: index.status === 200 ? `${index.body}${links}` : `<!DOCTYPE html>${links}`,
    };
  }

  /** Makes the links of a file list relative, and removes the hints to metadata files, which CodeArtifact lacks. */
  private pythonIndex(response: HttpResponse, page: string, project: string): HttpResponse {
    if (response.status !== 200) {
      return response;
    }
    const body = response.body
      .toString()
      .replace(/ data-(?:dist-info|core)-metadata="[^"]*"/g, '')
      .replace(/href="([^"#]+)/g, (_, link: string) => {
        const address = new URL(link.replace(/&amp;/g, '&'), page);
        const name = address.pathname.split('/').at(-1)!;
        this.files.set(`pypi ${project}/${decodeURIComponent(name)}`, address.href);
        return `href="${name}`;
      });
    return { ...response, body };
  }

  private async npm(path: string, endpoint: string): Promise<HttpResponse> {
    const file = this.files.get(`npm ${path}`);
    const response = await fetched(file ?? `${this.origin('npm')}/${path}`);
    if (file || path.includes('/-/') || response.status !== 200) {
      return response;
    }
    const document: Packument = JSON.parse(response.body.toString());
    for (const { dist } of Object.values(document.versions ?? {})) {
      const own = `${document.name}/-/${dist.tarball.split('/').at(-1)}`;
      this.files.set(`npm ${own}`, dist.tarball);
      dist.tarball = `${endpoint}${own}`;
    }
    return { ...response, body: JSON.stringify(document) };
  }

  private origin(format: string): string {
    const origin = this.origins.get(format) ?? ORIGINS[format]().replace(/\/+$/, '');
    if (!origin) {
      throw new NotRehearsedError(
        `packages of the format ${format}: no package manager on this machine names a registry for them`,
      );
    }
    this.origins.set(format, origin);
    return origin;
  }
}

/** The description of an npm package. */
interface Packument {
  readonly name: string;
  readonly versions?: Record<string, { readonly dist: { tarball: string } }>;
}

function missing(path: string): HttpResponse {
  return { status: 404, headers: {}, body: `the repository has no ${path}` };
}

/** Normalizes the name of a Python project: https://peps.python.org/pep-0503/ */
function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

async function fetched(address: string, accept = '*/*'): Promise<HttpResponse> {
  const { username, password, href } = new URL(address);
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const headers: Record<string, string> = username
    ? { accept, authorization: `Basic ${credentials.toString('base64')}` }
    : { accept };
  try {
    const response = await fetch(href.replace(/\/\/[^/@]*@/, '//'), { headers });
    const type = response.headers.get('content-type') ?? 'application/octet-stream';
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: { 'content-type': type }, body };
  } catch (error) {
    const cause = (error as Error).cause as Error | undefined;
    return { status: 502, headers: {}, body: `this machine's registry is unreachable: ${cause?.message ?? error}` };
  }
}

/** Returns the address that a command prints. */
function ask(command: string, parameters: string[]): string {
  const { status, stdout } = spawnSync(command, parameters, { encoding: 'utf8', env: process.env });
  return status === 0 ? (/https?:[^\s\u001b]+/.exec(stdout)?.[0] ?? '') : ''; // Maven colors its output
}

/** Returns the mirror in Maven's settings. */
function mirrorOf(): string | undefined {
  const file = join(os.homedir(), '.m2', 'settings.xml');
  return fs.existsSync(file) ? /<mirror>[\s\S]*?<url>\s*([^<\s]+)/.exec(fs.readFileSync(file, 'utf8'))?.[1] : undefined;
}
