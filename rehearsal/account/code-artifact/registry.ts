import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import { join } from 'node:path';
import { NotRehearsedError } from '../../base/aws-error';
import type { HttpAnswer } from '../server';

/** Where this machine's package managers get a format's packages from: as they are set up, or as they come. */
const ORIGINS: Record<string, () => string> = {
  pypi: () =>
    process.env.PIP_INDEX_URL ??
    (told('python3', ['-m', 'pip', 'config', 'get', 'global.index-url']) || told('python3', ['-c', PIP_DEFAULT])),
  npm: () => told('npm', ['config', 'get', 'registry']),
  maven: () =>
    mirrorOf() ??
    told('mvn', [
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

/** A repository, as whoever reads from it sees it. */
export interface RepositoryView {
  /** The address that all paths are below. */
  readonly endpoint: string;
  /** Whether it leads to the public registry. */
  readonly isPublic: boolean;
}

/** Hands on the packages of the registries that this machine uses, so that every link leads back to where the package manager came from. */
export class Registry {
  private readonly origins = new Map<string, string>();
  /** Addresses of files, by format and path. */
  private readonly files = new Map<string, string>();

  /** What was published here, by the endpoint and the project. */
  private readonly published = new Map<string, RegistryFile[]>();

  /** What a repository has under a path: what was published to it, and, when it leads there, what the public registry of the format has. */
  async get(format: string, path: string, { endpoint, isPublic }: RepositoryView): Promise<HttpAnswer> {
    if (format === 'pypi') {
      return this.python(path, { endpoint, isPublic });
    }
    if (!isPublic) {
      return missing(path);
    }
    return format === 'npm' ? this.npm(path, endpoint) : fetched(`${this.origin(format)}/${path}`);
  }

  /** Keeps a file of a Python project; false when it is there already. */
  publish(endpoint: string, name: string, file: RegistryFile): boolean {
    const key = `${endpoint} ${normalized(name)}`;
    const files = this.published.get(key) ?? [];
    if (files.some((other) => other.name === file.name)) {
      return false;
    }
    this.published.set(key, [...files, file]);
    return true;
  }

  private async python(path: string, { endpoint, isPublic }: RepositoryView): Promise<HttpAnswer> {
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

  /** The list of a project's files: their links are made relative. What says that there is metadata apart is left out, since CodeArtifact has none. */
  private pythonIndex(answer: HttpAnswer, page: string, project: string): HttpAnswer {
    if (answer.status !== 200) {
      return answer;
    }
    const body = answer.body
      .toString()
      .replace(/ data-(?:dist-info|core)-metadata="[^"]*"/g, '')
      .replace(/href="([^"#]+)/g, (_, link: string) => {
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
    if (file || path.includes('/-/') || answer.status !== 200) {
      return answer;
    }
    const document = JSON.parse(answer.body.toString());
    for (const { dist } of Object.values<any>(document.versions ?? {})) {
      const own = `${document.name}/-/${dist.tarball.split('/').at(-1)}`;
      this.files.set(`npm ${own}`, dist.tarball);
      dist.tarball = `${endpoint}${own}`;
    }
    return { ...answer, body: JSON.stringify(document) };
  }

  private origin(format: string): string {
    const origin = this.origins.get(format) ?? ORIGINS[format]().replace(/\/+$/, '');
    if (!origin) {
      throw new NotRehearsedError(
        `packages of the format ${format}: this machine has no package manager that says where they come from`,
      );
    }
    this.origins.set(format, origin);
    return origin;
  }
}

function missing(path: string): HttpAnswer {
  return { status: 404, headers: {}, body: `the repository has no ${path}` };
}

/** Names of Python projects are the same whatever their case and separators: https://peps.python.org/pep-0503/. */
function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

async function fetched(address: string, accept = '*/*'): Promise<HttpAnswer> {
  const { username, password, href } = new URL(address);
  const headers: Record<string, string> = username
    ? {
        accept,
        authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`,
      }
    : { accept };
  try {
    const answer = await fetch(href.replace(/\/\/[^/@]*@/, '//'), { headers });
    const type = answer.headers.get('content-type') ?? 'application/octet-stream';
    return { status: answer.status, headers: { 'content-type': type }, body: Buffer.from(await answer.arrayBuffer()) };
  } catch (error) {
    return {
      status: 502,
      headers: {},
      body: `this machine's registry can't be reached: ${((error as Error).cause as Error | undefined)?.message ?? error}`,
    };
  }
}

function told(command: string, parameters: string[]): string {
  const { status, stdout } = spawnSync(command, parameters, { encoding: 'utf8', env: process.env });
  return status === 0 ? (/https?:[^\s\u001b]+/.exec(stdout)?.[0] ?? '') : ''; // Maven colours what it says
}

/** The mirror that Maven's settings name. */
function mirrorOf(): string | undefined {
  const file = join(os.homedir(), '.m2', 'settings.xml');
  return fs.existsSync(file) ? /<mirror>[\s\S]*?<url>\s*([^<\s]+)/.exec(fs.readFileSync(file, 'utf8'))?.[1] : undefined;
}
