import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { DeploymentAlarm, LambdaCiCdPipeline } from '../../../../src';
import { readSettings } from '../../../../src/handlers/release/base/settings';
import { versionAlarmInput } from '../../../../src/handlers/release/version-alarms/alarm-input';
import { ENVIRONMENT_VARIABLES } from '../../../handlers/release/fixtures';
import { MINIMAL, newStack } from '../../../support/stacks';
import { allow, StandIn } from '../../support/stand-in';

jest.setTimeout(120_000);

/** The factories that create an alarm. A new factory is in this list without a change here. */
const KINDS = Object.getOwnPropertyNames(DeploymentAlarm).filter(
  (name) => !['length', 'name', 'prototype', 'existing'].includes(name),
);

/** The options that a factory requires. */
const REQUIRED: Record<string, () => object> = {
  duration: () => ({ maximum: Duration.seconds(1) }),
  latency: () => ({ maximum: Duration.seconds(1) }),
  versionMetric: () => ({ failures: new cloudwatch.Metric({ namespace: 'Orders', metricName: 'ServerErrors' }) }),
};

/** The stack with the alarm that a factory creates, and the alarm with a value for each dimension. */
function alarmOf(kind: string): Record<string, unknown> {
  const factory = DeploymentAlarm[kind as 'versionMetric'] as (options: object) => DeploymentAlarm;
  const stack = newStack();
  const alarms = [factory(REQUIRED[kind]?.() ?? {})];
  new LambdaCiCdPipeline(stack, 'Pipeline', { ...MINIMAL, alarms });
  const [alarm] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  const properties = alarm ? alarm.Properties : versionAlarm(Template.fromStack(stack));
  const Dimensions = (properties.Dimensions ?? []).map(({ Name }: { Name: string }) => ({ Name, Value: 'orders' }));
  return { ...properties, Dimensions };
}

/** The alarm that the release function would create for a deployment. */
function versionAlarm(template: Template): Record<string, unknown> {
  const [{ VERSION_ALARMS }] = Object.values(template.findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties.Environment?.Variables ?? {})
    .filter((variables) => variables.VERSION_ALARMS);
  const settings = readSettings({ ...ENVIRONMENT_VARIABLES, VERSION_ALARMS });
  const versions = { jobId: '11111111', currentVersion: '1', targetVersion: '2' };
  return { ...versionAlarmInput(settings, settings.versionAlarms[0], versions) };
}

test('the list of the kinds is not empty', () => {
  expect(KINDS).toEqual(expect.arrayContaining(['errors', 'throttles', 'duration', 'errorRate', 'latency']));
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
