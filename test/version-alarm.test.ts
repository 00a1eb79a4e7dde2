import { CfnParameter, Duration, Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  DeploymentAlarm,
  DeploymentConfig,
  InconclusiveAction,
  LambdaCiCdPipelineProps,
  TargetFunction,
  VersionAlarmOptions,
} from '../src';
import { newStack, pipelineWith } from './support/stacks';
import { flat, propertiesOf, releaseFunctionOf, statementsOf } from './support/template-queries';

const CANARY = DeploymentConfig.canary({ percentage: 10, interval: Duration.minutes(10) });
const FAILURES = new cloudwatch.Metric({ namespace: 'Orders', metricName: 'Server errors' });

const templateWith = (props: Partial<LambdaCiCdPipelineProps>) => pipelineWith(props).template;
const environmentOf = (template: Template) => releaseFunctionOf(template).Environment.Variables;
const versionAlarms = (...alarms: DeploymentAlarm[]) =>
  JSON.parse(environmentOf(templateWith({ alarms, deploymentConfig: CANARY })).VERSION_ALARMS);
const errorRate = (options: VersionAlarmOptions) => versionAlarms(DeploymentAlarm.errorRate(options))[0];
const actionsOn = (template: Template, prefix: string) =>
  statementsOf(template, 'PipelineReleaseFunctionServiceRole')
    .filter(({ Action }) => flat(Action).includes(prefix))
    .map(({ Action, Resource }) => [[Action].flat(), flat(Resource)]);

describe('a version alarm', () => {
  test('has these defaults', () => {
    expect(errorRate({})).toEqual({
      name: 'ErrorRate',
      maximumPercent: 2,
      standardDeviations: 3,
      minimumFailures: 3,
      maximumRatio: 2,
      windowSeconds: 300,
      onInconclusive: 'PROCEED',
    });
  });

  test.each<[string, VersionAlarmOptions, object]>([
    ['maximumPercent', { maximumPercent: 0.5 }, { maximumPercent: 0.5 }],
    ['maximumRatio', { maximumRatio: 1.5 }, { maximumRatio: 1.5 }],
    ['minimumFailures', { minimumFailures: 5 }, { minimumFailures: 5 }],
    ['standardDeviations', { standardDeviations: 2 }, { standardDeviations: 2 }],
    ['minimumInvocations', { minimumInvocations: 20 }, { minimumInvocations: 20 }],
    ['window', { window: Duration.minutes(3) }, { windowSeconds: 180 }],
    ['onInconclusive', { onInconclusive: InconclusiveAction.ROLL_BACK }, { onInconclusive: 'ROLL_BACK' }],
  ])('takes %s', (_, options, expected) => {
    expect(errorRate(options)).toMatchObject(expected);
  });

  test('does not compare the versions if the user does not want that', () => {
    expect(errorRate({ compareVersions: false })).not.toHaveProperty('maximumRatio');
  });

  test('does not compare the versions when all traffic shifts in one step', () => {
    const [alarm] = JSON.parse(environmentOf(templateWith({ alarms: [DeploymentAlarm.errorRate()] })).VERSION_ALARMS);
    expect(alarm).not.toHaveProperty('maximumRatio');
  });

  test('counts slow invocations for the latency, 5% of them at most', () => {
    expect(versionAlarms(DeploymentAlarm.latency({ maximum: Duration.millis(1500) }))[0]).toMatchObject({
      name: 'Latency',
      maximumPercent: 5,
      slowMilliseconds: 1500,
    });
  });

  test('reads a metric of the user by version', () => {
    const total = new cloudwatch.Metric({ namespace: 'Orders', metricName: 'Calls', dimensionsMap: { Api: 'v1' } });
    expect(versionAlarms(DeploymentAlarm.versionMetric({ failures: FAILURES, total }))[0]).toMatchObject({
      name: 'Servererrors',
      maximumPercent: 2,
      failures: {
        namespace: 'Orders',
        metricName: 'Server errors',
        dimensions: {},
        versionDimension: 'FunctionVersion',
      },
      total: { metricName: 'Calls', dimensions: { Api: 'v1' } },
    });
  });

  test('takes the name of the dimension with the version', () => {
    const [alarm] = versionAlarms(DeploymentAlarm.versionMetric({ failures: FAILURES, versionDimension: 'Version' }));
    expect(alarm.failures.versionDimension).toBe('Version');
  });

  test('creates no alarm in the stack', () => {
    const { template, pipeline } = pipelineWith({ alarms: [DeploymentAlarm.errorRate()] });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    expect(pipeline.alarms).toEqual([]);
  });

  test('rolls back, although the deployment group has no alarm', () => {
    const template = templateWith({ alarms: [DeploymentAlarm.errorRate()] });
    expect(propertiesOf(template, 'AWS::CodeDeploy::DeploymentGroup')).toMatchObject({
      AlarmConfiguration: { Enabled: false },
      AutoRollbackConfiguration: { Events: expect.arrayContaining(['DEPLOYMENT_STOP_ON_ALARM']) },
    });
    expect(JSON.stringify(statementsOf(template, 'PipelineCodeDeployServiceRole'))).toContain('DescribeAlarms');
  });

  test('lets the release function write alarms of its own names only', () => {
    expect(actionsOn(templateWith({ alarms: [DeploymentAlarm.errorRate()] }), 'cloudwatch:PutMetricAlarm')).toEqual([
      [
        ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
        'arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:inventory-allocation-NewVersion-*',
      ],
    ]);
  });

  test('takes a token', () => {
    const stack = newStack();
    const maximumPercent = new CfnParameter(stack, 'Maximum', { type: 'Number' }).valueAsNumber;
    const alarms = [
      DeploymentAlarm.errorRate({ maximumPercent, window: Duration.seconds(Lazy.number({ produce: () => 300 })) }),
    ];
    const { template } = pipelineWith({ alarms }, stack);
    expect(JSON.stringify(environmentOf(template).VERSION_ALARMS)).toContain('{"Ref":"Maximum"}');
  });
});

