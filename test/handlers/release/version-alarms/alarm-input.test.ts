import { VersionAlarm } from '../../../../src/handlers/release/contract';
import { versionAlarmInput } from '../../../../src/handlers/release/version-alarms/alarm-input';
import { settingsWith } from '../fixtures';

const ALARM: VersionAlarm = {
  name: 'ErrorRate',
  maximumPercent: 2,
  standardDeviations: 3,
  minimumFailures: 3,
  maximumRatio: 2,
  windowSeconds: 300,
  onInconclusive: 'PROCEED',
};
const DEPLOYMENT = { jobId: '1a2b3c4d-0000', currentVersion: '11', targetVersion: '12' };
const inputOf = (alarm: Partial<VersionAlarm> = {}) =>
  versionAlarmInput(settingsWith(), { ...ALARM, ...alarm }, DEPLOYMENT);
const queryOf = (id: string, alarm: Partial<VersionAlarm> = {}) =>
  inputOf(alarm).Metrics!.find(({ Id }) => Id === id)?.MetricStat;

test('the name has the project, the version and the job', () => {
  expect(inputOf().AlarmName).toBe('inventory-NewVersion-12-ErrorRate-1a2b3c4d');
});

test('the metrics have the three dimensions with which Lambda counts by version', () => {
  expect(queryOf('totalKnown')).toEqual({
    Metric: {
      Namespace: 'AWS/Lambda',
      MetricName: 'Invocations',
      Dimensions: [
        { Name: 'FunctionName', Value: 'inventory-allocation' },
        { Name: 'Resource', Value: 'inventory-allocation:live' },
        { Name: 'ExecutedVersion', Value: '12' },
      ],
    },
    Stat: 'Sum',
    Period: 300,
  });
  expect(queryOf('currentFailuresKnown')!.Metric).toMatchObject({
    MetricName: 'Errors',
    Dimensions: expect.arrayContaining([{ Name: 'ExecutedVersion', Value: '11' }]),
  });
});

test('one expression returns the data, and one red evaluation is enough', () => {
  const input = inputOf();
  expect(input.Metrics!.filter(({ ReturnData }) => ReturnData).map(({ Id }) => Id)).toEqual(['worse']);
  expect(input).toMatchObject({ Threshold: 1, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' });
});

test('the alarm has no actions', () => {
  expect(Object.keys(inputOf()).filter((key) => key.endsWith('Actions'))).toEqual([]);
});

test('without a comparison, the alarm reads the new version only', () => {
  const ids = inputOf({ maximumRatio: undefined }).Metrics!.map(({ Id }) => Id);
  expect(ids).toEqual(['totalKnown', 'failuresKnown', 'total', 'failures', 'worse']);
});

test('a slow invocation counts by the duration', () => {
  expect(queryOf('failuresKnown', { slowMilliseconds: 1500 })).toMatchObject({
    Metric: { MetricName: 'Duration' },
    Stat: 'TC(1500:)',
  });
});

test('a metric of the user has the number of the version in its dimension', () => {
  const metric = (metricName: string) => ({
    namespace: 'Inventory',
    metricName,
    dimensions: { Service: 'orders' },
    versionDimension: 'Version',
  });
  const alarm = { failures: metric('ServerErrors'), total: metric('Requests') };
  const Dimensions = [
    { Name: 'Service', Value: 'orders' },
    { Name: 'Version', Value: '12' },
  ];
  expect(queryOf('failuresKnown', alarm)).toMatchObject({
    Metric: { Namespace: 'Inventory', MetricName: 'ServerErrors', Dimensions },
    Stat: 'Sum',
  });
  expect(queryOf('totalKnown', alarm)!.Metric).toMatchObject({ MetricName: 'Requests', Dimensions });
});

test('all numbers are options', () => {
  const rule = inputOf({ maximumPercent: 0.5, standardDeviations: 2, minimumFailures: 7, maximumRatio: 1.5 });
  expect(rule.Metrics!.at(-1)!.Expression).toBe(
    'IF((failures >= 7) AND ((failures - 0.005 * total) > 0) AND ' +
      '((failures - 0.005 * total) * (failures - 0.005 * total) > 0.0199 * total) AND (currentTotal > 0) AND ' +
      '((failures * currentTotal - currentFailures * total) * (failures * currentTotal - currentFailures * total) >= ' +
      '4 * total * currentFailures * (currentTotal - currentFailures)) AND ' +
      '(failures * currentTotal >= 1.5 * currentFailures * total), 1, 0)',
  );
});
