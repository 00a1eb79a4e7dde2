import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { ENVIRONMENT } from './handlers/release/contract';
import { NotificationConfig } from './notification';
import { acknowledgeWildcard } from './private/acknowledgement';
import { arnOf } from './private/arn';
import { releaseCode } from './private/release-bundle';
import { serviceRole } from './private/service-role';

/** What the release function is made for. */
export interface ReleaseFunctionProps {
  readonly projectName: string;
  readonly buildProjectName: string;
  readonly artifactBucket: s3.IBucket;
  readonly functionName: string;
  readonly aliasName: string;
  readonly targetFunction: lambda.IFunction;
  readonly runtime: lambda.Runtime;
  readonly deploymentConfig: codedeploy.ILambdaDeploymentConfig;
  readonly bakeTime: Duration;
  readonly preTrafficHook?: lambda.IFunction;
  readonly postTrafficHook?: lambda.IFunction;
  readonly configuration?: ssm.IStringParameter;
  readonly notification?: NotificationConfig;
  /** Role that CloudFormation makes the function with, when it comes from a template. */
  readonly cloudFormationRole?: iam.IRole;
  /** What the function that is released to asks for beyond code, versions and alias. */
  readonly statements: iam.PolicyStatement[];
  readonly role?: iam.IRole;
}

/**
 * The function that carries every step of the release: it checks, creates, publishes and deploys, and bakes as a hook. One function,
 * because the steps are one trust domain that only the pipeline and CodeDeploy invoke. Its environment and its permissions are set here, side by side.
 */
export function releaseFunction(scope: Construct, props: ReleaseFunctionProps): lambda.Function {
  const logGroup = new logs.LogGroup(scope, 'ReleaseFunctionLogGroup', {
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = serviceRole(scope, 'ReleaseFunctionServiceRole', {
    role: props.role,
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: `Releases ${props.projectName}: checks, creates, publishes and deploys`,
    statements: statements(scope, props, logGroup),
  });
  acknowledgeWildcard(
    role,
    '*',
    'the answers to a job of CodePipeline, the targets of a deployment, and what Lambda asks of a VPC, have no resource type',
  );
  acknowledgeWildcard(role, `${props.targetFunction.functionArn}:*`, 'versions are published run by run');
  acknowledgeWildcard(
    role,
    arnOf(scope, 'cloudwatch', 'alarm', '*'),
    'cloudwatch:DescribeAlarms reads composite alarms on all of them only',
  );
  acknowledgeWildcard(
    role,
    arnOf(scope, 'codebuild', 'report-group', `${props.buildProjectName}-*`, ArnFormat.SLASH_RESOURCE_NAME),
    'the report groups are named in the build specification, after the project',
  );
  return new lambda.Function(scope, 'ReleaseFunction', {
    description: `Carries the steps of the pipeline ${props.projectName}-pipeline`,
    code: releaseCode(),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    memorySize: 2048, // a package of 250 MB is read and written in memory
    timeout: Duration.minutes(15),
    retryAttempts: 0, // a step reports its own failure: Lambda must not run it again
    // Its policy is whole: the CDK's own action would add the answers to a job a second time.
    role: role instanceof iam.Role ? role.withoutPolicyUpdates() : role,
    logGroup,
    environment: environment(props),
  });
}

/** Whether there is a bake: a time that is known at deployment only may be one. */
export function bakes(bakeTime: Duration): boolean {
  return bakeTime.isUnresolved() || bakeTime.toSeconds() > 0;
}

function environment(props: ReleaseFunctionProps): { [name: string]: string } {
  const { projectName, configuration, preTrafficHook, postTrafficHook, notification } = props;
  return {
    [ENVIRONMENT.projectName]: projectName,
    [ENVIRONMENT.functionName]: props.functionName,
    [ENVIRONMENT.aliasName]: props.aliasName,
    [ENVIRONMENT.artifactBucket]: props.artifactBucket.bucketName,
    [ENVIRONMENT.applicationName]: `${projectName}-app`,
    [ENVIRONMENT.deploymentGroupName]: `${projectName}-group`,
    [ENVIRONMENT.bakeTimeSeconds]: props.bakeTime.toSeconds().toString(),
    ...(configuration ? { [ENVIRONMENT.configurationParameter]: configuration.parameterName } : {}),
    ...(preTrafficHook ? { [ENVIRONMENT.preTrafficHook]: preTrafficHook.functionName } : {}),
    ...(postTrafficHook ? { [ENVIRONMENT.postTrafficHook]: postTrafficHook.functionName } : {}),
    ...(props.cloudFormationRole ? { [ENVIRONMENT.cloudFormationRole]: props.cloudFormationRole.roleArn } : {}),
    ...(notification
      ? {
          [ENVIRONMENT.notificationTopic]: notification.topic.topicArn,
          [ENVIRONMENT.notificationEvents]: notification.events.join(','),
        }
      : {}),
  };
}

function statements(scope: Construct, props: ReleaseFunctionProps, logGroup: logs.ILogGroup): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
    new iam.PolicyStatement({
      actions: ['codepipeline:PutJobSuccessResult', 'codepipeline:PutJobFailureResult'],
      resources: ['*'],
    }), // no resource type
    ...artifactStatements(props.artifactBucket),
    ...functionStatements(props),
    ...deploymentStatements(scope, props),
    ...(props.postTrafficHook && bakes(props.bakeTime)
      ? [
          new iam.PolicyStatement({
            actions: ['lambda:InvokeFunction'],
            resources: [props.postTrafficHook.functionArn],
          }),
        ]
      : []),
    ...(props.notification ? notificationStatements(scope, props, props.notification) : []),
    ...props.statements,
  ];
}

