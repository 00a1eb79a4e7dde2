import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CodeCommitSource, CodeCommitSourceOptions } from './code-commit-source';
import { SourceBindOptions, SourceConfig, SourceKind } from './config';
import { ConnectionSource, ConnectionSourceOptions } from './connection-source';
import { EcrSource, EcrSourceOptions } from './ecr-source';
import { S3Source, S3SourceOptions } from './s3-source';

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
    return new KindOfSource(new ConnectionSource(repository, options));
  }

  /**
   * A CodeCommit repository. An event rule with a role of its own starts the pipeline: nothing polls. CodeCommit tells branches apart, but
   * neither paths nor tags.
   *
   * @param repository of the pipeline's account and region; one that is imported too
   */
  public static codeCommit(repository: codecommit.IRepository, options: CodeCommitSourceOptions = {}): Source {
    return new KindOfSource(new CodeCommitSource(repository, options));
  }

  /**
   * A zip of the source in a versioned bucket. An event rule starts the pipeline: a bucket of the same app is set to send its events to
   * EventBridge, for an imported one that has to be switched on where it is made.
   *
   * @param bucket versioned, in the pipeline's region
   * @param key key of the zip, for example `releases/source.zip`
   */
  public static s3(bucket: s3.IBucket, key: string, options: S3SourceOptions = {}): Source {
    return new KindOfSource(new S3Source(bucket, key, options));
  }

  /**
   * A container image in ECR, for functions from container images: the image is released as it is, and nothing is built.
   *
   * @param repository the one that `TargetFunction.createFromImage` names
   */
  public static ecr(repository: ecr.IRepository, options: EcrSourceOptions = {}): Source {
    return new KindOfSource(new EcrSource(repository, options));
  }

  /**
   * Makes the action, and what it needs. The pipeline calls it once.
   *
   * @param scope the pipeline; what is made goes below it
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
