import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { LambdaCiCdPipelineProps, Source } from '../../../src';

/** A build that takes the source's files as the package, so that a run is short. */
export const PLAIN_BUILD = codebuild.BuildSpec.fromObject({
  version: '0.2',
  phases: { build: { commands: ['test ! -f broken'] } },
  artifacts: { files: ['index.js'] },
});

/** The shortest bake that CloudWatch's one-minute periods allow. */
export const BAKE = Duration.minutes(2);

/** A bucket for the source, which needs nothing outside of the stack. */
export function sourceIn(stack: Stack): Pick<LambdaCiCdPipelineProps, 'source' | 'buildProject' | 'bakeTime'> {
  const bucket = new s3.Bucket(stack, 'SourceBucket', {
    versioned: true,
    eventBridgeEnabled: true,
    removalPolicy: RemovalPolicy.DESTROY,
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
  });
  new CfnOutput(stack, 'SourceBucketName', { key: 'SourceBucket', value: bucket.bucketName });
  return { source: Source.s3(bucket, 'source.zip'), buildProject: { buildSpec: PLAIN_BUILD }, bakeTime: BAKE };
}

/** A topic whose notices a function writes into the bucket of the source, where the suite reads them. */
export function recordedTopic(stack: Stack): sns.Topic {
  const bucket = stack.node.findChild('SourceBucket') as s3.Bucket;
  const recorder = new lambda.Function(stack, 'NoticeRecorder', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    environment: { BUCKET: bucket.bucketName },
    code: lambda.Code.fromInline(`
      const { S3 } = require('@aws-sdk/client-s3');
      exports.handler = async ({ Records }) => {
        for (const { Sns } of Records) {
          const Key = 'notices/' + Sns.MessageId + '.txt';
          await new S3().putObject({ Bucket: process.env.BUCKET, Key, Body: Sns.Subject + ': ' + Sns.Message });
        }
      };`),
  });
  bucket.grantPut(recorder, 'notices/*');
  const topic = new sns.Topic(stack, 'Notices');
  topic.addSubscription(new subscriptions.LambdaSubscription(recorder));
  return topic;
}

/** Makes the app when the file is run by the CDK or by integ-runner; the variant comes from the context. */
export function main(file: NodeModule, build: (app: App, variant: string) => void, first: string): void {
  if (require.main !== file) {
    return;
  }
  const app = new App({ analyticsReporting: false });
  const variant: string = app.node.tryGetContext('variant') ?? first;
  build(app, variant);
  const testCases = app.node.children.filter(Stack.isStack);
  new IntegTest(app, 'Acceptance', { testCases });
}
