import { Registry } from '../registry';
import { Account } from './account';
import { AwsError } from './aws-error';
import { PackageRepository } from './code-artifact';
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
    const repository: PackageRepository = { domain, owner, name };
    const caller = this.account.codeArtifact.callerOf(tokenOf(request.headers.authorization), domain);
    if (!caller) return { status: 401, headers: { 'www-authenticate': 'Basic realm="CodeArtifact"' }, body: 'the token is missing, wrong or has expired' };
    if (request.method !== 'GET' && request.method !== 'HEAD') throw this.account.refuse(`publishing to CodeArtifact (${request.method} ${request.path})`);
    try {
      this.account.calls.check(caller, 'codeartifact:ReadFromRepository', this.account.codeArtifact.repositoryArn(repository));
    } catch (error) {
      if (!(error instanceof AwsError) || error.statusCode !== 403) throw error;
      return { status: 403, headers: {}, body: error.message };
    }
    if (!this.account.codeArtifact.reachesRegistry(repository, format)) {
      return { status: 404, headers: {}, body: `the repository ${name} has no package ${rest.join('/')}, and leads to no public registry of the format ${format}` };
    }
    return this.registry.get(format, rest.join('/'), `${this.account.endpoint}${PREFIX}${domain}/${owner}/${format}/${name}/`);
  }
}

/** pip and Maven give the token as the password of a user named `aws`, npm as a bearer token. */
function tokenOf(authorization = ''): string {
  const [scheme, value = ''] = authorization.split(' ');
  return scheme.toLowerCase() === 'basic' ? Buffer.from(value, 'base64').toString().replace(/^[^:]*:/, '') : value;
}
