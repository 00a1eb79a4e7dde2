import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DeploymentAlarm } from '../src';
import { addPipeline, newStack, pipelineWith } from './support/stacks';
import {
  actionsOf,
  flat,
  logicalIds,
  propertiesOf,
  releaseFunctionOf,
  resourcesOf,
  resourceWithPrefix,
  statementsOf,
} from './support/template-queries';

const { template: minimal } = pipelineWith();
const group = (template: Template) => propertiesOf(template, 'AWS::CodeDeploy::DeploymentGroup');
const GROUP_ARN =
  'arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup:inventory-allocation-app/inventory-allocation-group';

function hook(stack: Stack, id: string): lambda.Function {
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = 1'),
  });
}

describe('the application', () => {
  test('is for Lambda', () => {
    expect(propertiesOf(minimal, 'AWS::CodeDeploy::Application')).toEqual({
      ApplicationName: 'inventory-allocation-app',
      ComputePlatform: 'Lambda',
    });
  });
});

describe('the deployment group', () => {
  test('shifts traffic between two versions', () => {
    expect(group(minimal).DeploymentStyle).toEqual({
      DeploymentType: 'BLUE_GREEN',
      DeploymentOption: 'WITH_TRAFFIC_CONTROL',
    });
  });

  test('belongs to the application and runs under its role', () => {
    expect([flat(group(minimal).ApplicationName), flat(group(minimal).ServiceRoleArn)]).toEqual([
      `\${${logicalIds(minimal, 'AWS::CodeDeploy::Application')[0]}}`,
      '${PipelineCodeDeployServiceRoleFE65C496.Arn}',
    ]);
  });

  test('watches the alarms', () => {
    expect(group(minimal).AlarmConfiguration).toEqual({
      Enabled: true,
      Alarms: logicalIds(minimal, 'AWS::CloudWatch::Alarm').map((id) => ({ Name: { Ref: id } })),
    });
  });

  test('sets an empty list of alarms, so that CodeDeploy removes earlier ones', () => {
    expect(group(pipelineWith({ alarms: [] }).template).AlarmConfiguration).toEqual({ Enabled: false, Alarms: [] });
  });
});

describe('autoRollback', () => {
  const ALL = ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'];

  test.each([
    ['on failure, on stop and on alarm by default', {}, ALL],
    ['not on failure', { failedDeployment: false }, ALL.slice(1)],
    ['not on stop', { stoppedDeployment: false }, [ALL[0], ALL[2]]],
    ['not on alarm', { deploymentInAlarm: false }, ALL.slice(0, 2)],
  ])('rolls back %s', (_, autoRollback, Events) => {
    expect(group(pipelineWith({ autoRollback }).template).AutoRollbackConfiguration).toEqual({ Enabled: true, Events });
  });

  test('is off when it rolls back on nothing', () => {
    const { template } = pipelineWith({
      autoRollback: { failedDeployment: false, stoppedDeployment: false, deploymentInAlarm: false },
    });
    expect(group(template).AutoRollbackConfiguration).toEqual({ Enabled: false });
  });

  test('leaves the alarm out when there is none', () => {
    expect(group(pipelineWith({ alarms: [] }).template).AutoRollbackConfiguration.Events).toEqual(ALL.slice(0, 2));
  });

  test('fails when it is to roll back on alarm without alarms', () => {
    expect(() => pipelineWith({ alarms: [], autoRollback: { deploymentInAlarm: true } })).toThrow(
      'autoRollback.deploymentInAlarm must be false or omitted when alarms is empty, got true; ' +
        'add alarms, or omit alarms to use the default ones',
    );
  });
});

