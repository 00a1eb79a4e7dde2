import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { VersionAlarm } from '../../../../src/handlers/release/contract';
import {
  createVersionAlarms,
  deleteVersionAlarms,
} from '../../../../src/handlers/release/version-alarms/version-alarms';
import { awsError, inputsOf, settingsWith } from '../fixtures';

const cloudWatch = mockClient(CloudWatchClient);
const ALARM: VersionAlarm = {
  name: 'ErrorRate',
  maximumPercent: 2,
  standardDeviations: 3,
  minimumFailures: 3,
  maximumRatio: 2,
  windowSeconds: 300,
  onInconclusive: 'PROCEED',
};
const settings = settingsWith({ VERSION_ALARMS: JSON.stringify([ALARM, { ...ALARM, name: 'Latency' }]) });
const DEPLOYMENT = { jobId: '1a2b3c4d-0000', currentVersion: '11', targetVersion: '12', isAllAtOnce: false };
const NAMES = ['inventory-NewVersion-12-ErrorRate-1a2b3c4d', 'inventory-NewVersion-12-Latency-1a2b3c4d'];

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation();
  cloudWatch.reset();
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [] });
});

const deleted = () => inputsOf(cloudWatch, DeleteAlarmsCommand).map(({ AlarmNames }) => AlarmNames);

test('creates the alarms of a deployment, and returns their names', async () => {
  await expect(createVersionAlarms(settings, DEPLOYMENT)).resolves.toEqual(NAMES);
  expect(inputsOf(cloudWatch, PutMetricAlarmCommand).map(({ AlarmName }) => AlarmName)).toEqual(NAMES);
  expect(deleted()).toEqual([]);
});

test('does not compare the versions when all traffic shifts in one step', async () => {
  await createVersionAlarms(settings, { ...DEPLOYMENT, isAllAtOnce: true });
  const [{ Metrics }] = inputsOf(cloudWatch, PutMetricAlarmCommand);
  expect(JSON.stringify(Metrics)).not.toContain('currentTotal');
});

test('deletes the alarms of a run that ended halfway, and not its own', async () => {
  cloudWatch
    .on(DescribeAlarmsCommand)
    .resolvesOnce({ MetricAlarms: [{ AlarmName: 'inventory-NewVersion-11-ErrorRate-0' }], NextToken: 'next' })
    .resolvesOnce({ MetricAlarms: [{ AlarmName: NAMES[0] }] });
  await createVersionAlarms(settings, DEPLOYMENT);
  expect(inputsOf(cloudWatch, DescribeAlarmsCommand)[0]).toMatchObject({ AlarmNamePrefix: 'inventory-NewVersion-' });
  expect(deleted()).toEqual([['inventory-NewVersion-11-ErrorRate-0']]);
});

test('deletes at most a hundred alarms with one call', async () => {
  const MetricAlarms = Array.from({ length: 101 }, (_, index) => ({ AlarmName: `inventory-NewVersion-1-A-${index}` }));
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms });
  await createVersionAlarms(settings, DEPLOYMENT);
  expect(deleted().map((names) => names.length)).toEqual([100, 1]);
});

test('old alarms that cannot be deleted do not prevent a release', async () => {
  cloudWatch.on(DescribeAlarmsCommand).rejects(awsError('InternalServiceFault'));
  await expect(createVersionAlarms(settings, DEPLOYMENT)).resolves.toEqual(NAMES);
});

test('deletes the version alarms of a deployment, and not the alarms of the group', async () => {
  const alarms = [{ name: 'inventory-LambdaErrorsAlarm' }, { name: NAMES[0] }];
  await deleteVersionAlarms(settings, { overrideAlarmConfiguration: { alarms } });
  expect(deleted()).toEqual([[NAMES[0]]]);
});

test('a deletion that fails does not fail a release', async () => {
  cloudWatch.on(DeleteAlarmsCommand).rejects(awsError('ResourceNotFound'));
  await expect(
    deleteVersionAlarms(settings, { overrideAlarmConfiguration: { alarms: [{ name: NAMES[0] }] } }),
  ).resolves.toBeUndefined();
});

test('a deployment without an override has no version alarms', async () => {
  await deleteVersionAlarms(settings, {});
  expect(deleted()).toEqual([]);
});
