import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { CodeArtifact, DeploymentAlarm, DeploymentConfig } from '../../src';
import { enumOf, Field, fieldsOf, isStruct } from '../../src/private/input/declarations';
import { MINIMAL } from '../support/stacks';

/** A valid object of each class and interface that a required field, or an element of a list, needs. */
const OBJECTS: Record<string, (stack: Stack) => unknown> = {
  any: () => 'value',
  boolean: () => true,
  number: () => 1,
  string: () => 'text',
  'constructs.Construct': (stack) => stack,
  CodeArtifact: () => CodeArtifact.existing({ domainName: 'acme', repositoryName: 'python' }),
  DeploymentAlarm: () => DeploymentAlarm.errors(),
  DeploymentConfig: () => DeploymentConfig.allAtOnce(),
  Source: () => MINIMAL.source,
  TargetFunction: () => MINIMAL.targetFunction,
  'cdk.Duration': () => Duration.minutes(5),
  'cdk.RemovalPolicy': () => RemovalPolicy.RETAIN,
  'cdk.Size': () => Size.gibibytes(1),
  'aws_chatbot.SlackChannelConfiguration': (stack) =>
    new chatbot.SlackChannelConfiguration(stack, 'Channel', {
      slackChannelConfigurationName: 'releases',
      slackWorkspaceId: 'T0123456789',
      slackChannelId: 'C0123456789',
    }),
  'aws_cloudwatch.IAlarm': (stack) =>
    cloudwatch.Alarm.fromAlarmArn(stack, 'Alarm', 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:orders'),
  'aws_cloudwatch.Metric': () => new cloudwatch.Metric({ namespace: 'Orders', metricName: 'Errors' }),
  'aws_codebuild.BuildSpec': () => codebuild.BuildSpec.fromSourceFilename('buildspec.yml'),
  'aws_codebuild.Cache': () => codebuild.Cache.none(),
  'aws_codebuild.IBuildImage': () => codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5,
  'aws_codebuild.IFileSystemLocation': () =>
    codebuild.FileSystemLocation.efs({
      identifier: 'files',
      location: 'fs-1.efs.eu-west-1.amazonaws.com:/',
      mountPoint: '/mnt',
    }),
  'aws_codecommit.IRepository': (stack) => codecommit.Repository.fromRepositoryName(stack, 'CodeCommit', 'orders'),
  'aws_codedeploy.ILambdaDeploymentConfig': () => codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
  'aws_codepipeline.Artifact': () => new codepipeline.Artifact('Output'),
  'aws_codepipeline.IAction': () => new actions.ManualApprovalAction({ actionName: 'Approval' }),
  'aws_ec2.ISecurityGroup': (stack) => ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0'),
  'aws_ec2.ISubnet': (stack) => ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-0123456789abcdef0'),
  'aws_ec2.IVpc': (stack) => new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }),
  'aws_ec2.SubnetFilter': () => ec2.SubnetFilter.onePerAz(),
  'aws_ecr.IRepository': (stack) => new ecr.Repository(stack, 'Images'),
  'aws_iam.IRole': (stack) => new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }),
  'aws_iam.PolicyStatement': () =>
    new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::acme/x'] }),
  'aws_kms.IKey': (stack) => new kms.Key(stack, 'Key'),
  'aws_lambda.AdotLayerVersion': () =>
    lambda.AdotLayerVersion.fromPythonSdkLayerVersion(lambda.AdotLambdaLayerPythonSdkVersion.LATEST),
  'aws_lambda.Architecture': () => lambda.Architecture.X86_64,
  'aws_lambda.IAlias': (stack) =>
    lambda.Alias.fromAliasAttributes(stack, 'Alias', {
      aliasName: 'live',
      aliasVersion: lambda.Version.fromVersionArn(
        stack,
        'Version',
        'arn:aws:lambda:eu-west-1:111122223333:function:orders:1',
      ),
    }),
  'aws_lambda.IFunction': (stack) =>
    new lambda.Function(stack, 'Function', {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: 'index.handler',
      code: lambda.Code.fromInline('def handler(event, context): return 0'),
    }),
  'aws_lambda.ILayerVersion': (stack) =>
    lambda.LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:eu-west-1:111122223333:layer:shared:7'),
  'aws_lambda.LambdaInsightsVersion': () => lambda.LambdaInsightsVersion.VERSION_1_0_333_0,
  'aws_lambda.ParamsAndSecretsLayerVersion': () =>
    lambda.ParamsAndSecretsLayerVersion.fromVersion(lambda.ParamsAndSecretsVersions.V1_0_103),
  'aws_lambda.Runtime': () => lambda.Runtime.PYTHON_3_13,
  'aws_lambda.SnapStartConf': () => lambda.SnapStartConf.ON_PUBLISHED_VERSIONS,
  'aws_logs.ILogGroup': (stack) => new logs.LogGroup(stack, 'Logs'),
  'interfaces.ILogGroupRef': (stack) => new logs.LogGroup(stack, 'Logs'),
  'interfaces.IKeyRef': (stack) => new kms.Key(stack, 'Key'),
  'aws_s3.IBucket': (stack) => new s3.Bucket(stack, 'Bucket', { versioned: true }),
  'aws_sns.ITopic': (stack) => new sns.Topic(stack, 'Topic'),
  'aws_sqs.IQueue': (stack) => new sqs.Queue(stack, 'Queue'),
};

/** Valid values of fields whose type alone does not tell a valid value. */
const FIELDS: Record<string, unknown> = {
  'commands: string[]': ['pytest'],
  'domainName: string': 'acme',
  'emails: string[]': ['team@example.com'],
  'handler: string': 'app.handler',
  'id: string': 'Pipeline',
  'key: string': 'releases/source.zip',
  'maximum: cdk.Duration': Duration.seconds(2),
  'notifications: NotificationOptions': { emails: ['team@example.com'] },
  'percentage: number': 10,
  'projectName: string': 'inventory-allocation',
  'pushFilter: aws_codepipeline.GitPushFilter[]': [{ branchesIncludes: ['main'] }],
  'repository: string': 'acme/orders',
  'templatePath: string': 'env/function.yml',
};

/** Returns a valid value for a field; undefined if there is no sample. */
export function sampleOf({ name, type }: Pick<Field, 'name' | 'type'>, stack: Stack): unknown {
  const known = FIELDS[`${name}: ${type}`];
  if (known !== undefined) {
    return known;
  }
  if (type.endsWith('[]')) {
    return [sampleOf({ name: '', type: type.slice(0, -2) }, stack)];
  }
  if (type.endsWith('{}')) {
    return { NAME: sampleOf({ name: '', type: type.slice(0, -2) }, stack) };
  }
  if (isStruct(type)) {
    const required = fieldsOf(type).filter(({ isOptional }) => !isOptional);
    return Object.fromEntries(required.map((field) => [field.name, sampleOf(field, stack)]));
  }
  return OBJECTS[type]?.(stack) ?? enumOf(type)?.[0][1];
}
