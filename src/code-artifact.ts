import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as codeartifact from 'aws-cdk-lib/aws-codeartifact';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { loginCommands } from './private/code-artifact-login';
import { CodeArtifactTool } from './private/runtime/code-artifact-tool';
import { refuse, requirePattern } from './private/validation';

/** A format of packages, with the public registry that it comes from. */
export enum PackageFormat {
  /** Python packages, from PyPI. */
  PYPI = 'pypi',
  /** Node.js packages, from the npm registry. */
  NPM = 'npm',
  /** Java packages, from Maven Central; for Maven and Gradle. */
  MAVEN = 'maven',
  /** .NET packages, from NuGet. */
  NUGET = 'nuget',
}

/** Options of every repository. */
export interface CodeArtifactOptions {
  /** Name of the domain: 2 to 50 lower-case letters, digits and hyphens. */
  readonly domainName: string;

  /** Name of the repository that the build installs from. */
  readonly repositoryName: string;

  /**
   * Whether the build may publish packages to the repository too.
   *
   * @default false
   */
  readonly publish?: boolean;
}

/** Options of `CodeArtifact.existing`. */
export interface ExistingCodeArtifactOptions extends CodeArtifactOptions {
  /**
   * Account that owns the domain. When it is another one, its domain and repository policies have to allow the build's role.
   *
   * @default - the account of the stack
   */
  readonly domainOwner?: string;
}

/** Options of `CodeArtifact.create`. */
export interface CreateCodeArtifactOptions extends CodeArtifactOptions {
  /**
   * Formats whose public registries are upstream. Each has a repository of its own, `<format>-store`, because a repository takes one registry.
   *
   * @default - the format of the function's runtime
   */
  readonly formats?: PackageFormat[];

  /**
   * Key that encrypts the domain.
   *
   * @default - the key that AWS manages for CodeArtifact
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * What a build needs for a repository.
 *
 * @internal
 */
export interface CodeArtifactConfig {
  readonly statements: iam.PolicyStatement[];
  /** For build specifications of the repository's own: they name the repository by these. */
  readonly environment: { [name: string]: string };
  /** The commands that log the package manager in, for as long as the build may last. */
  readonly loginCommands: (tool: CodeArtifactTool | undefined, buildTimeout: Duration) => string[];
}

/**
 * The CodeArtifact repository that the build installs its dependencies from: $0.05 a month for a GB, $0.05 for 10,000 requests.
 *
 * @example
 * const codeArtifact = CodeArtifact.existing({ domainName: 'acme', repositoryName: 'python' });
 */
export abstract class CodeArtifact {
  /** A repository that exists. */
  public static existing(options: ExistingCodeArtifactOptions): CodeArtifact {
    return new ExistingCodeArtifact(options);
  }

  /** A new domain with a repository whose upstream is the public registry. Both stay when the stack is deleted. */
  public static create(options: CreateCodeArtifactOptions): CodeArtifact {
    return new NewCodeArtifact(options);
  }

  /** @internal */
  public abstract _bind(scope: Construct, format?: PackageFormat): CodeArtifactConfig;
}

class ExistingCodeArtifact extends CodeArtifact {
  constructor(private readonly options: ExistingCodeArtifactOptions) {
    super();
    validate(options);
    requirePattern(options.domainOwner, /^\d{12}$/, {
      prop: 'codeArtifact.domainOwner',
      allowed: 'an account number of 12 digits',
      remedy: 'give it as text, for example "111122223333"',
    });
  }

  public _bind(scope: Construct): CodeArtifactConfig {
    return config(scope, this.options, this.options.domainOwner ?? Stack.of(scope).account);
  }
}

class NewCodeArtifact extends CodeArtifact {
  constructor(private readonly options: CreateCodeArtifactOptions) {
    super();
    validate(options);
  }

