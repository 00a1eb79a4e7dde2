import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as codeartifact from 'aws-cdk-lib/aws-codeartifact';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { loginCommands } from './private/code-artifact-login';
import { requireInput } from './private/input';
import { CodeArtifactTool } from './private/runtime/code-artifact-tool';
import { Statement } from './private/statement';
import { refuse, requirePattern } from './private/validation';

/** A package format, with the public registry that is its upstream. */
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

/** Options for every repository. */
export interface CodeArtifactOptions {
  /** Name of the domain: 2 to 50 lowercase letters, digits, and hyphens. */
  readonly domainName: string;

  /** Name of the repository from which the build installs packages. */
  readonly repositoryName: string;

  /**
   * Whether the build may also publish packages to the repository.
   *
   * @default false
   */
  readonly publish?: boolean;
}

/** Options for `CodeArtifact.existing`. */
export interface ExistingCodeArtifactOptions extends CodeArtifactOptions {
  /**
   * Account that owns the domain. In another account, the policies of the domain and of the repository must allow the
   * role of the build.
   *
   * @default - the account of the stack
   */
  readonly domainOwner?: string;
}

/** Options for `CodeArtifact.create`. */
export interface CreateCodeArtifactOptions extends CodeArtifactOptions {
  /**
   * Formats whose public registries are upstream. Each format has its own repository, `<format>-store`, because a
   * repository can have only one external connection.
   *
   * @default - the format of the function's runtime
   */
  readonly formats?: PackageFormat[];

  /**
   * Key that encrypts the domain.
   *
   * @default - the AWS managed key for CodeArtifact
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * What a build needs to use a repository.
 *
 * @internal
 */
export interface CodeArtifactConfig {
  readonly statements: iam.PolicyStatement[];
  /** Environment variables that identify the repository, for the login and for a build specification in the source. */
  readonly environment: { [name: string]: string };
  /** Returns the commands that log the package manager in, with a token that is valid for the whole build. */
  readonly loginCommands: (tool: CodeArtifactTool | undefined, buildTimeout: Duration) => string[];
}

/**
 * The CodeArtifact repository from which the build installs dependencies. It costs $0.05 per GB and month, and $0.05
 * per 10,000 requests.
 *
 * @example
 * const codeArtifact = CodeArtifact.existing({ domainName: 'acme', repositoryName: 'python' });
 */
export abstract class CodeArtifact {
  /** An existing repository. */
  public static existing(options: ExistingCodeArtifactOptions): CodeArtifact {
    requireInput('CodeArtifact.existing', { options });
    return new ExistingCodeArtifact(options);
  }

  /**
   * A new domain, with a repository whose upstream is the public registry. Both are retained when the stack is deleted.
   */
  public static create(options: CreateCodeArtifactOptions): CodeArtifact {
    requireInput('CodeArtifact.create', { options });
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
      allowed: 'an account ID of 12 digits',
      remedy: 'use a string, for example "111122223333"',
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
        allowed: "a list of at least one format, because the function's runtime has no package format",
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
  const arn: ArnOf = (resource, resourceName) =>
    Stack.of(scope).formatArn({
      service: 'codeartifact',
      account: domainOwner,
      resource,
      resourceName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  const publishStatement = new Statement({
    actions: ['codeartifact:PublishPackageVersion', 'codeartifact:PutPackageMetadata'],
    resources: [arn('package', `${domainName}/${repositoryName}/*`)],
    because: 'the build chooses the names of the packages that it publishes',
  });
  return {
    environment: {
      CODEARTIFACT_DOMAIN: domainName,
      CODEARTIFACT_DOMAIN_OWNER: domainOwner,
      CODEARTIFACT_REPOSITORY: repositoryName,
    },
    statements: [...readStatements(arn, domainName, repositoryName), ...(publish ? [publishStatement] : [])],
    loginCommands: (tool, buildTimeout) => (tool ? loginCommands(tool, tokenSeconds(buildTimeout), publish) : []),
  };
}

type ArnOf = (resource: string, resourceName: string) => string;

function readStatements(arn: ArnOf, domainName: string, repositoryName: string): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: ['codeartifact:GetAuthorizationToken'],
      resources: [arn('domain', domainName)],
    }),
    new iam.PolicyStatement({
      actions: ['codeartifact:GetRepositoryEndpoint', 'codeartifact:ReadFromRepository'],
      resources: [arn('repository', `${domainName}/${repositoryName}`)],
    }),
    new Statement({
      actions: ['sts:GetServiceBearerToken'],
      resources: ['*'],
      because: 'sts:GetServiceBearerToken has no resource type; the condition limits it to CodeArtifact',
      conditions: { StringEquals: { 'sts:AWSServiceName': 'codeartifact.amazonaws.com' } },
    }),
  ];
}

/** Returns the timeout of the build, within CodeArtifact's limits for a token: between 15 minutes and 12 hours. */
function tokenSeconds(buildTimeout: Duration): number {
  return buildTimeout.isUnresolved() ? 43200 : Math.min(Math.max(buildTimeout.toSeconds(), 900), 43200);
}

function validate({ domainName, repositoryName }: CodeArtifactOptions): void {
  requirePattern(domainName, /^[a-z][a-z0-9-]{0,48}[a-z0-9]$/, {
    prop: 'codeArtifact.domainName',
    allowed: '2 to 50 lowercase letters, digits, and hyphens, starting with a letter',
    remedy: 'use the name of the domain, not the ARN',
  });
  requirePattern(repositoryName, /^[A-Za-z0-9][A-Za-z0-9._-]{1,99}$/, {
    prop: 'codeArtifact.repositoryName',
    allowed: '2 to 100 letters, digits, and . _ -',
    remedy: 'use the name of the repository, not the ARN or the endpoint',
  });
}
