import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DeploymentAlarm, LambdaCiCdPipeline } from '../../../../src';
import { MINIMAL, newStack } from '../../../support/stacks';
import { allow, StandIn } from '../../support/stand-in';

jest.setTimeout(120_000);

/** The factories that create an alarm. A new factory is in this list without a change here. */
const KINDS = Object.getOwnPropertyNames(DeploymentAlarm).filter(
  (name) => !['length', 'name', 'prototype', 'existing'].includes(name),
);

/** The properties of the alarm that a factory creates, with a value for each dimension. */
function alarmOf(kind: string): Record<string, unknown> {
  const factory = DeploymentAlarm[kind as 'duration'];
  const stack = newStack();
  new LambdaCiCdPipeline(stack, 'Pipeline', { ...MINIMAL, alarms: [factory({ maximum: Duration.seconds(1) })] });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  const Dimensions = (Properties.Dimensions ?? []).map(({ Name }: { Name: string }) => ({ Name, Value: 'orders' }));
  return { ...Properties, Dimensions };
}

test('the list of the kinds is not empty', () => {
  expect(KINDS).toEqual(expect.arrayContaining(['errors', 'throttles', 'duration']));
});

test.each(KINDS)('the rehearsal supports the metric of DeploymentAlarm.%s', async (kind) => {
  const standIn = await StandIn.start();
  try {
    standIn.account.cloudWatch.addAlarm('kind', alarmOf(kind) as any);
    const client = new CloudWatchClient(standIn.config(standIn.caller([allow('cloudwatch:DescribeAlarms')])));
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['kind'] }));
    expect(MetricAlarms![0].StateValue).toBe('OK');
  } finally {
    await standIn.stop();
  }
});
