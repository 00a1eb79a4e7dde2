import { CfnOutput, Resource } from 'aws-cdk-lib';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as codeconnections from 'aws-cdk-lib/aws-codeconnections';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { isKnown, refuse, requirePattern } from './private/validation';

/** What a source is given to make its action with. */
export interface SourceBindOptions {
  /** The project's name. */
  readonly projectName: string;
  /** Name that the action must have. */
  readonly actionName: string;
  /** Artifact that the action must put out. */
  readonly output: codepipeline.Artifact;
  /** Role that the action runs under, which is the pipeline's. */
  readonly role: iam.IRole;
  /** The pipeline, for rules that start it. */
  readonly pipeline: codepipeline.IPipeline;
}

/** What a source adds to the pipeline. */
export interface SourceConfig {
  /** Action of the stage `Source`. */
  readonly action: codepipeline.IAction;
  /**
   * What starts the pipeline, when the action alone does not say it.
   *
   * @default - the action's own change detection
   */
  readonly triggers?: codepipeline.TriggerProps[];
  /**
   * What the source is at in a run, as a variable of the action: the published version is described with it.
   *
   * @default - versions have no description
   */
  readonly revision?: string;
  /**
   * Whether the artifact names a container image in `imageDetail.json`, so that there is nothing to build.
   *
   * @default false
   */
  readonly containerImage?: boolean;
}

/** Where the other end of a connection is. */
export enum ConnectionProvider {
  /** github.com */
  GITHUB = 'GitHub',
  /** A GitHub Enterprise Server of your own; needs `hostArn`. */
  GITHUB_ENTERPRISE_SERVER = 'GitHubEnterpriseServer',
  /** gitlab.com */
  GITLAB = 'GitLab',
  /** A GitLab of your own; needs `hostArn`. */
  GITLAB_SELF_MANAGED = 'GitLabSelfManaged',
  /** bitbucket.org */
  BITBUCKET = 'Bitbucket',
}

/** Options of `Source.connection`. */
export interface ConnectionSourceOptions {
  /**
   * ARN of a connection that exists and is `AVAILABLE`.
   *
   * @default - the stack makes a connection, and an output says where to finish its handshake; until then it is `PENDING` and the pipeline does not start
   * @see https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-update.html
   */
  readonly connectionArn?: string;

  /**
   * Branch to build. With `pushFilter` it is only the branch of a start by hand.
   *
   * @default 'main'
   */
  readonly branch?: string;

  /**
   * Which pushes start the pipeline, by branch, path or tag: at most 3 filters, each with lists of at most 8 patterns. `filePaths` needs `branches`.
   *
   * @default - every push to `branch`
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-filter.html
   */
  readonly pushFilter?: codepipeline.GitPushFilter[];

  /**
   * Provider of the connection that the stack makes; not allowed with `connectionArn`.
   *
   * @default ConnectionProvider.GITHUB
   */
  readonly provider?: ConnectionProvider;

  /**
   * ARN of the host, for a server of your own; not allowed with `connectionArn`.
   *
   * @default - none
   */
  readonly hostArn?: string;
}

/** Options of `Source.codeCommit`. */
export interface CodeCommitSourceOptions {
  /**
   * Branch whose pushes start the pipeline.
   *
   * @default 'main'
   */
  readonly branch?: string;
}

/** Options of `Source.s3`. */
export interface S3SourceOptions {
  /**
   * Whether a new version of the object starts the pipeline.
   *
   * @default true
   */
  readonly triggerOnUpload?: boolean;
}

/** Options of `Source.ecr`. */
export interface EcrSourceOptions {
  /**
   * Tag whose pushes start the pipeline. What is released is the digest that the tag had then.
   *
   * @default 'latest'
   */
  readonly imageTag?: string;
}

/**
 * Where the source comes from and what starts the pipeline. To add a provider, extend it and implement `bind`.
 *
 * @example
 * const source = Source.connection('acme/inventory-allocation', { branch: 'release' });
 */
export abstract class Source {
  /**
   * A repository on GitHub, GitLab or Bitbucket, over a connection.
   *
   * @param repository `owner/name`, in the case that the provider shows; GitLab takes sub-groups too
   */
  public static connection(repository: string, options: ConnectionSourceOptions = {}): Source {
    return new ConnectionSource(repository, options);
  }

  /** A CodeCommit repository. An event rule with a role of its own starts the pipeline: nothing polls. CodeCommit tells branches apart, but neither paths nor tags. */
  public static codeCommit(repository: codecommit.IRepository, options: CodeCommitSourceOptions = {}): Source {
    return new CodeCommitSource(repository, options);
  }