describe('the service role', () => {
  const statements = statementsOf(minimal, 'PipelineCodeDeployServiceRole');

  test('is for CodeDeploy of this account alone', () => {
    const role = resourceWithPrefix(minimal, 'AWS::IAM::Role', 'PipelineCodeDeployServiceRole');
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { Service: 'codedeploy.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });

  test('moves the alias, and can change neither code nor configuration', () => {
    expect(actionsOf(statements)).toEqual([
      'cloudwatch:DescribeAlarms',
      'lambda:GetAlias',
      'lambda:GetProvisionedConcurrencyConfig',
      'lambda:InvokeFunction',
      'lambda:UpdateAlias',
    ]);
  });

  test('moves the alias of this function alone', () => {
    const arn = 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:inventory-allocation';
    expect(resourcesOf(statements, 'lambda:UpdateAlias')).toEqual([arn, `${arn}:*`]);
  });

  test('reads no alarms when there are none', () => {
    expect(
      actionsOf(statementsOf(pipelineWith({ alarms: [] }).template, 'PipelineCodeDeployServiceRole')),
    ).not.toContain('cloudwatch:DescribeAlarms');
  });
});

describe('hooks', () => {
  const { template } = pipelineWith((stack) => ({
    preTrafficHook: hook(stack, 'Before'),
    postTrafficHook: hook(stack, 'After'),
  }));
  const invoked = (role: string) =>
    resourcesOf(statementsOf(template, role), 'lambda:InvokeFunction').map((arn) => arn.replace(/[0-9A-F]{8}/, ''));

  test('are none by default', () => {
    expect(Object.keys(releaseFunctionOf(minimal).Environment.Variables)).not.toEqual(
      expect.arrayContaining(['PRE_TRAFFIC_HOOK', 'POST_TRAFFIC_HOOK']),
    );
  });

  test('are named to the release function, which writes the AppSpec', () => {
    const { PRE_TRAFFIC_HOOK, POST_TRAFFIC_HOOK } = releaseFunctionOf(template).Environment.Variables;
    expect([flat(PRE_TRAFFIC_HOOK), flat(POST_TRAFFIC_HOOK)]).toEqual([
      expect.stringMatching(/^\$\{Before/),
      expect.stringMatching(/^\$\{After/),
    ]);
  });

  test('before the traffic are invoked by CodeDeploy, after it by the release function when the bake is over', () => {
    expect(invoked('PipelineCodeDeployServiceRole')).toEqual(['${Before.Arn}', '${PipelineReleaseFunction.Arn}']);
    expect(invoked('PipelineReleaseFunctionServiceRole')).toEqual(['${After.Arn}']);
  });

  test('after the traffic are invoked by CodeDeploy when there is no bake', () => {
    const without = pipelineWith((stack) => ({
      postTrafficHook: hook(stack, 'After'),
      bakeTime: Duration.seconds(0),
      alarms: [],
    })).template;
    expect(resourcesOf(statementsOf(without, 'PipelineCodeDeployServiceRole'), 'lambda:InvokeFunction')).toEqual([
      expect.stringMatching(/^\$\{After/),
    ]);
    expect(resourcesOf(statementsOf(without, 'PipelineReleaseFunctionServiceRole'), 'lambda:InvokeFunction')).toEqual(
      [],
    );
  });

  test.each(['Before', 'After'])('may answer CodeDeploy: %s', (id) => {
    expect(
      resourcesOf(statementsOf(template, `${id}ServiceRole`), 'codedeploy:PutLifecycleEventHookExecutionStatus'),
    ).toEqual([GROUP_ARN]);
  });

  test('may be imported', () => {
    const imported = pipelineWith((stack) => ({
      preTrafficHook: lambda.Function.fromFunctionArn(
        stack,
        'Before',
        'arn:aws:lambda:eu-west-1:111122223333:function:before',
      ),
    })).template;
    expect(releaseFunctionOf(imported).Environment.Variables.PRE_TRAFFIC_HOOK).toBe('before');
  });
});

describe('alarms', () => {
  const many = (stack: Stack, count: number) =>
    Array.from({ length: count }, (_, index) =>
      DeploymentAlarm.existing(cloudwatch.Alarm.fromAlarmName(stack, `Alarm${index}`, `alarm-${index}`)),
    );

  test('may be ten', () => {
    expect(
      group(pipelineWith((stack) => ({ alarms: many(stack, 10) })).template).AlarmConfiguration.Alarms,
    ).toHaveLength(10);
  });

  test('fails when there are more than ten', () => {
    const stack = newStack();
    expect(() => addPipeline({ alarms: many(stack, 11) }, stack)).toThrow(
      "alarms must be a list of at most 10 alarms (CodeDeploy's limit), got 11 alarms; " +
        'combine some of them in a composite alarm and add it with DeploymentAlarm.existing',
    );
  });
});