describe('without a version alarm', () => {
  const template = templateWith({});

  test('the release function has no permission for metrics and alarms but to read the alarms', () => {
    expect(actionsOn(template, 'cloudwatch:')).toEqual([[['cloudwatch:DescribeAlarms'], '*']]);
  });

  test('the release function has no such variable', () => {
    expect(environmentOf(template)).not.toHaveProperty('VERSION_ALARMS');
  });

  test('the bake takes 5 minutes', () => {
    expect(environmentOf(template).BAKE_TIME_SECONDS).toBe('300');
  });
});

describe('the bake', () => {
  const seconds = (...alarms: DeploymentAlarm[]) => environmentOf(templateWith({ alarms })).BAKE_TIME_SECONDS;

  test('is by default a minute longer than window and delay', () => {
    expect(seconds(DeploymentAlarm.errorRate())).toBe('480');
    expect(seconds(DeploymentAlarm.errorRate({ delay: Duration.minutes(4) }))).toBe('600');
  });

  test('is not shorter than without a version alarm', () => {
    expect(seconds(DeploymentAlarm.errorRate({ window: Duration.minutes(1) }))).toBe('300');
  });

  test.each([5, 7])('is refused if it takes %d minutes, and window and delay take 7', (minutes) => {
    const props = {
      alarms: [DeploymentAlarm.errorRate()],
      bakeTime: Duration.minutes(minutes),
      deploymentConfig: CANARY,
    };
    expect(() => pipelineWith(props)).toThrow(
      `bakeTime must be longer than window and delay of ErrorRate together, 7 minutes, got ${minutes} minutes; ` +
        'use a longer bakeTime, or omit it; or use a shorter window',
    );
  });
});

