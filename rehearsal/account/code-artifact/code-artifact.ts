import { AwsError } from '../../base/aws-error';
import { Account } from '../account';
import { Caller } from '../iam/iam';
import { Operation, Service } from '../service';

/** A repository for packages. */
export interface PackageRepository {
  readonly domain: string;
  /** Account number of the domain's owner. */
  readonly owner: string;
  readonly name: string;
}

interface Token {
  readonly caller: Caller;
  readonly domain: string;
  readonly expires: number;
}

interface DeclaredRepository {
  readonly upstreams: readonly string[];
  readonly externalConnections: readonly string[];
}

/** Public registries by the format of their packages, https://docs.aws.amazon.com/codeartifact/latest/ug/external-connection.html. */
const EXTERNAL_CONNECTIONS: Record<string, string> = {
  pypi: 'public:pypi',
  npm: 'public:npmjs',
  maven: 'public:maven-central',
};
const DEFAULT_DURATION = 43_200;

/** The domains and repositories of CodeArtifact, and the tokens for them. Their packages come from the registries that this machine uses. */
export class CodeArtifact implements Service {
  readonly prefix = 'codeartifact';

  readonly operations: Record<string, Operation> = {
    GetAuthorizationToken: {
      resources: (input) => [this.domainArn(this.addressOf(input))],
      run: (input, caller) => this.getToken(input, caller),
    },
    GetRepositoryEndpoint: {
      resources: (input) => [this.repositoryArn(this.addressOf(input))],
      run: (input) => this.getEndpoint(input),
    },
  };

  private readonly domains = new Map<string, Map<string, DeclaredRepository>>();
  private readonly tokens = new Map<string, Token>();

  constructor(private readonly account: Account) {}

  addDomain(name: string): void {
    this.domains.set(name, new Map());
  }

  addRepository(domain: string, name: string, repository: DeclaredRepository): void {
    this.domains.get(domain)?.set(name, repository);
  }

  /** Who uses a token; undefined for one that is wrong, has expired, or belongs to another domain. */
  callerOf(token: string, domain: string): Caller | undefined {
    const known = this.tokens.get(token);
    return known && known.domain === domain && this.account.clock.now() < known.expires ? known.caller : undefined;
  }

  /** Whether a repository leads to the public registry of a format: one that is in no template is taken to. */
  reachesRegistry({ domain, name }: PackageRepository, format: string): boolean {
    const repositories = this.domains.get(domain);
    if (!repositories) {
      return true;
    }
    const { upstreams = [], externalConnections = [] } = repositories.get(name) ?? {};
    return (
      externalConnections.includes(EXTERNAL_CONNECTIONS[format]) ||
      upstreams.some((upstream) => this.reachesRegistry({ domain, owner: '', name: upstream }, format))
    );
  }

  domainArn({ domain, owner }: PackageRepository): string {
    return this.arn(owner, `domain/${domain}`);
  }

  repositoryArn({ domain, owner, name }: PackageRepository): string {
    return this.arn(owner, `repository/${domain}/${name}`);
  }

  packageArn({ domain, owner, name }: PackageRepository, format: string, packageName: string): string {
    return this.arn(owner, `package/${domain}/${name}/${format}//${packageName}`);
  }

  private arn(owner: string, resource: string): string {
    return `arn:aws:codeartifact:${this.account.region}:${owner}:${resource}`;
  }

  private getToken(input: any, caller: Caller) {
    const { domain, owner } = this.addressOf(input);
    const duration = Number(input.duration ?? DEFAULT_DURATION);
    if (duration !== 0 && (duration < 900 || duration > DEFAULT_DURATION)) {
      throw new AwsError(400, 'ValidationException', 'Duration must be 0, or between 900 and 43200 seconds');
    }
    this.account.calls.check(caller, 'sts:GetServiceBearerToken', '*', {
      'sts:AWSServiceName': 'codeartifact.amazonaws.com',
    });
    this.checkDomain(domain, owner);
    const token = this.account.nextId('token', 40);
    const expires = this.account.clock.now() + (duration || DEFAULT_DURATION) * 1000;
    this.tokens.set(token, { caller, domain, expires });
    return { authorizationToken: token, expiration: Math.floor(expires / 1000) };
  }

  private getEndpoint(input: any) {
    const { domain, owner, name } = this.addressOf(input);
    this.checkDomain(domain, owner);
    if (this.domains.has(domain) && !this.domains.get(domain)!.has(name)) {
      throw new AwsError(
        404,
        'ResourceNotFoundException',
        `Repository not found. Repository '${name}' not found in domain '${domain}'.`,
      );
    }
    if (!EXTERNAL_CONNECTIONS[input.format]) {
      throw this.account.refuse(
        `packages of the format ${input.format} in CodeArtifact: ${Object.keys(EXTERNAL_CONNECTIONS).join(', ')} are`,
      );
    }
    return { repositoryEndpoint: `${this.account.endpoint}/packages/${domain}/${owner}/${input.format}/${name}/` };
  }

  private checkDomain(domain: string, owner: string): void {
    if (this.domains.has(domain) && owner === this.account.id) {
      return;
    }
    this.account.notRehearsed.add(
      `whether the CodeArtifact domain ${domain} of the account ${owner} is there, and lets the build in: it is in none of the templates`,
    );
  }

  private addressOf(input: any): PackageRepository {
    return { domain: input.domain, owner: input['domain-owner'] ?? this.account.id, name: input.repository };
  }
}
