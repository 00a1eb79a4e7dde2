import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CodeCommitSource, CodeCommitSourceOptions } from './code-commit-source';
import { SourceBindOptions, SourceConfig, SourceKind } from './config';
import { ConnectionSource, ConnectionSourceOptions } from './connection-source';
import { EcrSource, EcrSourceOptions } from './ecr-source';
import { S3Source, S3SourceOptions } from './s3-source';
import { requireInput } from '../private/input';

/**
 * The source of the code, and what starts the pipeline. To add a provider, extend this class and implement `bind`.
 *
 * @example
 * const source = Source.connection('acme/inventory-allocation', { branch: 'release' });
 */
export abstract class Source {
  /**
   * A repository on GitHub, GitLab, or Bitbucket, through a connection.
   *
   * @param repository `owner/name`, in the same case as at the provider; GitLab also supports subgroups
   */
  public static connection(repository: string, options: ConnectionSourceOptions = {}): Source {
    requireInput('Source.connection', { repository, options });
    return new KindOfSource(new ConnectionSource(repository, options));
  }

  /**
   * A CodeCommit repository. An event rule starts the pipeline, without polling. CodeCommit events identify the branch,
   * but neither paths nor tags.
   *
   * @param repository in the account and Region of the pipeline; can be imported
   */
  public static codeCommit(repository: codecommit.IRepository, options: CodeCommitSourceOptions = {}): Source {
    requireInput('Source.codeCommit', { repository, options });
    return new KindOfSource(new CodeCommitSource(repository, options));
  }

  /**
   * A zip file in a versioned bucket. An event rule starts the pipeline. A bucket of the same app is configured to send
   * events to EventBridge. Enable these events yourself for an imported bucket.
   *
   * @param bucket versioned, in the account and Region of the pipeline
   * @param key key of the zip file, for example `releases/source.zip`
   */
  public static s3(bucket: s3.IBucket, key: string, options: S3SourceOptions = {}): Source {
    requireInput('Source.s3', { bucket, key, options });
    return new KindOfSource(new S3Source(bucket, key, options));
  }

  /**
   * A container image in ECR, for a function from container images. The pipeline releases the image without a build.
   *
   * @param repository the repository that `TargetFunction.createFromImage` uses
   */
  public static ecr(repository: ecr.IRepository, options: EcrSourceOptions = {}): Source {
    requireInput('Source.ecr', { repository, options });
    return new KindOfSource(new EcrSource(repository, options));
  }

  /**
   * Creates the source action and the resources that it needs. The pipeline calls this method once.
   *
   * @param scope the pipeline, as the parent of new constructs
   */
  public abstract bind(scope: Construct, options: SourceBindOptions): SourceConfig;
}

class KindOfSource extends Source {
  constructor(private readonly kind: SourceKind) {
    super();
  }

  public bind(scope: Construct, options: SourceBindOptions): SourceConfig {
    return this.kind.bind(scope, options);
  }
}
