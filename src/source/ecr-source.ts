import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import { SourceBindOptions, SourceConfig, SourceKind } from './config';
import { describeRevision } from '../handlers/release/contract';
import { requireSamePlace } from '../private/given-resource';
import { requirePattern } from '../private/validation';

/** Options for `Source.ecr`. */
export interface EcrSourceOptions {
  /**
   * Tag that starts the pipeline on a push. The pipeline releases the digest that the tag had at that time.
   *
   * @default 'latest'
   */
  readonly imageTag?: string;
}

/** A container image in ECR. */
export class EcrSource implements SourceKind {
  constructor(
    private readonly repository: ecr.IRepository,
    private readonly options: EcrSourceOptions,
  ) {
    requirePattern(options.imageTag, /^[A-Za-z0-9_][\w.-]{0,127}$/, {
      prop: 'imageTag',
      allowed: '1 to 128 letters, digits, and . _ -',
      remedy: 'use the tag without repository and digest',
    });
  }

  public bind(scope: Construct, { actionName, output }: SourceBindOptions): SourceConfig {
    requireSamePlace(scope, 'repository of Source.ecr', this.repository, this.repository.repositoryArn);
    const action = new actions.EcrSourceAction({
      actionName,
      output,
      repository: this.repository,
      imageTag: this.options.imageTag ?? 'latest',
    });
    return {
      action,
      revision: describeRevision({ type: 'IMAGE_DIGEST', value: action.variables.imageDigest }),
      containerImage: true,
      imageRepository: this.repository,
    };
  }
}