describe('refuses', () => {
  test.each<[string, () => DeploymentAlarm, string]>([
    [
      '0%',
      () => DeploymentAlarm.errorRate({ maximumPercent: 0 }),
      'maximumPercent of DeploymentAlarm.errorRate must be greater than 0 and less than 100, got 0; omit it to use the default',
    ],
    [
      '100%',
      () => DeploymentAlarm.latency({ maximum: Duration.seconds(1), maximumPercent: 100 }),
      'maximumPercent of DeploymentAlarm.latency must be greater than 0 and less than 100, got 100',
    ],
    [
      'a ratio below 1',
      () => DeploymentAlarm.errorRate({ maximumRatio: 0.5 }),
      'maximumRatio of DeploymentAlarm.errorRate must be at least 1, got 0.5',
    ],
    [
      'too many standard deviations',
      () => DeploymentAlarm.errorRate({ standardDeviations: 7 }),
      'standardDeviations of DeploymentAlarm.errorRate must be between 1 and 6, got 7',
    ],
    [
      'half a failure',
      () => DeploymentAlarm.errorRate({ minimumFailures: 0.5 }),
      'minimumFailures of DeploymentAlarm.errorRate must be an integer between 1 and',
    ],
    [
      'no invocations',
      () => DeploymentAlarm.errorRate({ minimumInvocations: 0 }),
      'minimumInvocations of DeploymentAlarm.errorRate must be an integer between 1 and',
    ],
    [
      'a ratio without a comparison',
      () => DeploymentAlarm.errorRate({ compareVersions: false, maximumRatio: 2 }),
      'maximumRatio of DeploymentAlarm.errorRate must be omitted when compareVersions is false, got 2; remove one of the two',
    ],
    [
      'a window of seconds',
      () => DeploymentAlarm.errorRate({ window: Duration.seconds(90) }),
      "window of DeploymentAlarm.errorRate must be whole minutes, because Lambda's metrics have a value for each minute, got 1 minute 30 seconds",
    ],
    [
      'a long window',
      () => DeploymentAlarm.errorRate({ window: Duration.minutes(11) }),
      'window of DeploymentAlarm.errorRate must be between 1 minute and 10 minutes',
    ],
    [
      'a long delay',
      () => DeploymentAlarm.errorRate({ delay: Duration.minutes(11) }),
      'delay of DeploymentAlarm.errorRate must be between 0 minutes and 10 minutes',
    ],
    [
      'a metric that already has a version',
      () => DeploymentAlarm.versionMetric({ failures: FAILURES.with({ dimensionsMap: { FunctionVersion: '3' } }) }),
      'failures of DeploymentAlarm.versionMetric must be without the dimension FunctionVersion',
    ],
  ])('%s', (_, create, message) => {
    expect(create).toThrow(message);
  });

  test('two alarms of the same kind', () => {
    const alarms = [DeploymentAlarm.errorRate(), DeploymentAlarm.errorRate({ maximumPercent: 5 })];
    expect(() => pipelineWith({ alarms })).toThrow('alarms must be of different kinds, got two ErrorRate;');
  });

  test('more than ten alarms of both kinds', () => {
    const alarms = Array.from({ length: 9 }, (_, index) =>
      DeploymentAlarm.versionMetric({
        failures: new cloudwatch.Metric({ namespace: 'Orders', metricName: `E${index}` }),
      }),
    );
    const all = [DeploymentAlarm.errors(), DeploymentAlarm.throttles(), ...alarms];
    expect(() => pipelineWith({ alarms: all })).toThrow("at most 10 alarms (CodeDeploy's limit), got 11 alarms");
  });

  test('a latency above the timeout of the function', () => {
    const targetFunction = TargetFunction.create({
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: 'app.handler',
      timeout: Duration.seconds(3),
    });
    const alarms = [DeploymentAlarm.latency({ maximum: Duration.seconds(4) })];
    expect(() => pipelineWith({ alarms, targetFunction })).toThrow(
      'maximum of DeploymentAlarm.latency must be at most the timeout of the function, 3 seconds, got 4 seconds',
    );
  });
});
