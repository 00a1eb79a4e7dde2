/*
 * A bare stack: the same services by hand, with the CDK's own constructs at their defaults and one function from an asset of about that
 * size. It does a fraction of the job; it is here for what loading and synthesizing such a stack costs without the library. Argument: the output folder.
 */
const path = require('path');
const { Stack } = require('aws-cdk-lib');
const cloudwatch = require('aws-cdk-lib/aws-cloudwatch');
const codebuild = require('aws-cdk-lib/aws-codebuild');
const codedeploy = require('aws-cdk-lib/aws-codedeploy');
const codepipeline = require('aws-cdk-lib/aws-codepipeline');
const actions = require('aws-cdk-lib/aws-codepipeline-actions');
const lambda = require('aws-cdk-lib/aws-lambda');
const logs = require('aws-cdk-lib/aws-logs');
const s3 = require('aws-cdk-lib/aws-s3');
const ssm = require('aws-cdk-lib/aws-ssm');
const { newApp } = require('./new-app');

const app = newApp(process.argv[2]);
const stack = new Stack(app, 'Bare');
const release = new lambda.Function(stack, 'Release', {
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromAsset(path.join(__dirname, '../../assets')),
  logGroup: new logs.LogGroup(stack, 'Logs'),
});
new ssm.StringParameter(stack, 'Configuration', { stringValue: '{}' });
new cloudwatch.Alarm(stack, 'Errors', { metric: release.metricErrors(), threshold: 1, evaluationPeriods: 1 });
new codedeploy.LambdaDeploymentGroup(stack, 'Deployment', {
  alias: new lambda.Alias(stack, 'Live', { aliasName: 'live', version: release.currentVersion }),
});

const project = new codebuild.PipelineProject(stack, 'Build');
const sourceOutput = new codepipeline.Artifact('SourceOutput');
new codepipeline.Pipeline(stack, 'Pipeline', {
  artifactBucket: new s3.Bucket(stack, 'Artifacts'),
  stages: [
    {
      stageName: 'Source',
      actions: [
        new actions.CodeStarConnectionsSourceAction({
          actionName: 'Source',
          output: sourceOutput,
          owner: 'acme',
          repo: 'inventory-allocation',
          connectionArn: 'arn:aws:codeconnections:us-east-1:111122223333:connection/1',
        }),
      ],
    },
    {
      stageName: 'Build',
      actions: [new actions.CodeBuildAction({ actionName: 'Build', project, input: sourceOutput })],
    },
    { stageName: 'Deploy', actions: [new actions.LambdaInvokeAction({ actionName: 'Deploy', lambda: release })] },
  ],
});
app.synth();
