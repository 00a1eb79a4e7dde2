import { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { nameOf, VersionAlarm } from './handlers/release/contract';
import { deploymentGroupArn } from './private/arn';
import { requireFunctionItself, requireSamePlace } from './private/given-resource';
import { warnWhenReplaced } from './private/replacement-warning';
import { addHookStatement, createServiceRole } from './private/service-role';
import { Statement } from './private/statement';
import { refuse } from './private/validation';

/** The parts of the deployment. */
export interface DeploymentProps {
  readonly projectName: string;
  readonly target: { readonly functionArn: string };
  readonly deploymentConfig: codedeploy.ILambdaDeploymentConfig;
  readonly alarms: cloudwatch.IAlarm[];
  /** The alarms that each deployment gets in addition. */
  readonly versionAlarms: VersionAlarm[];
  readonly autoRollback?: codedeploy.AutoRollbackConfig;
  /** The function that bakes, and that invokes `postTrafficHook` after the bake; omitted when there is no bake time. */
  readonly bakeFunction?: lambda.IFunction;
  readonly preTrafficHook?: lambda.IFunction;
  readonly postTrafficHook?: lambda.IFunction;
  readonly role?: iam.IRole;
}

/** The CodeDeploy resources of the pipeline. */
export interface Deployment {
  readonly application: codedeploy.ILambdaApplication;
  readonly deploymentGroup: codedeploy.ILambdaDeploymentGroup;
  /** The resource of the deployment group, for dependencies. */
  readonly resource: codedeploy.CfnDeploymentGroup;
  readonly role: iam.IRole;
}

/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_AlarmConfiguration.html */
const MAXIMUM_ALARMS = 10;

/** Creates the application, the deployment group and the service role of CodeDeploy. */
export function createDeployment(scope: Construct, props: DeploymentProps): Deployment {
  validate(props);
  validateGiven(scope, props);
  const { projectName, deploymentConfig } = props;
  const application = new codedeploy.LambdaApplication(scope, 'CodeDeployApplication', {
    applicationName: nameOf('application', projectName),
  });
  const role = createRole(scope, props);
  const resource = createDeploymentGroup(scope, { ...props, application, role });
  const deploymentGroup = codedeploy.LambdaDeploymentGroup.fromLambdaDeploymentGroupAttributes(
    scope,
    'ImportedDeploymentGroup',
    {
      application,
      deploymentGroupName: resource.ref,
      deploymentConfig,
    },
  );
  const answer = new iam.PolicyStatement({
    actions: ['codedeploy:PutLifecycleEventHookExecutionStatus'],
    resources: [deploymentGroupArn(scope, projectName)],
  });
  for (const [prop, hook] of hooksOf(props)) {
    addHookStatement(scope, prop, hook.role, answer);
  }
  return { application, deploymentGroup, resource, role };
}

/**
 * The L1 resource, because the L2 requires an alias of the stack and adds an update policy to it: every stack update
 * would deploy. See docs/decisions/001-one-owner-for-each-thing.md.
 */
function createDeploymentGroup(
  scope: Construct,
  props: DeploymentProps & { readonly application: codedeploy.ILambdaApplication; readonly role: iam.IRole },
): codedeploy.CfnDeploymentGroup {
  const { alarms, application, deploymentConfig, projectName, role } = props;
  const deploymentGroupName = nameOf('deploymentGroup', projectName);
  const deploymentGroup = new codedeploy.CfnDeploymentGroup(scope, 'CodeDeployDeploymentGroup', {
    applicationName: application.applicationName,
    deploymentGroupName,
    serviceRoleArn: role.roleArn,
    deploymentConfigName: deploymentConfig.deploymentConfigName,
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    autoRollbackConfiguration: renderAutoRollback(props),
    // Always set, because CodeDeploy would otherwise keep the alarms of the last stack update.
    alarmConfiguration: { enabled: alarms.length > 0, alarms: alarms.map((alarm) => ({ name: alarm.alarmName })) },
  });
  warnWhenReplaced(deploymentGroup, {
    what: 'deployment group',
    name: deploymentGroupName,
    from: ({ DeploymentGroupName }) => DeploymentGroupName,
    consequence: 'CodeDeploy loses the history of deployments, and a running deployment',
    remedy: 'keep projectName',
  });
  return deploymentGroup;
}

function createRole(scope: Construct, props: DeploymentProps): iam.IRole {
  const { projectName, target, bakeFunction, preTrafficHook, postTrafficHook, role } = props;
  const { functionArn } = target;
  const hooks = [preTrafficHook, bakeFunction ?? postTrafficHook].filter((hook) => hook !== undefined);
  const deploymentGroupName = nameOf('deploymentGroup', projectName);
  return createServiceRole(scope, 'CodeDeployServiceRole', {
    role,
    assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    description: `Shifts the traffic of ${projectName} for the deployment group ${deploymentGroupName}`,
    statements: [
      new Statement({
        actions: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
        resources: [functionArn, `${functionArn}:*`],
        because: 'each run publishes a new version',
      }),
      ...(hooks.length > 0
        ? [
            new Statement({
              actions: ['lambda:InvokeFunction'],
              resources: hooks.map((hook) => hook.functionArn),
            }),
          ]
        : []),
      ...(hasAlarms(props)
        ? [
            new Statement({
              actions: ['cloudwatch:DescribeAlarms'],
              resources: ['*'],
              // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
              because: 'cloudwatch:DescribeAlarms requires access to all alarms to describe a composite alarm',
            }),
          ]
        : []),
    ],
  });
}

function hasAlarms({ alarms, versionAlarms }: DeploymentProps): boolean {
  return alarms.length + versionAlarms.length > 0;
}

function renderAutoRollback(props: DeploymentProps): codedeploy.CfnDeploymentGroup.AutoRollbackConfigurationProperty {
  const { autoRollback: config = {} } = props;
  const events = [
    ...((config.failedDeployment ?? true) ? ['DEPLOYMENT_FAILURE'] : []),
    ...((config.stoppedDeployment ?? true) ? ['DEPLOYMENT_STOP_ON_REQUEST'] : []),
    ...((config.deploymentInAlarm ?? hasAlarms(props)) ? ['DEPLOYMENT_STOP_ON_ALARM'] : []),
  ];
  return events.length > 0 ? { enabled: true, events } : { enabled: false };
}

/** Returns the hooks of the user, with their props. */
function hooksOf({ preTrafficHook, postTrafficHook }: DeploymentProps): [string, lambda.IFunction][] {
  return Object.entries({ preTrafficHook, postTrafficHook }).filter(
    (entry): entry is [string, lambda.IFunction] => entry[1] !== undefined,
  );
}

function validateGiven(scope: Construct, props: DeploymentProps): void {
  for (const [prop, hook] of hooksOf(props)) {
    requireFunctionItself(prop, hook, 'CodeDeploy invokes a hook by its name', 'use the function of the alias');
    requireSamePlace(scope, prop, hook, hook.functionArn);
  }
  const names = props.alarms.map(({ alarmName }) => JSON.stringify(Stack.of(scope).resolve(alarmName)));
  const twice = props.alarms.find((_, index) => names.indexOf(names[index]) !== index);
  if (twice) {
    refuse({
      prop: 'alarms',
      allowed: 'a list without duplicates',
      described: `${twice.node.path} twice`,
      remedy: 'remove one of the two',
    });
  }
}

function validate(props: DeploymentProps): void {
  const count = props.alarms.length + props.versionAlarms.length;
  const { deploymentInAlarm } = props.autoRollback ?? {};
  if (count > MAXIMUM_ALARMS) {
    refuse({
      prop: 'alarms',
      allowed: `a list of at most ${MAXIMUM_ALARMS} alarms (CodeDeploy's limit)`,
      described: `${count} alarms`,
      remedy: 'combine some of them in a composite alarm and add it with DeploymentAlarm.existing',
    });
  }
  if (deploymentInAlarm && count === 0) {
    refuse({
      prop: 'autoRollback.deploymentInAlarm',
      allowed: 'false or omitted when alarms is empty',
      given: deploymentInAlarm,
      remedy: 'add alarms, or omit alarms to use the default ones',
    });
  }
}
