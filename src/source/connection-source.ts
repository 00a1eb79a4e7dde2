import { Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { SourceBindOptions, SourceConfig, SourceKind } from './config';
import { sharedConnection } from './shared-connection';
import { describeRevision } from '../handlers/release/contract';
import { BRANCH, isKnown, refuse, requirePattern, requireText } from '../private/validation';

/** The provider at the other end of a connection. */
export enum ConnectionProvider {
  /** github.com */
  GITHUB = 'GitHub',
  /** Your own GitHub Enterprise Server; requires `hostArn`. */
  GITHUB_ENTERPRISE_SERVER = 'GitHubEnterpriseServer',
  /** gitlab.com */
  GITLAB = 'GitLab',
  /** Your own GitLab; requires `hostArn`. */
  GITLAB_SELF_MANAGED = 'GitLabSelfManaged',
  /** bitbucket.org */
  BITBUCKET = 'Bitbucket',
}

/** Options for `Source.connection`. */
export interface ConnectionSourceOptions {
  /**
   * ARN of an existing connection with the status `AVAILABLE`.
   *
   * @default - the stack creates one connection for all its pipelines with the same provider, and an output shows where
   * to complete the handshake; until then the connection is `PENDING` and the pipelines do not start
   * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-update.html
   */
  readonly connectionArn?: string;

  /**
   * Branch to build. With `pushFilter`, only a manual start uses this branch.
   *
   * @default 'main'
   */
  readonly branch?: string;

  /**
   * Pushes that start the pipeline, by branch, path, or tag: at most 3 filters, each with at most 8 patterns per list.
   * `filePaths` requires `branches`.
   *
   * @default - every push to `branch`
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-filter.html
   */
  readonly pushFilter?: codepipeline.GitPushFilter[];

  /**
   * Provider of the connection that the stack creates. Must be omitted with `connectionArn`.
   *
   * @default ConnectionProvider.GITHUB
   */
  readonly provider?: ConnectionProvider;

  /**
   * ARN of the host, for your own server. Must be omitted with `connectionArn`.
   *
   * @default - none
   */
  readonly hostArn?: string;

  /**
   * Whether the build gets a Git clone with the history, instead of the files of the commit. Commands such as
   * `git describe` then work, and the recipes fetch submodules and Git LFS files. Only CodeBuild actions can then read
   * the source, so `TargetFunction.createFromTemplate` is not available.
   *
   * @default false
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/tutorials-github-gitclone.html
   */
  readonly fullClone?: boolean;
}

/** A repository through a connection. */
export class ConnectionSource implements SourceKind {
  constructor(
    private readonly repository: string,
    private readonly options: ConnectionSourceOptions,
  ) {
    this.validateTexts();
    this.validateProvider();
    this.validateFilters();
  }

  public bind(scope: Construct, options: SourceBindOptions): SourceConfig {
    const connectionArn = this.options.connectionArn ?? this.createConnection(scope);
    const separator = this.repository.lastIndexOf('/');
    // The CDK grants only the older prefix, but connections have either: https://github.com/aws/aws-cdk/issues/31236
    const useConnection = () =>
      new iam.PolicyStatement({ actions: ['codeconnections:UseConnection'], resources: [connectionArn] });
    options.role.addToPrincipalPolicy(useConnection());
    const action = new actions.CodeStarConnectionsSourceAction({
      actionName: options.actionName,
      output: options.output,
      connectionArn,
      owner: this.repository.slice(0, separator),
      repo: this.repository.slice(separator + 1),
      branch: this.options.branch ?? 'main',
      triggerOnPush: this.options.pushFilter ? false : undefined,
      codeBuildCloneOutput: this.options.fullClone,
    });
    return {
      action: isKnown(this.repository) ? action : this.withRepository(action),
      revision: describeRevision({ type: 'COMMIT_ID', value: action.variables.commitId }),
      triggers: this.options.pushFilter && [this.trigger(action)],
      clonePermissions: this.options.fullClone ? [useConnection()] : undefined,
    };
  }

  /** The CDK's action joins owner and repository again, but a token cannot be split into the two. */
  private withRepository(action: codepipeline.IAction): codepipeline.IAction {
    const bind: codepipeline.IAction['bind'] = (scope, stage, options) => {
      const config = action.bind(scope, stage, options);
      return { ...config, configuration: { ...config.configuration, FullRepositoryId: this.repository } };
    };
    return Object.create(action, { bind: { value: bind } });
  }

  private trigger(sourceAction: codepipeline.IAction): codepipeline.TriggerProps {
    return {
      providerType: codepipeline.ProviderType.CODE_STAR_SOURCE_CONNECTION,
      gitConfiguration: { sourceAction, pushFilter: this.options.pushFilter },
    };
  }

  private createConnection(scope: Construct): string {
    requireConnectionResource(scope);
    const { hostArn, provider = ConnectionProvider.GITHUB } = this.options;
    return sharedConnection(scope, hostArn ? { hostArn } : { providerType: provider });
  }

  private validateTexts(): void {
    requirePattern(this.repository, /^(?!\.)[\w.-]+(\/(?!\.\.?(\/|$))[\w.-]+)+$/, {
      prop: 'repository of Source.connection',
      allowed: '"owner/name"',
      remedy: 'use neither a URL nor ".git", for example "acme/inventory-allocation"',
    });
    if (isKnown(this.repository) && this.repository.endsWith('.git')) {
      refuse({
        prop: 'repository of Source.connection',
        allowed: '"owner/name"',
        given: this.repository,
        remedy: 'remove ".git"',
      });
    }
    requirePattern(
      this.options.connectionArn,
      /^arn:[\w-]+:(codeconnections|codestar-connections):[\w-]+:\d{12}:connection\/[\w-]+$/,
      {
        prop: 'connectionArn',
        allowed: 'the ARN of a connection, "arn:aws:codeconnections:<region>:<account>:connection/<id>"',
        remedy: 'copy it from Developer Tools > Settings > Connections, or omit connectionArn to create a connection',
      },
    );
    requirePattern(
      this.options.hostArn,
      /^arn:[\w-]+:(codeconnections|codestar-connections):[\w-]+:\d{12}:host\/[\w-]+(\/[\w-]+)?$/,
      {
        prop: 'hostArn',
        allowed: 'the ARN of a host, "arn:aws:codeconnections:<region>:<account>:host/<name>-<id>"',
        remedy: 'copy it from Developer Tools > Settings > Connections > Hosts',
      },
    );
    requirePattern(this.options.branch, BRANCH, {
      prop: 'branch',
      allowed: 'the name of a single branch',
      remedy: 'use pushFilter for patterns, for example [{ branchesIncludes: ["release/*"] }]',
    });
  }

  private validateProvider(): void {
    const { connectionArn, provider, hostArn } = this.options;
    if (connectionArn && (provider || hostArn)) {
      refuse({
        prop: provider ? 'provider' : 'hostArn',
        allowed: 'omitted with connectionArn, because the connection determines the provider',
        given: provider ?? hostArn,
        remedy: 'remove it',
      });
    }
    const ownServer =
      provider === ConnectionProvider.GITHUB_ENTERPRISE_SERVER || provider === ConnectionProvider.GITLAB_SELF_MANAGED;
    if (!connectionArn && ownServer && !hostArn) {
      refuse({
        prop: 'hostArn',
        allowed: `the ARN of a host, because provider is ${provider}`,
        given: hostArn,
        remedy: 'create the host in Developer Tools > Settings > Connections > Hosts',
      });
    }
  }

  private validateFilters(): void {
    const { pushFilter } = this.options;
    if (pushFilter && (pushFilter.length === 0 || pushFilter.length > 3)) {
      refuse({
        prop: 'pushFilter',
        allowed: 'a list of 1 to 3 filters',
        described: `${pushFilter.length} filters`,
        remedy: 'combine several patterns in one filter',
      });
    }
    for (const filter of pushFilter ?? []) {
      validateFilter(filter);
      for (const [list, patterns] of Object.entries(filter)) {
        requirePatterns(`pushFilter.${list}`, patterns);
      }
    }
  }
}

/**
 * Refuses a combination that CodePipeline rejects.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-filter.html
 */
function validateFilter(filter: codepipeline.GitPushFilter): void {
  const has = (list: string) => Object.entries(filter).some(([key, value]) => key.startsWith(list) && value?.length);
  if (!has('tags') && !has('branches') && !has('filePaths')) {
    refuse({
      prop: 'pushFilter',
      allowed: 'a list of filters with patterns',
      described: 'a filter without patterns',
      remedy: 'for example [{ branchesIncludes: ["main"] }]',
    });
  }
  if (has('tags') && (has('branches') || has('filePaths'))) {
    refuse({
      prop: 'pushFilter',
      allowed: 'a list of filters with either tags or branches and file paths',
      described: 'a filter with both',
      remedy: 'use two filters',
    });
  }
  if (has('filePaths') && !has('branches')) {
    refuse({
      prop: 'pushFilter.filePaths',
      allowed: 'used together with branches',
      described: 'a filter without branches',
      remedy: 'add branchesIncludes, for example ["main"]',
    });
  }
}

/** https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GitBranchFilterCriteria.html */
const LONGEST_PATTERN = 255;

function requirePatterns(prop: string, patterns: string[]): void {
  if (patterns.length < 1 || patterns.length > 8) {
    refuse({
      prop,
      allowed: 'a list of 1 to 8 patterns',
      described: `${patterns.length} patterns`,
      remedy: 'use wider patterns or another filter',
    });
  }
  patterns.forEach((pattern, index) => {
    requireText(`${prop}[${index}]`, pattern, LONGEST_PATTERN, 'for example "main" or "release/*"');
  });
}

/** Regions in which CloudFormation has no connection resource. */
const NO_CONNECTION_RESOURCE = [
  ...['af-south-1', 'ap-east-1', 'ap-northeast-3', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
  ...['ap-southeast-6', 'ap-southeast-7', 'cn-north-1', 'cn-northwest-1', 'eu-central-2', 'eu-south-2'],
  ...['il-central-1', 'me-central-1', 'me-south-1', 'us-gov-west-1'],
];

function requireConnectionResource(scope: Construct): void {
  const { region } = Stack.of(scope);
  if (NO_CONNECTION_RESOURCE.includes(region)) {
    refuse({
      prop: 'connectionArn',
      allowed: `set in ${region}, because CloudFormation cannot create connections there`,
      given: undefined,
      remedy: 'create a connection in another Region, in Developer Tools > Settings > Connections, and set its ARN',
    });
  }
}