  /**
   * A zip of the source in a versioned bucket. An event rule starts the pipeline: a bucket of the same app is set to send its events to
   * EventBridge, for an imported one that has to be switched on where it is made.
   *
   * @param key key of the zip, for example `releases/source.zip`
   */
  public static s3(bucket: s3.IBucket, key: string, options: S3SourceOptions = {}): Source {
    return new S3Source(bucket, key, options);
  }

  /** A container image in ECR, for functions from container images: the image is released as it is, and nothing is built. */
  public static ecr(repository: ecr.IRepository, options: EcrSourceOptions = {}): Source {
    return new EcrSource(repository, options);
  }

  /** Makes the action, and what it needs, in the scope. */
  public abstract bind(scope: Construct, options: SourceBindOptions): SourceConfig;
}

class ConnectionSource extends Source {
  constructor(private readonly repository: string, private readonly options: ConnectionSourceOptions) {
    super();
    requirePattern(repository, /^[^/\s:]+(\/[^/\s:]+)+$/, {
      prop: 'repository of Source.connection', allowed: '"owner/name"', remedy: 'give neither a URL nor ".git", for example "acme/inventory-allocation"',
    });
    if (isKnown(repository) && repository.endsWith('.git')) {
      refuse({ prop: 'repository of Source.connection', allowed: '"owner/name"', given: repository, remedy: 'leave ".git" out' });
    }
    requirePattern(options.connectionArn, /^arn:[\w-]+:(codeconnections|codestar-connections):[\w-]+:\d{12}:connection\/[\w-]+$/, {
      prop: 'connectionArn',
      allowed: 'the ARN of a connection, "arn:aws:codeconnections:<region>:<account>:connection/<id>"',
      remedy: 'copy it from Developer Tools > Settings > Connections, or leave it out and the stack makes a connection',
    });
    requirePattern(options.branch, /^[^\s~^:?*[\\]+$/, {
      prop: 'branch', allowed: 'the name of one branch', remedy: 'for patterns use pushFilter, for example [{ branchesIncludes: ["release/*"] }]',
    });
    this.validateProvider();
    this.validateFilters();
  }

  public bind(scope: Construct, options: SourceBindOptions): SourceConfig {
    const connectionArn = this.options.connectionArn ?? this.createConnection(scope, options.projectName);
    const separator = this.repository.lastIndexOf('/');
    // The CDK grants the older prefix only, and a connection can have either: https://github.com/aws/aws-cdk/issues/31236
    options.role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['codeconnections:UseConnection'], resources: [connectionArn] }));
    const action = new actions.CodeStarConnectionsSourceAction({
      actionName: options.actionName,
      output: options.output,
      connectionArn,
      owner: this.repository.slice(0, separator),
      repo: this.repository.slice(separator + 1),
      branch: this.options.branch ?? 'main',
      triggerOnPush: this.options.pushFilter ? false : undefined,
    });
    return {
      action: isKnown(this.repository) ? action : this.withRepository(action),
      revision: `commit ${action.variables.commitId}`,
      triggers: this.options.pushFilter && [this.trigger(action)],
    };
  }

  /** A name that is known at deployment only can't be taken apart into owner and repository, which the CDK's action joins again. */
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

  private createConnection(scope: Construct, projectName: string): string {
    const connection = new codeconnections.CfnConnection(scope, 'Connection', {
      connectionName: isKnown(projectName) ? projectName.slice(0, 32).replace(/-+$/, '') : projectName,
      providerType: this.options.hostArn ? undefined : this.options.provider ?? ConnectionProvider.GITHUB,
      hostArn: this.options.hostArn,
    });
    new CfnOutput(scope, 'ConnectionHandshake', {
      description: 'The connection is PENDING until somebody finishes its handshake: open this page, choose the connection, then "Update pending connection"',
      value: `https://console.aws.amazon.com/codesuite/settings/connections?connection=${connection.attrConnectionArn}`,
    });
    return connection.attrConnectionArn;
  }

  private validateProvider(): void {
    const { connectionArn, provider, hostArn } = this.options;
    if (connectionArn && (provider || hostArn)) {
      refuse({
        prop: 'provider and hostArn', allowed: 'left out when connectionArn is given', given: provider ?? hostArn, remedy: 'the connection knows its provider: leave them out',
      });
    }
    const ownServer = provider === ConnectionProvider.GITHUB_ENTERPRISE_SERVER || provider === ConnectionProvider.GITLAB_SELF_MANAGED;
    if (!connectionArn && ownServer && !hostArn) {
      refuse({
        prop: 'hostArn', allowed: `the ARN of a host, because provider is ${provider}`, given: hostArn, remedy: 'make the host in Developer Tools > Settings > Connections > Hosts',
      });
    }
  }

  private validateFilters(): void {
    const { pushFilter } = this.options;
    if (pushFilter && (pushFilter.length === 0 || pushFilter.length > 3)) {
      refuse({ prop: 'pushFilter', allowed: '1 to 3 filters', given: `${pushFilter.length} filters`, remedy: 'put several patterns into one filter' });
    }
    for (const filter of pushFilter ?? []) {
      for (const [list, patterns] of Object.entries(filter)) {
        if (Array.isArray(patterns) && patterns.length > 8) {
          refuse({ prop: `pushFilter.${list}`, allowed: 'at most 8 patterns', given: `${patterns.length} patterns`, remedy: 'use wider patterns, or another filter' });
        }
      }
    }
  }
}

