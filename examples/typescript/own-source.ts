import { App, Stack } from 'aws-cdk-lib';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LambdaCiCdPipeline, Source, SourceBindOptions, SourceConfig, TargetFunction } from 'cdk-lambda-ci-cd-pipeline';
import { Construct } from 'constructs';

/** A zip that is released only when somebody starts the pipeline. */
class ManualSource extends Source {
  public constructor(private readonly bucketName: string) {
    super();
  }

  public bind(scope: Construct, options: SourceBindOptions): SourceConfig {
    const action = new actions.S3SourceAction({
      actionName: options.actionName,
      output: options.output,
      bucket: s3.Bucket.fromBucketName(scope, 'ManualSourceBucket', this.bucketName),
      bucketKey: `${options.projectName}.zip`,
      trigger: actions.S3Trigger.NONE,
    });
    return { action, revision: `upload ${action.variables.versionId}` };
  }
}

const app = new App();
const stack = new Stack(app, 'InventoryAllocationByHand');
new LambdaCiCdPipeline(stack, 'Pipeline', {
  projectName: 'inventory-by-hand',
  source: new ManualSource('acme-releases'),
  targetFunction: TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' }),
});
app.synth();
