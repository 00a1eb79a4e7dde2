import { CloudWatchClient, GetMetricDataCommand, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { VersionAlarm } from '../../../../src/handlers/release/contract';
import { measure, MeasuredDeployment } from '../../../../src/handlers/release/version-alarms/measure';
import { inputsOf, settingsWith } from '../fixtures';

const cloudWatch = mockClient(CloudWatchClient);
const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 0, 5, 9, minute, second));

const ERROR_RATE: VersionAlarm = {
  name: 'ErrorRate',
  maximumPercent: 2,
  standardDeviations: 3,
  minimumFailures: 3,
  maximumRatio: 2,
  windowSeconds: 300,
  onInconclusive: 'PROCEED',
};
const SERVER_ERRORS: VersionAlarm = {
  ...ERROR_RATE,
  name: 'ServerErrors',
  failures: { namespace: 'Orders', metricName: 'ServerErrors', dimensions: {}, versionDimension: 'Version' },
};

/** A canary from 9:10 to 9:20, and the bake. */
const CANARY: MeasuredDeployment = {
  currentVersion: '2',
  targetVersion: '3',
  start: at(10, 20),
  shifted: at(20, 40),
  end: at(25, 30),
};

interface Value {
  readonly metric: string;
  /** The version, or `alias`. */
  readonly of: string;
  readonly minute: number;
  readonly value: number;
}

/** Makes CloudWatch return these values, in pages of one metric. */
function answerWith(values: Value[]): void {
  cloudWatch.reset();
  cloudWatch.on(GetMetricDataCommand).callsFake(async ({ MetricDataQueries, NextToken = '0' }) => {
    const index = Number(NextToken);
    const own = values.filter((value) => isOf(MetricDataQueries[index], value));
    return {
      MetricDataResults: [
        {
          Id: MetricDataQueries[index].Id,
          StatusCode: 'Complete',
          Timestamps: own.map(({ minute }) => at(minute)),
          Values: own.map(({ value }) => value),
        },
      ],
      NextToken: index + 1 < MetricDataQueries.length ? `${index + 1}` : undefined,
    };
  });
}

function isOf({ MetricStat }: MetricDataQuery, { metric, of }: Value): boolean {
  const { MetricName, Dimensions = [] } = MetricStat!.Metric!;
  const version = Dimensions.find(({ Name }) => Name === 'ExecutedVersion' || Name === 'Version')?.Value ?? 'alias';
  return MetricName === metric && version === of;
}

const invocations = (of: string, minute: number, value: number) => ({ metric: 'Invocations', of, minute, value });
const measured = (deployment = CANARY, alarms = [ERROR_RATE]) => measure(settingsWith(), alarms, deployment);

test('the new version has its own invocations until the last shift, and afterwards those of the alias', async () => {
  answerWith([
    invocations('3', 10, 1),
    invocations('3', 20, 10),
    invocations('alias', 20, 1000),
    invocations('alias', 21, 100),
    invocations('3', 21, 90),
  ]);
  const { target } = await measured();
  expect(target.invocations).toBe(111);
});

test('the invocations of the alias do not count in the minute in which the deployment ends', async () => {
  answerWith([invocations('alias', 24, 1), invocations('alias', 25, 1000)]);
  const { target } = await measured();
  expect(target.invocations).toBe(1);
});

test('the current version counts in the minutes in which both versions had traffic', async () => {
  answerWith([
    invocations('2', 10, 1000),
    invocations('2', 11, 1),
    invocations('2', 19, 10),
    invocations('2', 20, 1000),
  ]);
  const { current } = await measured();
  expect(current.invocations).toBe(11);
});

test('the alias before the shift is measured for the message', async () => {
  answerWith([invocations('alias', 6, 5), invocations('alias', 10, 1000)]);
  const { before } = await measured();
  expect(before.invocations).toBe(5);
});

test('a release of a version that was live before ignores its earlier invocations', async () => {
  answerWith([invocations('3', 8, 1000), invocations('3', 12, 1)]);
  const { target } = await measured();
  expect(target.invocations).toBe(1);
});

test('while the traffic shifts, only the metrics by version count', async () => {
  answerWith([invocations('3', 12, 1), invocations('2', 12, 9), invocations('alias', 12, 10)]);
  const { target, current } = await measured({ ...CANARY, shifted: undefined, end: at(15) });
  expect([target.invocations, current.invocations]).toEqual([1, 9]);
});

test('errors and durations belong to the traffic', async () => {
  answerWith([
    { metric: 'Errors', of: '3', minute: 12, value: 2 },
    { metric: 'Duration', of: '3', minute: 12, value: 80 },
  ]);
  expect((await measured()).target).toEqual({ invocations: 0, errors: 2, milliseconds: 80 });
});

test('a metric of the user counts by version in the bake too', async () => {
  answerWith([
    invocations('alias', 22, 10),
    { metric: 'ServerErrors', of: '3', minute: 22, value: 4 },
    { metric: 'ServerErrors', of: '2', minute: 12, value: 1 },
    invocations('2', 12, 50),
  ]);
  const { counts } = await measured(CANARY, [SERVER_ERRORS]);
  expect(counts).toEqual([{ target: { total: 10, failures: 4 }, current: { total: 50, failures: 1 } }]);
});

test('there are never more failures than invocations', async () => {
  answerWith([invocations('3', 12, 1), { metric: 'Errors', of: '3', minute: 12, value: 2 }]);
  const { counts } = await measured();
  expect(counts[0].target).toEqual({ total: 1, failures: 1 });
});

test('asks for whole minutes, starting before the shift', async () => {
  answerWith([]);
  await measured();
  const [{ StartTime, EndTime, MetricDataQueries }] = inputsOf(cloudWatch, GetMetricDataCommand);
  expect([StartTime, EndTime]).toEqual([at(5), at(26)]);
  expect(MetricDataQueries[0].MetricStat.Period).toBe(60);
});

test('a metric that CloudWatch could not read is an error, not a metric without data', async () => {
  cloudWatch.reset();
  cloudWatch.on(GetMetricDataCommand).resolves({
    MetricDataResults: [{ Id: 'm0', StatusCode: 'InternalError', Messages: [{ Value: 'try again' }] }],
  });
  await expect(measured()).rejects.toThrow('CloudWatch could not read a metric: try again. Retry the stage.');
});

test('a metric without a reason is named by its status', async () => {
  cloudWatch.reset();
  cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Id: 'm0', StatusCode: 'Forbidden' }] });
  await expect(measured()).rejects.toThrow('CloudWatch could not read a metric: Forbidden.');
});