class CodeCommitSource extends Source {
  constructor(private readonly repository: codecommit.IRepository, private readonly options: CodeCommitSourceOptions) {
    super();
    requirePattern(options.branch, /^[^\s~^:?*[\\]+$/, {
      prop: 'branch', allowed: 'the name of one branch', remedy: 'CodeCommit knows no patterns: make a pipeline for each branch',
    });
  }

  public bind(_scope: Construct, { actionName, output }: SourceBindOptions): SourceConfig {
    const action = new actions.CodeCommitSourceAction({
      actionName, output, repository: this.repository, branch: this.options.branch ?? 'main', trigger: actions.CodeCommitTrigger.EVENTS,
    });
    return { action, revision: `commit ${action.variables.commitId}` };
  }
}

class S3Source extends Source {
  constructor(private readonly bucket: s3.IBucket, private readonly key: string, private readonly options: S3SourceOptions) {
    super();
    requirePattern(key, /^[^/].*\.zip$/, {
      prop: 'key of Source.s3', allowed: 'the key of a zip, not beginning with a slash', remedy: 'upload the source as one zip, for example "releases/source.zip"',
    });
    const resource = bucket.node.defaultChild;
    if (resource instanceof s3.CfnBucket && resource.versioningConfiguration === undefined) {
      refuse({ prop: 'bucket of Source.s3', allowed: 'versioned', given: 'a bucket without versions', remedy: 'make it with versioned: true: CodePipeline names a source by its version' });
    }
  }

  public bind(scope: Construct, { actionName, output, pipeline, role }: SourceBindOptions): SourceConfig {
    if (this.options.triggerOnUpload ?? true) {
      this.startOnUpload(scope, pipeline);
    }
    role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:GetBucketVersioning'], resources: [this.bucket.bucketArn] }));
    const action = new actions.S3SourceAction({
      actionName, output, bucket: this.bucket, bucketKey: this.key, trigger: actions.S3Trigger.NONE,
    });
    return { action, revision: `object version ${action.variables.versionId}` };
  }

  private startOnUpload(scope: Construct, pipeline: codepipeline.IPipeline): void {
    if (Resource.isOwnedResource(this.bucket)) {
      this.bucket.enableEventBridgeNotification();
    }
    new events.Rule(scope, 'SourceEventRule', {
      description: `Starts the pipeline when ${this.key} is uploaded`,
      eventPattern: {
        source: ['aws.s3'], detailType: ['Object Created'], detail: { bucket: { name: [this.bucket.bucketName] }, object: { key: [this.key] } },
      },
      targets: [new targets.CodePipeline(pipeline)],
    });
  }
}

class EcrSource extends Source {
  constructor(private readonly repository: ecr.IRepository, private readonly options: EcrSourceOptions) {
    super();
    requirePattern(options.imageTag, /^[A-Za-z0-9_][\w.-]{0,127}$/, {
      prop: 'imageTag', allowed: '1 to 128 letters, digits and . _ -', remedy: 'give the tag alone, without repository and digest',
    });
  }

  public bind(_scope: Construct, { actionName, output }: SourceBindOptions): SourceConfig {
    const action = new actions.EcrSourceAction({ actionName, output, repository: this.repository, imageTag: this.options.imageTag ?? 'latest' });
    return { action, revision: `image ${action.variables.imageDigest}`, containerImage: true };
  }
}
