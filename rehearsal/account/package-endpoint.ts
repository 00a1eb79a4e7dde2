import { Registry } from '../registry';
import { Account } from './account';
import { AwsError } from './aws-error';
import { PackageRepository } from './code-artifact';
import { Caller } from './iam';
import { HttpAnswer, HttpRequest } from './server';

const PREFIX = '/packages/';

/** The endpoints of CodeArtifact's repositories, which package managers speak to: with a token, and with the packages of this machine's registries. */
export class PackageEndpoint {
  private readonly registry = new Registry();

  constructor(private readonly account: Account) {}

  takes({ path }: HttpRequest): boolean {
    return path.startsWith(PREFIX);
  }

  async answer(request: HttpRequest): Promise<HttpAnswer> {
    const [domain, owner, format, name, ...rest] = request.path.slice(PREFIX.length).split('/');
    const caller = this.account.codeArtifact.callerOf(tokenOf(request.headers.authorization), domain);
    if (!caller) return { status: 401, headers: { 'www-authenticate': 'Basic realm="CodeArtifact"' }, body: 'the token is missing, wrong or has expired' };
    const repository: PackageRepository = { domain, owner, name };
    try {
      if (request.method === 'GET' || request.method === 'HEAD') return await this.read(caller, repository, { format, path: rest.join('/') });
      return await this.write(caller, repository, { format, path: rest.join('/') }, request);
    } catch (error) {
      if (!(error instanceof AwsError) || error.statusCode !== 403) throw error;
      return { status: 403, headers: {}, body: error.message };
    }
  }

  private read(caller: Caller, repository: PackageRepository, { format, path }: Place): Promise<HttpAnswer> {
    const { codeArtifact, calls } = this.account;
    calls.check(caller, 'codeartifact:ReadFromRepository', codeArtifact.repositoryArn(repository));
    return this.registry.get(format, path, { endpoint: this.endpoint(repository, format), isPublic: codeArtifact.reachesRegistry(repository, format) });
  }

  private async write(caller: Caller, repository: PackageRepository, { format, path }: Place, { method, headers, body }: HttpRequest): Promise<HttpAnswer> {
    if (format === 'npm' && path.startsWith('-/')) return { status: 404, headers: {}, body: 'CodeArtifact has neither audits nor users of npm' };
    if (format !== 'pypi' || method !== 'POST') throw this.account.refuse(`publishing packages of the format ${format} to CodeArtifact (${method} ${path})`);
    const form = await new Response(body, { headers: { 'content-type': headers['content-type'] } }).formData();
    const [name, content] = [String(form.get('name')), form.get('content')];
    this.account.calls.check(caller, 'codeartifact:PublishPackageVersion', this.account.codeArtifact.packageArn(repository, format, name));
    if (!(content instanceof File)) return { status: 400, headers: {}, body: 'the field content must hold the file of the package' };
    const isNew = this.registry.publish(this.endpoint(repository, format), name, { name: content.name, content: Buffer.from(await content.arrayBuffer()) });
    return isNew ? { status: 200, headers: {}, body: '' } : { status: 409, headers: {}, body: `${content.name} is there already` };
  }

  private endpoint({ domain, owner, name }: PackageRepository, format: string): string {
    return `${this.account.endpoint}${PREFIX}${domain}/${owner}/${format}/${name}/`;
  }
}

/** What a request is about. */
interface Place {
  readonly format: string;
  readonly path: string;
}

/** pip and Maven give the token as the password of a user named `aws`, npm as a bearer token. */
function tokenOf(authorization = ''): string {
  const [scheme, value = ''] = authorization.split(' ');
  return scheme.toLowerCase() === 'basic' ? Buffer.from(value, 'base64').toString().replace(/^[^:]*:/, '') : value;
}