function artifactStatements(bucket: s3.IBucket): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
      resources: [bucket.arnForObjects('*')],
    }),
    ...(bucket.encryptionKey
      ? [
          new iam.PolicyStatement({
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: [bucket.encryptionKey.keyArn],
          }),
        ]
      : []),
  ];
}

function functionStatements({ targetFunction, runtime }: ReleaseFunctionProps): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      // A version and an alias are asked for by their own ARN, `function:name:qualifier`.
      actions: ['lambda:GetFunctionConfiguration', 'lambda:GetAlias'],
      resources: [targetFunction.functionArn, `${targetFunction.functionArn}:*`],
    }),
    new iam.PolicyStatement({
      actions: ['lambda:UpdateFunctionCode', 'lambda:PublishVersion', 'lambda:CreateAlias', 'lambda:UpdateAlias'],
      resources: [targetFunction.functionArn, `${targetFunction.functionArn}:*`],
    }),
    // Which image the function runs is told by this call only.
    ...(runtime.name === lambda.Runtime.FROM_IMAGE.name
      ? [new iam.PolicyStatement({ actions: ['lambda:GetFunction'], resources: [targetFunction.functionArn] })]
      : []),
  ];
}

function deploymentStatements(
  scope: Construct,
  { projectName, deploymentConfig }: ReleaseFunctionProps,
): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: [
        'codedeploy:CreateDeployment',
        'codedeploy:GetDeployment',
        'codedeploy:ListDeployments',
        'codedeploy:BatchGetDeployments',
        'codedeploy:GetDeploymentGroup',
        'codedeploy:PutLifecycleEventHookExecutionStatus',
      ],
      resources: [arnOf(scope, 'codedeploy', 'deploymentgroup', `${projectName}-app/${projectName}-group`)],
    }),
    // No resource type: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html
    new iam.PolicyStatement({
      actions: ['codedeploy:ListDeploymentTargets', 'codedeploy:BatchGetDeploymentTargets'],
      resources: ['*'],
    }),
    new iam.PolicyStatement({
      actions: ['codedeploy:GetDeploymentConfig'],
      resources: [
        deploymentConfig.deploymentConfigArn,
        arnOf(scope, 'codedeploy', 'deploymentconfig', 'CodeDeployDefault.LambdaAllAtOnce'),
      ],
    }),
    new iam.PolicyStatement({
      actions: ['codedeploy:RegisterApplicationRevision', 'codedeploy:GetApplicationRevision'],
      resources: [arnOf(scope, 'codedeploy', 'application', `${projectName}-app`)],
    }),
    new iam.PolicyStatement({
      actions: ['cloudwatch:DescribeAlarms'],
      resources: [arnOf(scope, 'cloudwatch', 'alarm', '*')],
    }),
  ];
}

/** The cause of a failure is read from the run's actions, from the build's phases and from its test reports. */
function notificationStatements(
  scope: Construct,
  { projectName, buildProjectName }: ReleaseFunctionProps,
  { topic }: NotificationConfig,
): iam.PolicyStatement[] {
  const slash = ArnFormat.SLASH_RESOURCE_NAME;
  const key = (topic as Partial<sns.Topic>).masterKey;
  return [
    new iam.PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }),
    ...(key
      ? [new iam.PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] })]
      : []),
    new iam.PolicyStatement({
      actions: ['codepipeline:ListActionExecutions'],
      resources: [Stack.of(scope).formatArn({ service: 'codepipeline', resource: `${projectName}-pipeline` })],
    }),
    new iam.PolicyStatement({
      actions: ['codebuild:BatchGetBuilds'],
      resources: [buildProjectName, `${projectName}-verify`].map((name) =>
        arnOf(scope, 'codebuild', 'project', name, slash),
      ),
    }),
    new iam.PolicyStatement({
      actions: ['codebuild:DescribeTestCases'],
      resources: [arnOf(scope, 'codebuild', 'report-group', `${buildProjectName}-*`, slash)],
    }),
  ];
}
