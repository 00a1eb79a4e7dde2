import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  CodeArtifact,
  DeploymentAlarm,
  DeploymentConfig,
  LambdaCiCdPipeline,
  NotificationEvent,
  Source,
  TargetFunction,
} from 'cdk-lambda-ci-cd-pipeline';

const app = new App();
const stack = new Stack(app, 'InventoryAllocationPipeline', { env: { account: '111122223333', region: 'us-east-1' } });

new LambdaCiCdPipeline(stack, 'Pipeline', {
  projectName: 'inventory-allocation',
  projectDescription: 'Allocation of stock to orders',
  source: Source.connection('acme/inventory-allocation', {
    connectionArn: 'arn:aws:codeconnections:us-east-1:111122223333:connection/7c9e6679-7425-40de-944b-e07fc1f90ae7',
    branch: 'main',
    pushFilter: [{ branchesIncludes: ['main'], filePathsIncludes: ['Backend/**', 'configuration/**'] }],
  }),
  targetFunction: TargetFunction.create({
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: 'lambda_functions.allocate.handler',
    architecture: lambda.Architecture.ARM_64,
    memorySize: 512,
    timeout: Duration.seconds(30),
    environment: { STOCK_TABLE: 'stock', LOG_LEVEL: 'INFO' },
    tracing: lambda.Tracing.ACTIVE,
  }),
  buildProject: {
    sourceDirectory: 'Backend/src',
    testDirectory: 'Backend/tests/UT_src',
    dependencyFile: 'configuration/requirements.txt',
    environmentVariables: {
      PYTEST_ADDOPTS: { type: codebuild.BuildEnvironmentVariableType.PLAINTEXT, value: '--maxfail=5' },
    },
    timeout: Duration.minutes(20),
  },
  codeArtifact: CodeArtifact.existing({ domainName: 'acme', repositoryName: 'python', domainOwner: '444455556666' }),
  deploymentConfig: DeploymentConfig.linear({ percentage: 25, interval: Duration.minutes(10) }),
  bakeTime: Duration.minutes(10),
  alarms: [
    DeploymentAlarm.errors({ threshold: 5 }),
    DeploymentAlarm.throttles(),
    DeploymentAlarm.duration({ maximum: Duration.seconds(3), statistic: 'p99', evaluationPeriods: 2 }),
  ],
  autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
  approvals: [
    {
      actionName: 'Tester',
      additionalInformation: 'Has the test sheet been filled in?',
      externalEntityLink: 'https://example.com/tests',
    },
    { actionName: 'ReleaseManager', timeout: Duration.days(2) },
  ],
  verification: {
    commands: ['python3 -m pip install --quiet boto3 pytest', 'python3 -m pytest Backend/tests/IT_src'],
  },
  notifications: {
    emails: ['team@example.com'],
    events: [NotificationEvent.BUILD_FAILED, NotificationEvent.DEPLOYMENT_FAILED, NotificationEvent.ROLLED_BACK],
  },
  artifactStore: { expiration: Duration.days(90), removalPolicy: RemovalPolicy.DESTROY },
});

app.synth();
