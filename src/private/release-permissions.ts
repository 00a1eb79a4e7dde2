import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { arnOf, deploymentGroupArn } from './arn';
import { Statement } from './statement';
import { nameOf, parameterNameOf, Step, versionAlarmPrefix } from '../handlers/release/contract';

/** The resources that the release function needs permissions for. */
export interface ReleasePermissionsProps {
  readonly projectName: string;
  readonly buildProjectName: string;
  readonly artifactBucket: s3.IBucket;
  readonly deploymentConfig: codedeploy.ILambdaDeploymentConfig;
  readonly target: {
    readonly functionArn: string;
    /** The stack that writes the configuration; omitted when no stack of the app does. */
    readonly configurationStack?: string;
    /** What the kind of target function needs in addition. */
    readonly statements: iam.PolicyStatement[];
  };
  /** The hook that the release function invokes after the bake; omitted when CodeDeploy invokes the hook. */
  readonly hookAfterBake?: lambda.IFunction;
  readonly notices?: { readonly topic: sns.ITopic };
  /** Whether the step `rollback` watches a verification. */
  readonly watchesVerification: boolean;
  /** Whether the release function creates alarms for the versions of a deployment. */
  readonly judgesVersions: boolean;
}

type Permission = 'artifacts' | 'readFunction' | 'updateFunction' | 'deploy' | 'readAlarms';

/** The permissions that each step needs. A step without an entry does not compile. */
const NEEDED: Record<Step, Permission[]> = {
  check: ['readFunction', 'deploy', 'readAlarms'],
  create: ['artifacts', 'readFunction', 'updateFunction'],
  publish: ['artifacts', 'readFunction', 'updateFunction'],
  deploy: ['artifacts', 'readFunction', 'deploy', 'readAlarms'],
  rollback: ['readFunction', 'updateFunction', 'deploy'],
};

/** Returns the statements for the steps, the bake and the notices of the release function. */
export function releasePermissions(
  scope: Construct,
  props: ReleasePermissionsProps,
  logGroupArn: string,
): iam.PolicyStatement[] {
  const needed = Object.values(NEEDED).flat();
  const statements: Record<Permission, () => iam.PolicyStatement[]> = {
    artifacts: () => artifactStatements(props.artifactBucket),
    readFunction: () => readStatements(props.target),
    updateFunction: () => updateStatements(props.target),
    deploy: () => deploymentStatements(scope, props),
    readAlarms: () => [alarmStatement()],
  };
  return [
    new Statement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroupArn] }),
    new Statement({
      actions: ['codepipeline:PutJobSuccessResult', 'codepipeline:PutJobFailureResult'],
      resources: ['*'],
      because: 'the results of a CodePipeline job have no resource type',
    }),
    ...(Object.keys(statements) as Permission[])
      .filter((permission) => needed.includes(permission))
      .flatMap((permission) => statements[permission]()),
    ...(props.hookAfterBake
      ? [new Statement({ actions: ['lambda:InvokeFunction'], resources: [props.hookAfterBake.functionArn] })]
      : []),
    ...(props.judgesVersions ? versionAlarmStatements(scope, props) : []),
    ...(props.notices || props.watchesVerification ? [runStatement(scope, props)] : []),
    ...(props.notices ? noticeStatements(scope, props, props.notices.topic) : []),
    ...(props.target.configurationStack ? changeStatements(scope, props, props.target.configurationStack) : []),
    ...props.target.statements,
  ];
}

/** A configuration change is read when its stack has settled, and starts a run. */
function changeStatements(
  scope: Construct,
  { projectName }: ReleasePermissionsProps,
  stackName: string,
): iam.PolicyStatement[] {
  const slash = ArnFormat.SLASH_RESOURCE_NAME;
  const parameterName = parameterNameOf(projectName).replace(/^\//, '');
  return [
    new Statement({
      actions: ['ssm:GetParameter'],
      resources: [arnOf(scope, 'ssm', 'parameter', parameterName, slash)],
    }),
    new Statement({
      actions: ['cloudformation:DescribeStacks'],
      resources: [arnOf(scope, 'cloudformation', 'stack', `${stackName}/*`, slash)],
      because: 'CloudFormation generates the ID of the stack',
    }),
    new Statement({ actions: ['codepipeline:StartPipelineExecution'], resources: [pipelineArn(scope, projectName)] }),
  ];
}

function pipelineArn(scope: Construct, projectName: string): string {
  return Stack.of(scope).formatArn({ service: 'codepipeline', resource: nameOf('pipeline', projectName) });
}

function artifactStatements(bucket: s3.IBucket): iam.PolicyStatement[] {
  return [
    new Statement({
      actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      because: 'CodePipeline generates the keys of the artifacts',
    }),
    ...(bucket.encryptionKey ? [encryptStatement(bucket.encryptionKey.keyArn)] : []),
  ];
}

function encryptStatement(keyArn: string): iam.PolicyStatement {
  return new Statement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keyArn] });
}

