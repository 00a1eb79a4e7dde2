import { PackageRepository } from './code-artifact';
import { Registry } from './registry';
import { AwsError } from '../../base/aws-error';
import type { Account } from '../account';
import { HttpRequest, HttpResponse } from '../http';
import { Caller } from '../iam/iam';

const PREFIX = '/packages/';

/** The endpoints of the CodeArtifact repositories, with the packages from the registries of this machine. */
export class PackageEndpoint {
  private readonly registry = new Registry();

  constructor(private readonly account: Account) {}

  takes({ path }: HttpRequest): boolean {
    return path.startsWith(PREFIX);
  }

  async answer(request: HttpRequest): Promise<HttpResponse> {
    const [domain, owner, format, name, ...rest] = request.path.slice(PREFIX.length).split('/');
    const caller = this.account.codeArtifact.callerOf(tokenOf(request.headers.authorization), domain);
    if (!caller) {
      return {
        status: 401,
        headers: { 'www-authenticate': 'Basic realm="CodeArtifact"' },
        body: 'the token is missing, wrong or expired',
      };
    }
    const repository: PackageRepository = { domain, owner, name };
    try {
      if (request.method === 'GET' || request.method === 'HEAD') {
        return await this.read(caller, repository, { format, path: rest.join('/') });
      }
      return await this.write(caller, repository, { format, path: rest.join('/') }, request);
    } catch (error) {
      if (!(error instanceof AwsError) || error.statusCode !== 403) {
        throw error;
      }
      return failure(403, error.message);
    }
  }

  private read(caller: Caller, repository: PackageRepository, { format, path }: Target): Promise<HttpResponse> {
    const { codeArtifact, calls } = this.account;
    calls.check(caller, 'codeartifact:ReadFromRepository', codeArtifact.repositoryArn(repository));
    const view = {
      endpoint: this.endpoint(repository, format),
      isPublic: codeArtifact.reachesRegistry(repository, format),
    };
    return this.registry.get(format, path, view);
  }

  private async write(
    caller: Caller,
    repository: PackageRepository,
    { format, path }: Target,
    request: HttpRequest,
  ): Promise<HttpResponse> {
    if (format === 'npm' && path.startsWith('-/')) {
      return failure(404, 'CodeArtifact supports neither the audits nor the users of npm');
    }
    if (format !== 'pypi' || request.method !== 'POST') {
      throw this.account.refuse(
        `publishing packages of the format ${format} to CodeArtifact (${request.method} ${path})`,
      );
    }
    const form = await new Response(request.body, {
      headers: { 'content-type': request.headers['content-type'] },
    }).formData();
    const [name, content] = [String(form.get('name')), form.get('content')];
    this.account.calls.check(
      caller,
      'codeartifact:PublishPackageVersion',
      this.account.codeArtifact.packageArn(repository, format, name),
    );
    if (!(content instanceof File)) {
      return failure(400, 'the field content must contain the file of the package');
    }
    const file = { name: content.name, content: Buffer.from(await content.arrayBuffer()) };
    const isNew = this.registry.publish(this.endpoint(repository, format), name, file);
    return isNew ? { status: 200, headers: {}, body: '' } : failure(409, `${file.name} already exists`);
  }

  private endpoint({ domain, owner, name }: PackageRepository, format: string): string {
    return `${this.account.endpoint}${PREFIX}${domain}/${owner}/${format}/${name}/`;
  }
}

/** The target of a request in a repository. */
interface Target {
  readonly format: string;
  readonly path: string;
}

function failure(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

/** Returns the token: the password of the user `aws` for pip and Maven, a bearer token for npm. */
function tokenOf(authorization = ''): string {
  const [scheme, value = ''] = authorization.split(' ');
  return scheme.toLowerCase() === 'basic'
    ? Buffer.from(value, 'base64')
        .toString()
        .replace(/^[^:]*:/, '')
    : value;
}
