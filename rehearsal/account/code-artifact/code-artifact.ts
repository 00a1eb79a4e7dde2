import { AwsError } from '../../base/aws-error';
import type { Account } from '../account';
import { Caller } from '../iam/iam';
import { Operation, Service } from '../service';

/** A repository for packages. */
export interface PackageRepository {
  readonly domain: string;
  /** The account number of the owner of the domain. */
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

/** Public registries by package format: https://docs.aws.amazon.com/codeartifact/latest/ug/external-connection.html */
const EXTERNAL_CONNECTIONS: Record<string, string> = {
  pypi: 'public:pypi',
  npm: 'public:npmjs',
  maven: 'public:maven-central',
};
const DEFAULT_DURATION = 43_200;

/** The query of a request. */
interface AddressInput {
  readonly domain: string;
  readonly 'domain-owner'?: string;
  readonly repository: string;
}

interface TokenInput extends AddressInput {
  readonly duration?: string;
}

interface EndpointInput extends AddressInput {
  readonly format: string;
}

/** The domains, repositories and tokens of CodeArtifact. The registries of this machine provide the packages. */
export class CodeArtifact implements Service {
  readonly prefix = 'codeartifact';

  readonly operations: Record<string, Operation> = {
    GetAuthorizationToken: {
      resources: (input: AddressInput) => [this.domainArn(this.addressOf(input))],
      run: (input: TokenInput, caller) => this.getToken(input, caller),
    },
    GetRepositoryEndpoint: {
      resources: (input: AddressInput) => [this.repositoryArn(this.addressOf(input))],
      run: (input: EndpointInput) => this.getEndpoint(input),
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

  /** Returns the caller that owns a token, or undefined for a token that is wrong, expired or for another domain. */
  callerOf(token: string, domain: string): Caller | undefined {
    const known = this.tokens.get(token);
    return known && known.domain === domain && this.account.clock.now() < known.expires ? known.caller : undefined;
  }

  /** Whether a repository reaches the public registry of a format. True for repositories outside of the templates. */
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

  private getToken(input: TokenInput, caller: Caller) {
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

  private getEndpoint(input: EndpointInput) {
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
        `packages of the format ${input.format} in CodeArtifact. ` +
          `Rehearsed are ${Object.keys(EXTERNAL_CONNECTIONS).join(', ')}`,
      );
    }
    return { repositoryEndpoint: `${this.account.endpoint}/packages/${domain}/${owner}/${input.format}/${name}/` };
  }

  private checkDomain(domain: string, owner: string): void {
    if (this.domains.has(domain) && owner === this.account.id) {
      return;
    }
    this.account.notRehearsed.add(
      `whether the CodeArtifact domain ${domain} of the account ${owner} exists and allows the build: ` +
        'no template contains it',
    );
  }

  private addressOf(input: AddressInput): PackageRepository {
    return { domain: input.domain, owner: input['domain-owner'] ?? this.account.id, name: input.repository };
  }
}
