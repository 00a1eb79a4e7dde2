import { Duration } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import { DeploymentAlarm, DeploymentConfig, LambdaCiCdPipelineProps } from '../../src';
import { pipelineWith } from '../support/stacks';

const minutes = Duration.minutes;
const canary = DeploymentConfig.canary({ percentage: 10, interval: minutes(10) });
const periods = (evaluationPeriods: number, datapointsToAlarm?: number) => [
  DeploymentAlarm.errors({ evaluationPeriods, datapointsToAlarm }),
];

test.each<[string, Partial<LambdaCiCdPipelineProps>, string]>([
  ['the bake time', { alarms: periods(5) }, '5 minutes, got 5 minutes'],
  ['a canary', { alarms: periods(10), deploymentConfig: canary }, '10 minutes, got 10 minutes'],
  [
    'the bake time of an existing configuration',
    {
      alarms: periods(5),
      deploymentConfig: DeploymentConfig.existing(codedeploy.LambdaDeploymentConfig.ALL_AT_ONCE),
    },
    '5 minutes, got 5 minutes',
  ],
])('fails when an alarm needs as long as %s', (_, props, end) => {
  expect(() => pipelineWith(props)).toThrow(
    'period × evaluationPeriods of LambdaErrorsAlarm must be shorter than the bake time or the traffic shift, ' +
      `${end}; use a shorter period, fewer evaluationPeriods, or a longer bakeTime`,
  );
});

test.each<[string, Partial<LambdaCiCdPipelineProps>]>([
  ['is shorter than the bake time', { alarms: periods(4) }],
  ['needs only some of its periods', { alarms: periods(10, 2) }],
  ['fires during a canary', { alarms: periods(9), deploymentConfig: canary, bakeTime: minutes(0) }],
  [
    'fires during a linear shift',
    {
      alarms: periods(29),
      deploymentConfig: DeploymentConfig.linear({ percentage: 25, interval: minutes(10) }),
    },
  ],
])('an alarm may be used that %s', (_, props) => {
  expect(() => pipelineWith(props)).not.toThrow();
});

test('fails without a bake time when all traffic shifts together', () => {
  expect(() => pipelineWith({ bakeTime: minutes(0) })).toThrow(
    'bakeTime must be longer than 0 if all traffic shifts together, because alarms cannot stop a deployment that has ' +
      'ended, got 0 minutes; use a longer bakeTime, a linear or canary deploymentConfig, or alarms: []',
  );
});

test('warns about an existing alarm that needs too long', () => {
  const { stack } = pipelineWith((scope) => ({
    alarms: [
      DeploymentAlarm.existing(
        new cloudwatch.Alarm(scope, 'Slow', {
          metric: new cloudwatch.Metric({ namespace: 'Acme', metricName: 'Failures', period: minutes(5) }),
          threshold: 1,
          evaluationPeriods: 3,
        }),
      ),
    ],
  }));
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('the alarm Stack/Slow needs 15 minutes of data'));
});

test.each([['a created function', {}, '3 seconds']])(
  'fails when the duration is longer than the timeout of %s',
  (_, props, timeout) => {
    const alarms = [DeploymentAlarm.duration({ maximum: Duration.seconds(4) })];
    expect(() => pipelineWith({ ...props, alarms })).toThrow(
      `maximum of DeploymentAlarm.duration must be at most the timeout of the function, ${timeout}, got 4 seconds; ` +
        'use a shorter maximum, or a longer timeout of the function',
    );
  },
);

test('fails when two alarms are the same', () => {
  expect(() =>
    pipelineWith((stack) => {
      const alarm = DeploymentAlarm.existing(cloudwatch.Alarm.fromAlarmName(stack, 'Own', 'own'));
      return { alarms: [alarm, alarm] };
    }),
  ).toThrow('alarms must be a list without duplicates, got Stack/Own twice; remove one of the two');
});
