import { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from './private/acknowledgement';
import { arnOf } from './private/arn';
import { serviceRole } from './private/service-role';
import { refuse } from './private/validation';

/** What the deployment is made of. */
export interface DeploymentProps {
  readonly projectName: string;
  readonly targetFunction: lambda.IFunction;
  readonly deploymentConfig: codedeploy.ILambdaDeploymentConfig;
  readonly alarms: cloudwatch.IAlarm[];
  readonly autoRollback: codedeploy.AutoRollbackConfig;
  /** The function that bakes, and then hands over to the hook after the traffic; nothing without a bake time. */
  readonly bakeFunction?: lambda.IFunction;
  readonly preTrafficHook?: lambda.IFunction;
  readonly postTrafficHook?: lambda.IFunction;
  readonly role?: iam.IRole;
}

/** CodeDeploy's side of the pipeline: application, deployment group and service role. */
export interface Deployment {
  readonly application: codedeploy.ILambdaApplication;
  readonly deploymentGroup: codedeploy.ILambdaDeploymentGroup;
  readonly role: iam.IRole;
}

/** CodeDeploy's limit: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AlarmConfiguration.html */
const MOST_ALARMS = 10;

/**
 * Makes the deployment. The group is the plain resource: the CDK's own one asks for an alias of the stack, and writes an update policy
 * on it by which every stack update would deploy.
 */
export function deployment(scope: Construct, props: DeploymentProps): Deployment {
  validate(props);
  const { projectName, deploymentConfig, alarms } = props;
  const application = new codedeploy.LambdaApplication(scope, 'CodeDeployApplication', {
    applicationName: `${projectName}-app`,
  });
  const deploymentGroupName = `${projectName}-group`;
  const role = deployRole(scope, props, deploymentGroupName);
  acknowledgeWildcard(role, `${props.targetFunction.functionArn}:*`, 'versions are published run by run');
  acknowledgeWildcard(
    role,
    arnOf(scope, 'cloudwatch', 'alarm', '*'),
    'cloudwatch:DescribeAlarms reads composite alarms on all of them only',
  );
  const resource = new codedeploy.CfnDeploymentGroup(scope, 'CodeDeployDeploymentGroup', {
    applicationName: application.applicationName,
    deploymentGroupName,
    serviceRoleArn: role.roleArn,
    deploymentConfigName: deploymentConfig.deploymentConfigName,
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    autoRollbackConfiguration: autoRollback(props),
    // Written even when it is empty: left out, CodeDeploy would keep the alarms that were there before.
    alarmConfiguration: { enabled: alarms.length > 0, alarms: alarms.map((alarm) => ({ name: alarm.alarmName })) },
  });
  const deploymentGroup = codedeploy.LambdaDeploymentGroup.fromLambdaDeploymentGroupAttributes(
    scope,
    'ImportedDeploymentGroup',
    {
      application,
      deploymentGroupName: resource.ref,
      deploymentConfig,
    },
  );
  for (const hook of [props.preTrafficHook, props.postTrafficHook]) {
    hook?.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['codedeploy:PutLifecycleEventHookExecutionStatus'],
        resources: [arnOf(scope, 'codedeploy', 'deploymentgroup', `${projectName}-app/${projectName}-group`)],
      }),
    );
  }
  return { application, deploymentGroup, role };
}

function deployRole(scope: Construct, props: DeploymentProps, deploymentGroupName: string): iam.IRole {
  const { projectName, targetFunction, bakeFunction, preTrafficHook, postTrafficHook, alarms, role } = props;
  const hooks = [preTrafficHook, bakeFunction ?? postTrafficHook].filter((hook) => hook !== undefined);
  return serviceRole(scope, 'CodeDeployServiceRole', {
    role,
    assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    description: `Shifts the traffic of ${projectName}, and nothing else: deployment group ${deploymentGroupName}`,
    statements: [
      new iam.PolicyStatement({
        actions: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
        resources: [targetFunction.functionArn, `${targetFunction.functionArn}:*`],
      }),
      ...(hooks.length > 0
        ? [
            new iam.PolicyStatement({
              actions: ['lambda:InvokeFunction'],
              resources: hooks.map((hook) => hook.functionArn),
            }),
          ]
        : []),
      ...(alarms.length > 0
        ? [
            new iam.PolicyStatement({
              actions: ['cloudwatch:DescribeAlarms'],
              resources: [arnOf(scope, 'cloudwatch', 'alarm', '*')],
            }),
          ]
        : []),
    ],
  });
}

function autoRollback({
  autoRollback: config,
  alarms,
}: DeploymentProps): codedeploy.CfnDeploymentGroup.AutoRollbackConfigurationProperty {
  const events = [
    ...((config.failedDeployment ?? true) ? ['DEPLOYMENT_FAILURE'] : []),
    ...((config.stoppedDeployment ?? true) ? ['DEPLOYMENT_STOP_ON_REQUEST'] : []),
    ...((config.deploymentInAlarm ?? alarms.length > 0) ? ['DEPLOYMENT_STOP_ON_ALARM'] : []),
  ];
  return events.length > 0 ? { enabled: true, events } : { enabled: false };
}

function validate({ alarms, autoRollback: { deploymentInAlarm } }: DeploymentProps): void {
  if (alarms.length > MOST_ALARMS) {
    refuse({
      prop: 'alarms',
      allowed: `at most ${MOST_ALARMS}`,
      given: alarms.length,
      remedy:
        'CodeDeploy watches no more: join some of them in a composite alarm and add that with DeploymentAlarm.existing',
    });
  }
  if (deploymentInAlarm && alarms.length === 0) {
    refuse({
      prop: 'autoRollback.deploymentInAlarm',
      allowed: 'left out or false when alarms is empty',
      given: deploymentInAlarm,
      remedy: 'give alarms, or leave alarms out and take the default ones',
    });
  }
}
