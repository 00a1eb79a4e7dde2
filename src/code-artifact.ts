import { ArnFormat, Duration, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { requirePattern } from './private/validation';

/** Options of `CodeArtifact.existing`. */
export interface ExistingCodeArtifactOptions {
  /** Name of the domain. */
  readonly domainName: string;
  /** Name of the repository that the build installs from. */
  readonly repositoryName: string;
  /**
   * Account that owns the domain. When it is another one, its domain and repository policies have to allow the build's role.
   *
   * @default - the account of the stack
   */
  readonly domainOwner?: string;
}

/** A package manager that CodeArtifact logs in. */
export type CodeArtifactTool = 'pip' | 'npm';

/** What a build needs for a repository. */
export interface CodeArtifactConfig {
  readonly statements: iam.PolicyStatement[];
  /** The commands that log the package manager in, for as long as the build may last. */
  readonly loginCommands: (tool: CodeArtifactTool, buildTimeout: Duration) => string[];
}

/**
 * The CodeArtifact repository that the build installs its dependencies from.
 *
 * @example
 * const codeArtifact = CodeArtifact.existing({ domainName: 'acme', repositoryName: 'python' });
 */
export abstract class CodeArtifact {
  /** A repository that exists. */
  public static existing(options: ExistingCodeArtifactOptions): CodeArtifact {
    return new ExistingCodeArtifact(options);
  }

  /** @internal */
  public abstract _bind(scope: Construct): CodeArtifactConfig;
}

class ExistingCodeArtifact extends CodeArtifact {
  constructor(private readonly options: ExistingCodeArtifactOptions) {
    super();
    requirePattern(options.domainName, /^[a-z][a-z0-9-]{0,48}[a-z0-9]$/, {
      prop: 'codeArtifact.domainName', allowed: '2 to 50 lower-case letters, digits and hyphens, beginning with a letter', remedy: 'give the name of the domain, not its ARN',
    });
    requirePattern(options.repositoryName, /^[A-Za-z0-9][A-Za-z0-9._-]{1,99}$/, {
      prop: 'codeArtifact.repositoryName', allowed: '2 to 100 letters, digits and . _ -', remedy: 'give the name of the repository, not its ARN or endpoint',
    });
    requirePattern(options.domainOwner, /^\d{12}$/, {
      prop: 'codeArtifact.domainOwner', allowed: 'an account number of 12 digits', remedy: 'give it as text, for example "111122223333"',
    });
  }

  public _bind(scope: Construct): CodeArtifactConfig {
    const { domainName, repositoryName } = this.options;
    const domainOwner = this.options.domainOwner ?? Stack.of(scope).account;
    const arn = (resource: string, resourceName: string) => Stack.of(scope).formatArn({
      service: 'codeartifact', account: domainOwner, resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    return {
      statements: [
        new iam.PolicyStatement({ actions: ['codeartifact:GetAuthorizationToken'], resources: [arn('domain', domainName)] }),
        new iam.PolicyStatement({
          actions: ['codeartifact:GetRepositoryEndpoint', 'codeartifact:ReadFromRepository'],
          resources: [arn('repository', `${domainName}/${repositoryName}`)],
        }),
        new iam.PolicyStatement({
          actions: ['sts:GetServiceBearerToken'], // has no resource type: only the condition narrows it
          resources: ['*'],
          conditions: { StringEquals: { 'sts:AWSServiceName': 'codeartifact.amazonaws.com' } },
        }),
      ],
      loginCommands: (tool, buildTimeout) => [
        `aws codeartifact login --tool ${tool} --domain ${domainName} --domain-owner ${domainOwner} --repository ${repositoryName} --duration-seconds ${tokenSeconds(buildTimeout)}`,
      ],
    };
  }
}

/** A token lives as long as the build may, within CodeArtifact's limits of 15 minutes and 12 hours. */
function tokenSeconds(buildTimeout: Duration): number {
  return Token.isUnresolved(buildTimeout) ? 43200 : Math.min(Math.max(buildTimeout.toSeconds(), 900), 43200);
}
