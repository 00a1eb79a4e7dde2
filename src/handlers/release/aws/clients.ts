import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';

// Many pipelines of one account share Lambda's 15 control-plane requests a second, so a throttle is worth waiting out.
// Without timeouts, a broken connection would block the step until Lambda stops the function.
const options = {
  maxAttempts: 8,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
};

export const cloudFormation = new CloudFormationClient(options);
export const cloudWatch = new CloudWatchClient(options);
export const codeBuild = new CodeBuildClient(options);
export const codeDeploy = new CodeDeployClient(options);
export const codePipeline = new CodePipelineClient(options);
export const lambda = new LambdaClient(options);
export const s3 = new S3Client(options);
export const sns = new SNSClient(options);
export const ssm = new SSMClient(options);
