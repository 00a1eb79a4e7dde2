import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import { SourceBindOptions, SourceConfig, SourceKind } from './config';
import { requirePattern } from '../private/validation';

/** Options of `Source.ecr`. */
export interface EcrSourceOptions {
  /**
   * Tag whose pushes start the pipeline. What is released is the digest that the tag had then.
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
      allowed: '1 to 128 letters, digits and . _ -',
      remedy: 'give the tag alone, without repository and digest',
    });
  }

  public bind(_scope: Construct, { actionName, output }: SourceBindOptions): SourceConfig {
    const action = new actions.EcrSourceAction({
      actionName,
      output,
      repository: this.repository,
      imageTag: this.options.imageTag ?? 'latest',
    });
    return { action, revision: `image ${action.variables.imageDigest}`, containerImage: true };
  }
}