  public _bind(scope: Construct, format?: PackageFormat): CodeArtifactConfig {
    const { domainName, repositoryName, encryptionKey } = this.options;
    const formats = this.options.formats ?? (format ? [format] : []);
    if (formats.length === 0) {
      refuse({
        prop: 'codeArtifact.formats',
        allowed: "given, because the function's runtime has no package format",
        given: formats,
        remedy: 'for example [PackageFormat.PYPI]',
      });
    }
    const domain = new codeartifact.CfnDomain(scope, 'CodeArtifactDomain', {
      domainName,
      encryptionKey: encryptionKey?.keyArn,
    });
    const stores = formats.map(
      (each) =>
        new codeartifact.CfnRepository(scope, `CodeArtifactStore-${each}`, {
          domainName: domain.attrName,
          repositoryName: `${each}-store`,
          externalConnections: [EXTERNAL_CONNECTIONS[each]],
        }),
    );
    const repository = new codeartifact.CfnRepository(scope, 'CodeArtifactRepository', {
      domainName: domain.attrName,
      repositoryName,
      upstreams: stores.map((store) => store.attrName),
    });
    [domain, ...stores, repository].forEach((resource) => resource.applyRemovalPolicy(RemovalPolicy.RETAIN));
    return config(scope, this.options, Stack.of(scope).account);
  }
}

/** https://docs.aws.amazon.com/codeartifact/latest/ug/external-connection.html */
const EXTERNAL_CONNECTIONS: Record<PackageFormat, string> = {
  [PackageFormat.PYPI]: 'public:pypi',
  [PackageFormat.NPM]: 'public:npmjs',
  [PackageFormat.MAVEN]: 'public:maven-central',
  [PackageFormat.NUGET]: 'public:nuget-org',
};

function config(
  scope: Construct,
  { domainName, repositoryName, publish = false }: CodeArtifactOptions,
  domainOwner: string,
): CodeArtifactConfig {
  const arn = (resource: string, resourceName: string) =>
    Stack.of(scope).formatArn({
      service: 'codeartifact',
      account: domainOwner,
      resource,
      resourceName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  return {
    environment: {
      CODEARTIFACT_DOMAIN: domainName,
      CODEARTIFACT_DOMAIN_OWNER: domainOwner,
      CODEARTIFACT_REPOSITORY: repositoryName,
    },
    statements: [
      new iam.PolicyStatement({
        actions: ['codeartifact:GetAuthorizationToken'],
        resources: [arn('domain', domainName)],
      }),
      new iam.PolicyStatement({
        actions: ['codeartifact:GetRepositoryEndpoint', 'codeartifact:ReadFromRepository'],
        resources: [arn('repository', `${domainName}/${repositoryName}`)],
      }),
      ...(publish
        ? [
            new iam.PolicyStatement({
              actions: ['codeartifact:PublishPackageVersion', 'codeartifact:PutPackageMetadata'],
              resources: [arn('package', `${domainName}/${repositoryName}/*`)],
            }),
          ]
        : []),
      new iam.PolicyStatement({
        actions: ['sts:GetServiceBearerToken'], // has no resource type: only the condition narrows it
        resources: ['*'],
        conditions: { StringEquals: { 'sts:AWSServiceName': 'codeartifact.amazonaws.com' } },
      }),
    ],
    loginCommands: (tool, buildTimeout) => (tool ? loginCommands(tool, tokenSeconds(buildTimeout), publish) : []),
  };
}

/** A token lives as long as the build may, within CodeArtifact's limits of 15 minutes and 12 hours. */
function tokenSeconds(buildTimeout: Duration): number {
  return buildTimeout.isUnresolved() ? 43200 : Math.min(Math.max(buildTimeout.toSeconds(), 900), 43200);
}

function validate({ domainName, repositoryName }: CodeArtifactOptions): void {
  requirePattern(domainName, /^[a-z][a-z0-9-]{0,48}[a-z0-9]$/, {
    prop: 'codeArtifact.domainName',
    allowed: '2 to 50 lower-case letters, digits and hyphens, beginning with a letter',
    remedy: 'give the name of the domain, not its ARN',
  });
  requirePattern(repositoryName, /^[A-Za-z0-9][A-Za-z0-9._-]{1,99}$/, {
    prop: 'codeArtifact.repositoryName',
    allowed: '2 to 100 letters, digits and . _ -',
    remedy: 'give the name of the repository, not its ARN or endpoint',
  });
}
