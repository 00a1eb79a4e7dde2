import { Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { nameOf } from '../handlers/release/contract';

/**
 * A pipeline whose name contains no reference to its resource. An action that is added to a stage can put the name into
 * the policy of the pipeline's role, as `CommandsAction` does for its log group. The pipeline waits for this policy, so
 * a reference would be a circular dependency: https://github.com/aws/aws-cdk/issues/34522. The ARN stays a reference,
 * because a notification rule, for example, has to wait for the pipeline.
 */
export class NamedPipeline extends codepipeline.Pipeline {
  public get pipelineName(): string {
    return this.physicalName;
  }

  public get pipelineArn(): string {
    const { ref } = this.node.defaultChild as codepipeline.CfnPipeline;
    return Stack.of(this).formatArn({ service: 'codepipeline', resource: ref });
  }
}

/** Creates the service role of the pipeline, which is also the role of its actions. */
export function createPipelineRole(scope: Construct, projectName: string): iam.Role {
  return new iam.Role(scope, 'CodePipelineServiceRole', {
    assumedBy: new iam.ServicePrincipal('codepipeline.amazonaws.com'),
    description: `Runs the pipeline ${nameOf('pipeline', projectName)}`,
  });
}
