import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { DeploymentAlarm } from '../../../src';
import { handlerFile, pipelineApp, Rehearsed } from '../support/run';

jest.setTimeout(60_000);

const FAILS = 'exports.handler = async () => { throw new Error("broken"); };';

test('a composite alarm stops a deployment like the alarms that it contains', async () => {
  const assembly = pipelineApp((stack) => {
    const errors = new cloudwatch.Alarm(stack, 'Errors', {
      alarmName: 'errors',
      metric: new cloudwatch.Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Errors',
        statistic: 'Sum',
        dimensionsMap: { FunctionName: 'orders' },
      }),
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const health = new cloudwatch.CompositeAlarm(stack, 'Health', {
      compositeAlarmName: 'health',
      alarmRule: cloudwatch.AlarmRule.fromAlarm(errors, cloudwatch.AlarmState.ALARM),
    });
    return { alarms: [DeploymentAlarm.existing(health)] };
  });
  const account = new Rehearsed();
  expect((await account.push(assembly, { 'index.js': handlerFile(1) })).status).toBe('Succeeded');
  const bad = await account.push(assembly, { 'index.js': FAILS });
  expect(bad.status).toBe('Failed');
  expect(bad.cause).toMatch(/stopped by an alarm.*health/s);
  expect(bad.alias?.version).toBe('2');
});
