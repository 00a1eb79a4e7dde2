import { App, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { main, recordedTopic, sourceIn } from './support/app';
import { CodeArtifact, DeploymentAlarm, LambdaCiCdPipeline, LambdaCiCdPipelineProps, TargetFunction } from '../../src';

const FUNCTION = { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', timeout: Duration.seconds(10) };

type Variant = (stack: Stack) => Partial<LambdaCiCdPipelineProps>;

/** What each variant changes of the first one: a function of Node.js, released all at once. */
const VARIANTS: Record<string, Variant> = {
  first: () => ({}),
  'composite-alarm': (stack) => {
    const errors = new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName: 'Errors', statistic: 'Sum' })
      .with({ period: Duration.minutes(1), dimensionsMap: { FunctionName: 'acceptance-release' } })
      .createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 });
    const composite = new cloudwatch.CompositeAlarm(stack, 'Composite', {
      alarmRule: cloudwatch.AlarmRule.fromAlarm(errors, cloudwatch.AlarmState.ALARM),
    });
    return { alarms: [DeploymentAlarm.errors(), DeploymentAlarm.existing(composite)] };
  },
  configured: (stack) => ({
    targetFunction: TargetFunction.create({
      ...FUNCTION,
      memorySize: 256,
      description: 'configured by the stack',
      environment: { GREETING: 'Hello {{name}}', LARGE: 'x'.repeat(3000) },
      deadLetterQueue: new sqs.Queue(stack, 'DeadLetters', { enforceSSL: true }),
      tracing: lambda.Tracing.ACTIVE,
    }),
  }),
  'artifact-key': (stack) => ({
    artifactStore: { encryptionKey: new kms.Key(stack, 'ArtifactKey', { removalPolicy: RemovalPolicy.DESTROY }) },
  }),
  notices: (stack) => ({ notifications: { topic: recordedTopic(stack) } }),
  'code-artifact': () => ({
    codeArtifact: CodeArtifact.create({ domainName: 'acceptance', repositoryName: 'acceptance' }),
    buildProject: {
      buildSpec: codebuild.BuildSpec.fromObject({
        version: '0.2',
        phases: { build: { commands: ['npm install left-pad@1.3.0', 'npm config get registry'] } },
        artifacts: { files: ['index.js'] },
      }),
    },
  }),
  encrypted: (stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', {
      natGateways: 0,
      maxAzs: 2,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    return {
      targetFunction: TargetFunction.create({
        ...FUNCTION,
        environment: { GREETING: 'Hello' },
        environmentEncryption: new kms.Key(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY }),
        vpc,
        vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      }),
    };
  },
};

export function build(app: App, variant: string): void {
  const stack = new Stack(app, 'AcceptanceRelease');
  Tags.of(stack).add('purpose', 'acceptance');
  new LambdaCiCdPipeline(stack, 'Pipeline', {
    projectName: 'acceptance-release',
    ...sourceIn(stack),
    targetFunction: TargetFunction.create(FUNCTION),
    ...VARIANTS[variant](stack),
  });
}

main(module, build, 'first');
