import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutMetricAlarmCommand,
  PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { readEmbeddedMetrics } from '../../../../rehearsal/account/cloudwatch/embedded-metrics';
import { allow, StandIn } from '../../support/stand-in';

const MINUTE = 60_000;
const ALARM: PutMetricAlarmCommandInput = {
  AlarmName: 'own-errors',
  Namespace: 'AWS/Lambda',
  MetricName: 'Errors',
  Statistic: 'Sum',
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
  Dimensions: [{ Name: 'FunctionName', Value: 'orders' }],
};

let standIn: StandIn;
let client: CloudWatchClient;

beforeEach(async () => {
  standIn = await StandIn.start();
  const caller = standIn.caller([
    allow('cloudwatch:DescribeAlarms'),
    allow('cloudwatch:PutMetricAlarm', 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:own-*'),
    allow('cloudwatch:DeleteAlarms', 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:own-*'),
    allow('cloudwatch:GetMetricData'),
  ]);
  client = new CloudWatchClient(standIn.config(caller));
});

afterEach(() => standIn.stop());

function sample(minutesAgo: number): void {
  const called = { functionName: 'orders', resource: 'orders:live', version: '1', durationMs: 40, error: true };
  standIn.account.state.samples.push({ ...called, time: standIn.account.clock.now() - minutesAgo * MINUTE + 1000 });
}

const namesWith = async (AlarmNamePrefix: string) =>
  (await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix }))).MetricAlarms!.map(({ AlarmName }) => AlarmName);

test('an alarm of a caller is evaluated like one of a template, and can be deleted', async () => {
  sample(2);
  await client.send(new PutMetricAlarmCommand(ALARM));
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'own-' }));
  expect(MetricAlarms).toMatchObject([{ AlarmName: 'own-errors', StateValue: 'ALARM' }]);
  expect(await namesWith('other-')).toEqual([]);
  await client.send(new DeleteAlarmsCommand({ AlarmNames: ['own-errors'] }));
  expect(await namesWith('own-')).toEqual([]);
});

test('a period of several minutes slides from minute to minute', async () => {
  sample(5);
  await client.send(new PutMetricAlarmCommand(ALARM));
  const state = async () => (await client.send(new DescribeAlarmsCommand({}))).MetricAlarms![0].StateValue;
  expect(await state()).toBe('ALARM');
  await standIn.later(MINUTE);
  expect(await state()).toBe('OK');
});

test('deletes the known alarms, and fails because of the unknown ones', async () => {
  await client.send(new PutMetricAlarmCommand(ALARM));
  const AlarmNames = ['own-errors', 'own-unknown'];
  await expect(client.send(new DeleteAlarmsCommand({ AlarmNames }))).rejects.toThrow('Unknown alarms: own-unknown');
  expect(await namesWith('own-')).toEqual([]);
});

test('a caller may write only the alarms that its policy names', async () => {
  await expect(client.send(new PutMetricAlarmCommand({ ...ALARM, AlarmName: 'other' }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

test('one metric or expression of an alarm returns data', async () => {
  const { AlarmName, EvaluationPeriods, Threshold, ComparisonOperator } = ALARM;
  const Metrics = ['a', 'b'].map((Id) => ({ Id, Expression: '1' }));
  const input = { AlarmName, EvaluationPeriods, Threshold, ComparisonOperator, Metrics };
  await expect(client.send(new PutMetricAlarmCommand(input))).rejects.toThrow('Exactly one element');
});

describe('GetMetricData', () => {
  const query = (Stat: string) => ({
    Id: 'm0',
    MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName: 'Duration' }, Period: 60, Stat },
  });
  const range = (minutes: number) => {
    const now = standIn.account.clock.now();
    return { StartTime: new Date(now - minutes * MINUTE), EndTime: new Date(now + MINUTE) };
  };

  test('returns the minutes that have data', async () => {
    [2, 2, 4].forEach(sample);
    const now = standIn.account.clock.now();
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({ ...range(5), MetricDataQueries: [query('Sum')] }),
    );
    expect(MetricDataResults).toMatchObject([
      {
        Id: 'm0',
        StatusCode: 'Complete',
        Values: [40, 80],
        Timestamps: [4, 2].map((ago) => new Date(now - ago * MINUTE)),
      },
    ]);
  });

  test.each([
    ['an expression', { MetricDataQueries: [{ Id: 'e0', Expression: '1 + 1' }] }],
    ['another order', { MetricDataQueries: [], ScanBy: 'TimestampAscending' as const }],
  ])('is not rehearsed with %s', async (_, input) => {
    await expect(client.send(new GetMetricDataCommand({ ...range(1), ...input }))).rejects.toThrow(
      'not rehearsed: GetMetricData with',
    );
  });

  test('does not know the metrics of other services', async () => {
    const { MetricStat, Id } = query('Sum');
    const MetricDataQueries = [
      { Id, MetricStat: { ...MetricStat, Metric: { Namespace: 'AWS/SQS', MetricName: 'NumberOfMessagesSent' } } },
    ];
    await expect(client.send(new GetMetricDataCommand({ ...range(1), MetricDataQueries }))).rejects.toThrow(
      'not rehearsed: the metric AWS/SQS NumberOfMessagesSent',
    );
  });
});

test('an alarm without a statistic is not rehearsed', async () => {
  sample(1);
  const { Statistic, ...rest } = ALARM;
  await client.send(new PutMetricAlarmCommand(rest));
  await expect(client.send(new DescribeAlarmsCommand({}))).rejects.toThrow(
    'not rehearsed: a metric without a statistic',
  );
});

describe('embedded metrics', () => {
  const line = (dimensions: string[][] | undefined, rest: object) =>
    JSON.stringify({
      _aws: { CloudWatchMetrics: [{ Namespace: 'Orders', Dimensions: dimensions, Metrics: [{ Name: 'Failures' }] }] },
      ...rest,
    });

  test('have a value for each set of dimensions', () => {
    const found = readEmbeddedMetrics(
      line([['Version'], ['Version', 'Api']], { Version: 3, Api: 'v1', Failures: 2 }),
      7,
    );
    const common = { time: 7, namespace: 'Orders', metricName: 'Failures', value: 2 };
    expect(found).toEqual([
      { ...common, dimensions: { Version: '3' } },
      { ...common, dimensions: { Version: '3', Api: 'v1' } },
    ]);
  });

  test('can have several values, and no dimensions', () => {
    const found = readEmbeddedMetrics(`INFO ${line(undefined, { Failures: [1, 2] })}`, 7);
    expect(found.map(({ dimensions, value }) => [dimensions, value])).toEqual([
      [{}, 1],
      [{}, 2],
    ]);
  });

  test.each([
    'an ordinary line',
    '{"message": "no metric"}',
    'a "_aws" {broken',
    '{"_aws": {}}',
    '{"_aws": {"CloudWatchMetrics": [{"Namespace": "Orders"}]}}',
  ])('are not in %s', (text) => {
    expect(readEmbeddedMetrics(text, 7)).toEqual([]);
  });
});
