import { Duration, Size, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  CodeArtifact,
  DeploymentAlarm,
  DeploymentConfig,
  LambdaCiCdPipelineProps,
  NotificationEvent,
  Source,
  TargetFunction,
} from '../../src';

/** A function with every option that the pipeline applies. */
export function fullFunction(stack: Stack): TargetFunction {
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  const files = new efs.FileSystem(stack, 'Files', { vpc, encrypted: true });
  return TargetFunction.create({
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: 'app.handler',
    description: 'Allocates stock to orders',
    memorySize: 512,
    timeout: Duration.seconds(30),
    environment: { STOCK_TABLE: 'stock' },
    environmentEncryption: new kms.Key(stack, 'EnvironmentKey', { enableKeyRotation: true }),
    architecture: lambda.Architecture.ARM_64,
    layers: [
      lambda.LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:eu-west-1:111122223333:layer:shared:7'),
    ],
    insightsVersion: lambda.LambdaInsightsVersion.fromInsightVersionArn(
      'arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension-Arm64:5',
    ),
    vpc,
    tracing: lambda.Tracing.ACTIVE,
    ephemeralStorageSize: Size.gibibytes(1),
    deadLetterQueue: new sqs.Queue(stack, 'DeadLetters', { enforceSSL: true }),
    filesystem: lambda.FileSystem.fromEfsAccessPoint(
      files.addAccessPoint('Point', { path: '/lambda', posixUser: { uid: '1001', gid: '1001' } }),
      '/mnt/files',
    ),
    loggingFormat: lambda.LoggingFormat.JSON,
    applicationLogLevelV2: lambda.ApplicationLogLevel.WARN,
    systemLogLevelV2: lambda.SystemLogLevel.INFO,
  });
}

/** Props with everything that a pipeline can have. */
export function fullProps(stack: Stack): Partial<LambdaCiCdPipelineProps> {
  const hook = (id: string) =>
    new lambda.Function(stack, id, {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => undefined;'),
    });
  return {
    projectDescription: 'the allocation of stock to orders',
    targetFunction: TargetFunction.create({
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: 'app.handler',
      replaceExistingConfiguration: true,
    }),
    source: Source.connection('acme/inventory-allocation', {
      pushFilter: [{ branchesIncludes: ['main'], filePathsIncludes: ['Backend/**'] }],
    }),
    buildProject: {
      sourceDirectory: 'Backend/src',
      testDirectory: 'Backend/tests',
      dependencyFile: 'configuration/requirements.txt',
      timeout: Duration.minutes(20),
    },
    codeArtifact: CodeArtifact.existing({ domainName: 'acme', repositoryName: 'python', domainOwner: '444455556666' }),
    deploymentConfig: DeploymentConfig.canary({ percentage: 10, interval: Duration.minutes(5) }),
    bakeTime: Duration.minutes(10),
    preTrafficHook: hook('Before'),
    postTrafficHook: hook('After'),
    alarms: [
      DeploymentAlarm.errors({ threshold: 5 }),
      DeploymentAlarm.throttles(),
      DeploymentAlarm.duration({ maximum: Duration.seconds(3) }),
      DeploymentAlarm.errorRate(),
      DeploymentAlarm.existing(
        cloudwatch.Alarm.fromAlarmArn(stack, 'Orders', 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:orders'),
      ),
    ],
    autoRollback: { stoppedDeployment: false },
    approvals: [{ actionName: 'ReleaseManager', additionalInformation: 'look at the test report' }],
    verification: { commands: ['python3 -m pip install boto3', 'python3 Backend/tests/verify.py'] },
    notifications: { emails: ['team@example.com'], events: Object.values(NotificationEvent) },
    artifactStore: {
      encryptionKey: new kms.Key(stack, 'ArtifactKey', { enableKeyRotation: true }),
      serverAccessLogsBucket: new s3.Bucket(stack, 'AccessLogs', {
        enforceSSL: true,
        blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      }),
      expiration: Duration.days(60),
    },
  };
}