type Target = ReleasePermissionsProps['target'];

const EACH_RUN_PUBLISHES = 'each run publishes a new version';

function readStatements({ functionArn }: Target): iam.PolicyStatement[] {
  return [
    new Statement({
      // A version and an alias have ARNs of their own: `function:name:qualifier`.
      actions: ['lambda:GetFunctionConfiguration', 'lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig'],
      resources: [functionArn, `${functionArn}:*`],
      because: EACH_RUN_PUBLISHES,
    }),
  ];
}

function updateStatements({ functionArn }: Target): iam.PolicyStatement[] {
  return [
    new Statement({
      actions: [
        'lambda:GetFunction', // returns the code of the live version, and the image of a function
        'lambda:UpdateFunctionCode',
        'lambda:PublishVersion',
        'lambda:CreateAlias',
        'lambda:UpdateAlias',
      ],
      resources: [functionArn, `${functionArn}:*`],
      because: EACH_RUN_PUBLISHES,
    }),
  ];
}

function deploymentStatements(scope: Construct, props: ReleasePermissionsProps): iam.PolicyStatement[] {
  const { projectName, deploymentConfig } = props;
  return [
    new Statement({
      actions: [
        'codedeploy:CreateDeployment',
        'codedeploy:GetDeployment',
        'codedeploy:ListDeployments',
        'codedeploy:BatchGetDeployments',
        'codedeploy:GetDeploymentGroup',
        'codedeploy:UpdateDeploymentGroup', // CreateDeployment requires it to ignore the alarms
        'codedeploy:PutLifecycleEventHookExecutionStatus',
      ],
      resources: [deploymentGroupArn(scope, projectName)],
    }),
    new Statement({
      actions: ['codedeploy:ListDeploymentTargets', 'codedeploy:BatchGetDeploymentTargets'],
      resources: ['*'],
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html
      because: 'the targets of a deployment have no resource type',
    }),
    new Statement({
      actions: ['codedeploy:GetDeploymentConfig'],
      resources: [
        deploymentConfig.deploymentConfigArn,
        arnOf(scope, 'codedeploy', 'deploymentconfig', 'CodeDeployDefault.LambdaAllAtOnce'),
      ],
    }),
    new Statement({
      actions: ['codedeploy:RegisterApplicationRevision', 'codedeploy:GetApplicationRevision'],
      resources: [arnOf(scope, 'codedeploy', 'application', nameOf('application', projectName))],
    }),
  ];
}

function alarmStatement(): iam.PolicyStatement {
  return new Statement({
    actions: ['cloudwatch:DescribeAlarms'],
    resources: ['*'],
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
    because: 'cloudwatch:DescribeAlarms requires access to all alarms to describe a composite alarm',
  });
}

function versionAlarmStatements(scope: Construct, { projectName }: ReleasePermissionsProps): iam.PolicyStatement[] {
  return [
    new Statement({
      actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
      resources: [arnOf(scope, 'cloudwatch', 'alarm', `${versionAlarmPrefix(projectName)}*`)],
      because: 'each deployment has alarms of its own, because an alarm that is updated keeps its state',
    }),
    new Statement({
      actions: ['cloudwatch:GetMetricData'],
      resources: ['*'],
      // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
      because: 'the metrics of CloudWatch have no resource type',
    }),
  ];
}

/** A notice and the rollback after a verification read the actions of the run. */
function runStatement(scope: Construct, { projectName }: ReleasePermissionsProps): iam.PolicyStatement {
  return new Statement({
    actions: ['codepipeline:ListActionExecutions'],
    resources: [pipelineArn(scope, projectName)],
  });
}

/** A notice explains a failure with the actions of the run, the phases of the build, and the failed tests. */
function noticeStatements(
  scope: Construct,
  { projectName, buildProjectName }: ReleasePermissionsProps,
  topic: sns.ITopic,
): iam.PolicyStatement[] {
  const slash = ArnFormat.SLASH_RESOURCE_NAME;
  const key = (topic as Partial<sns.Topic>).masterKey;
  const projects = [buildProjectName, nameOf('verificationProject', projectName)];
  return [
    new Statement({ actions: ['sns:Publish'], resources: [topic.topicArn] }),
    ...(key ? [encryptStatement(key.keyArn)] : []),
    new Statement({
      actions: ['codebuild:BatchGetBuilds'],
      resources: projects.map((name) => arnOf(scope, 'codebuild', 'project', name, slash)),
    }),
    new Statement({
      actions: ['codebuild:DescribeTestCases'],
      resources: [arnOf(scope, 'codebuild', 'report-group', `${buildProjectName}-*`, slash)],
      because: 'the build specification names the report groups of the project',
    }),
  ];
}
