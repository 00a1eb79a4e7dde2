import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LambdaCiCdPipeline, Source, SourceBindOptions, SourceConfig, TargetFunction } from '../../src';
import { newStack } from '../support/stacks';
import { action, stage } from '../support/template-queries';

/** A source as a user of the library writes one, with nothing but what the library exports. */
class ManualSource extends Source {
  public bound?: SourceBindOptions;

  public constructor(private readonly revision?: string) {
    super();
  }

  public bind(scope: Construct, options: SourceBindOptions): SourceConfig {
    this.bound = options;
    options.role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['license:Read'], resources: ['*'] }));
    return {
      action: new actions.S3SourceAction({
        actionName: options.actionName,
        output: options.output,
        bucket: s3.Bucket.fromBucketName(scope, 'ManualSourceBucket', 'acme-releases'),
        bucketKey: `${options.projectName}.zip`,
        trigger: actions.S3Trigger.NONE,
      }),
      revision: this.revision,
    };
  }
}

function released(source: Source, stack: Stack = newStack()): { template: Template; pipeline: LambdaCiCdPipeline } {
  const pipeline = new LambdaCiCdPipeline(stack, 'Pipeline', {
    projectName: 'inventory-by-hand',
    source,
    targetFunction: TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' }),
  });
  return { template: Template.fromStack(stack), pipeline };
}

describe('a source that is written outside of the library', () => {
  test('makes the only action of the stage Source', () => {
    const { template } = released(new ManualSource());
    expect(stage(template, 'Source').Actions).toEqual([
      expect.objectContaining({
        Name: 'SourceAction',
        Configuration: { S3Bucket: 'acme-releases', S3ObjectKey: 'inventory-by-hand.zip', PollForSourceChanges: false },
        OutputArtifacts: [{ Name: 'SourceOutput' }],
      }),
    ]);
  });

  test('feeds the build', () => {
    const { template } = released(new ManualSource());
    expect(action(template, 'BuildAction').InputArtifacts).toEqual([{ Name: 'SourceOutput' }]);
  });

  test('is given the pipeline and its role', () => {
    const source = new ManualSource();
    const { pipeline } = released(source);
    expect([source.bound?.pipeline, source.bound?.role]).toEqual([pipeline.pipeline, pipeline.pipelineRole]);
  });

  test('may add to the role of the pipeline', () => {
    released(new ManualSource()).template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([{ Action: 'license:Read', Effect: 'Allow', Resource: '*' }]) },
    });
  });

  test('says what the published versions are described with', () => {
    const { template } = released(new ManualSource('upload 7'));
    expect(JSON.parse(action(template, 'CreateAppSpecFile').Configuration.UserParameters)).toMatchObject({
      step: 'publish',
      description: 'upload 7',
    });
  });
});
