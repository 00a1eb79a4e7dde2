import { CfnParameter, Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DeploymentAlarm, TargetFunction } from '../src';
import { addPipeline, newStack, pipelineWith } from './support/stacks';
import { flat, propertiesOf } from './support/template-queries';

const only = (...alarms: DeploymentAlarm[]) =>
  propertiesOf(pipelineWith({ alarms }).template, 'AWS::CloudWatch::Alarm');
const alarmsOf = (template: Template) =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

describe('alarms by default', () => {
  const alarms = alarmsOf(pipelineWith().template);

  test('are the errors and the throttles of the alias', () => {
    expect(alarms.map(({ AlarmName, MetricName }) => [AlarmName, MetricName])).toEqual([
      ['inventory-allocation-LambdaErrorsAlarm', 'Errors'],
      ['inventory-allocation-LambdaThrottlesAlarm', 'Throttles'],
    ]);
  });

  test.each([0, 1])('fire at the first event in a minute: %d', (index) => {
    expect(alarms[index]).toMatchObject({
      Namespace: 'AWS/Lambda',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  });

  test('are well when nobody calls the function', () => {
    expect(alarms.map(({ TreatMissingData }) => TreatMissingData)).toEqual(['notBreaching', 'notBreaching']);
  });

  test('watch the alias with both versions behind it', () => {
    expect(alarms[0].Dimensions).toEqual([
      { Name: 'FunctionName', Value: 'inventory-allocation' },
      { Name: 'Resource', Value: 'inventory-allocation:live' },
    ]);
  });

  test('say in their description what they do', () => {
    expect(alarms[0].AlarmDescription).toBe(
      'Stops a deployment of inventory-allocation and rolls it back: the alias has errors',
    );
  });
});

describe('an alarm', () => {
  test('watches the function and the alias by the names that they have', () => {
    const { template } = pipelineWith({
      targetFunction: TargetFunction.create({
        runtime: lambda.Runtime.PYTHON_3_13,
        handler: 'app.handler',
        functionName: 'allocate',
        aliasName: 'prod',
      }),
    });
    expect(alarmsOf(template)[0].Dimensions).toEqual([
      { Name: 'FunctionName', Value: 'allocate' },
      { Name: 'Resource', Value: 'allocate:prod' },
    ]);
  });

  test.each([
    ['threshold', { threshold: 5 }, { Threshold: 5 }],
    ['period', { period: Duration.minutes(2) }, { Period: 120 }],
    ['evaluationPeriods', { evaluationPeriods: 3 }, { EvaluationPeriods: 3 }],
    ['datapointsToAlarm', { evaluationPeriods: 3, datapointsToAlarm: 2 }, { DatapointsToAlarm: 2 }],
    [
      'treatMissingData',
      { treatMissingData: cloudwatch.TreatMissingData.BREACHING },
      { TreatMissingData: 'breaching' },
    ],
  ])('takes %s', (_, options, properties) => {
    expect(only(DeploymentAlarm.errors(options))).toMatchObject(properties);
    expect(only(DeploymentAlarm.throttles(options))).toMatchObject(properties);
  });

  test('takes numbers that are known at deployment only', () => {
    const { template } = pipelineWith((stack) => ({
      alarms: [
        DeploymentAlarm.errors({ threshold: new CfnParameter(stack, 'Errors', { type: 'Number' }).valueAsNumber }),
      ],
    }));
    expect(flat(propertiesOf(template, 'AWS::CloudWatch::Alarm').Threshold)).toBe('${Errors}');
  });

  test('of the duration watches the 99th percentile in milliseconds', () => {
    expect(only(DeploymentAlarm.duration({ maximum: Duration.seconds(3) }))).toMatchObject({
      AlarmName: 'inventory-allocation-LambdaDurationAlarm',
      MetricName: 'Duration',
      ExtendedStatistic: 'p99',
      Threshold: 3000,
    });
  });

  test('of the duration takes another statistic', () => {
    expect(only(DeploymentAlarm.duration({ maximum: Duration.seconds(3), statistic: 'Maximum' }))).toMatchObject({
      Statistic: 'Maximum',
    });
  });

  test('that exists is watched as it is', () => {
    const { template, pipeline } = pipelineWith((stack) => ({
      alarms: [DeploymentAlarm.existing(cloudwatch.Alarm.fromAlarmName(stack, 'Own', 'orders-late'))],
    }));
    template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    expect(propertiesOf(template, 'AWS::CodeDeploy::DeploymentGroup').AlarmConfiguration.Alarms[0].Name).toMatch(
      /orders-late$/,
    );
    expect(pipeline.alarms).toHaveLength(1);
  });

  test('that exists may be a composite one', () => {
    const { template } = pipelineWith((stack) => ({
      alarms: [
        DeploymentAlarm.existing(
          new cloudwatch.CompositeAlarm(stack, 'Both', { alarmRule: cloudwatch.AlarmRule.fromBoolean(false) }),
        ),
      ],
    }));
    expect(flat(propertiesOf(template, 'AWS::CodeDeploy::DeploymentGroup').AlarmConfiguration.Alarms[0].Name)).toMatch(
      /Both/,
    );
  });
});

describe('fails when', () => {
  test.each([
    [
      'the threshold is below zero',
      { threshold: -1 },
      'threshold of LambdaErrorsAlarm must be greater than 0, got -1; ' +
        'the alarm fires at or above the threshold, so a threshold of 1 tolerates none',
    ],
    [
      'the threshold is zero, which is always reached',
      { threshold: 0 },
      'threshold of LambdaErrorsAlarm must be greater than 0, got 0; ' +
        'the alarm fires at or above the threshold, so a threshold of 1 tolerates none',
    ],
    [
      'CloudWatch has no such period',
      { period: Duration.seconds(45) },
      'period of LambdaErrorsAlarm must be 10, 20, or 30 seconds, or whole minutes up to a day, got 45 seconds; ' +
        'for example Duration.minutes(1)',
    ],
    [
      'the period is longer than a day',
      { period: Duration.days(2) },
      '10, 20, or 30 seconds, or whole minutes up to a day, got 2 days; ',
    ],
    [
      'there is no period to evaluate',
      { evaluationPeriods: 0 },
      'evaluationPeriods of LambdaErrorsAlarm must be an integer between 1 and 1440, got 0; ' +
        'use 1 or 2 to detect a bad version in time',
    ],
    [
      'more datapoints are required than the one period has',
      { datapointsToAlarm: 2 },
      'datapointsToAlarm of LambdaErrorsAlarm must be 1, got 2; use at most the number of evaluationPeriods',
    ],
    [
      'more datapoints are required than the periods have',
      { evaluationPeriods: 3, datapointsToAlarm: 4 },
      'datapointsToAlarm of LambdaErrorsAlarm must be an integer between 1 and 3, got 4; ' +
        'use at most the number of evaluationPeriods',
    ],
  ])('%s', (_, options, message) => {
    expect(() => DeploymentAlarm.errors(options)).toThrow(message);
  });

  test('the duration has both a threshold and a maximum', () => {
    expect(() => DeploymentAlarm.duration({ maximum: Duration.seconds(1), threshold: 5 })).toThrow(
      'threshold of DeploymentAlarm.duration must be omitted, got 5; set maximum, which has a unit',
    );
  });

  test('two alarms have the same kind', () => {
    expect(() =>
      pipelineWith({ alarms: [DeploymentAlarm.errors(), DeploymentAlarm.errors({ threshold: 5 })] }),
    ).toThrow(
      'alarms must be of different kinds, got two LambdaErrorsAlarm; ' +
        'create the second one yourself and add it with DeploymentAlarm.existing',
    );
  });

  test('an existing alarm is an object of the user that has no actions', () => {
    const stack = newStack();
    const { alarmArn, alarmName, node } = cloudwatch.Alarm.fromAlarmName(stack, 'Own', 'orders-late');
    const alarm = { alarmArn, alarmName, node, stack, env: stack.environment } as unknown as cloudwatch.IAlarm;
    expect(() => addPipeline({ alarms: [DeploymentAlarm.existing(alarm)] }, stack)).toThrow(
      'alarm of DeploymentAlarm.existing must be an alarm of the CDK: cloudwatch.Alarm, cloudwatch.CompositeAlarm, or an ' +
        'imported alarm, got Stack/Own, which has no addAlarmAction; import the alarm with cloudwatch.Alarm.fromAlarmArn',
    );
  });
});
