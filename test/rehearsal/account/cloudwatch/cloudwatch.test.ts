import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { evaluateExpression } from '../../../../rehearsal/account/cloudwatch/metric-math';
import { Sample } from '../../../../rehearsal/account/cloudwatch/metrics';
import { statistic } from '../../../../rehearsal/account/cloudwatch/statistic';
import { Statement } from '../../../../rehearsal/account/iam/policy';
import { allow, StandIn } from '../../support/stand-in';

const ALARM = {
  Namespace: 'AWS/Lambda',
  MetricName: 'Errors',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
  Dimensions: [
    { Name: 'FunctionName', Value: 'orders' },
    { Name: 'Resource', Value: 'orders:live' },
  ],
};

let standIn: StandIn;

beforeEach(async () => {
  standIn = await StandIn.start();
});

afterEach(() => standIn.stop());

/** Adds an invocation in the middle of a minute. */
function sample(minutesAgo: number, options: Partial<Sample> = {}): void {
  const time = standIn.account.clock.now() - minutesAgo * 60_000 + 30_000;
  standIn.account.state.samples.push({
    time,
    functionName: 'orders',
    resource: 'orders:live',
    version: '1',
    durationMs: 10,
    error: false,
    ...options,
  });
}

async function describe_(statements: Statement[] = [allow('cloudwatch:DescribeAlarms')]) {
  const { MetricAlarms } = await new CloudWatchClient(standIn.config(standIn.caller(statements))).send(
    new DescribeAlarmsCommand({ AlarmNames: ['errors'] }),
  );
  return MetricAlarms![0];
}

async function stateOf(options: Record<string, unknown> = {}): Promise<string | undefined> {
  standIn.account.cloudWatch.addAlarm('errors', { ...ALARM, ...options });
  return (await describe_()).StateValue;
}

describe('an alarm', () => {
  test('fires for an error in the last complete minute', async () => {
    sample(1, { error: true });
    expect(await stateOf()).toBe('ALARM');
  });

  test('has a reason', async () => {
    sample(1, { error: true });
    standIn.account.cloudWatch.addAlarm('errors', ALARM);
    expect((await describe_()).StateReason).toContain('1 out of the last 1 datapoints [1] breached');
  });

  test('ignores the current minute', async () => {
    sample(0, { error: true });
    expect(await stateOf()).toBe('OK');
  });

  test('ends when the error is older than its periods', async () => {
    sample(2, { error: true });
    expect(await stateOf()).toBe('OK');
    expect(await stateOf({ EvaluationPeriods: 2, DatapointsToAlarm: 1 })).toBe('ALARM');
  });

  test('requires its number of data points', async () => {
    sample(1, { error: true });
    expect(await stateOf({ EvaluationPeriods: 2, DatapointsToAlarm: 2 })).toBe('OK');
  });

  test.each<[string, Partial<Sample>]>([
    ['another function', { functionName: 'other' }],
    ['another alias', { resource: 'orders:test' }],
  ])('does not fire for an error of %s', async (_, other) => {
    sample(1, { error: true, ...other });
    expect(await stateOf()).toBe('OK');
  });

  test('supports the metric of one version', async () => {
    sample(1, { error: true, version: '2', isWeighted: true });
    const version = (Value: string) => ({ Dimensions: [...ALARM.Dimensions, { Name: 'ExecutedVersion', Value }] });
    expect(await stateOf(version('2'))).toBe('ALARM');
    expect(await stateOf(version('1'))).toBe('OK');
  });

  test.each([
    ['notBreaching', 'OK'],
    ['breaching', 'ALARM'],
    ['missing', 'INSUFFICIENT_DATA'],
    ['ignore', 'INSUFFICIENT_DATA'],
  ])('without data and with %s is %s', async (TreatMissingData, expected) => {
    expect(await stateOf({ TreatMissingData })).toBe(expected);
  });

  test('keeps its state without data if it ignores missing data', async () => {
    sample(1, { error: true });
    await stateOf({ TreatMissingData: 'ignore' });
    await standIn.later(600_000);
    expect(await stateOf({ TreatMissingData: 'ignore' })).toBe('ALARM');
  });

  test('supports percentiles of durations', async () => {
    for (const durationMs of [10, 20, 900]) {
      sample(1, { durationMs });
    }
    const duration = {
      MetricName: 'Duration',
      Statistic: undefined,
      ExtendedStatistic: 'p99',
      ComparisonOperator: 'GreaterThanThreshold',
    };
    expect(await stateOf({ ...duration, Threshold: 800 })).toBe('ALARM');
    expect(await stateOf({ ...duration, Threshold: 900 })).toBe('OK');
  });

  test('evaluates an expression of metrics', async () => {
    for (const error of [true, false, false, false]) {
      sample(1, { error });
    }
    const metric = (Id: string, MetricName: string) => ({
      Id,
      ReturnData: false,
      MetricStat: { Metric: { ...ALARM, MetricName }, Period: 60, Stat: 'Sum' },
    });
    const rate = { Id: 'rate', Expression: 'IF(invocations > 0, 100 * errors / invocations, 0)' };
    const Metrics = [metric('errors', 'Errors'), metric('invocations', 'Invocations'), rate];
    expect(await stateOf({ Metrics, Threshold: 25 })).toBe('ALARM');
    expect(await stateOf({ Metrics, Threshold: 26 })).toBe('OK');
  });

  test('with a metric that is not rehearsed fails', async () => {
    await expect(stateOf({ MetricName: 'ConcurrentExecutions' })).rejects.toThrow(
      'not rehearsed: the metric AWS/Lambda ConcurrentExecutions',
    );
  });

  test('is denied to callers without the permission', async () => {
    standIn.account.cloudWatch.addAlarm('errors', ALARM);
    await expect(
      describe_([allow('cloudwatch:DescribeAlarms', 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:other')]),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(
      (await describe_([allow('cloudwatch:DescribeAlarms', 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:*')]))
        .AlarmName,
    ).toBe('errors');
  });

  test('is returned beside composite alarms only to callers with a permission for everything', async () => {
    const ask = (resource: string) => {
      const caller = standIn.caller([allow('cloudwatch:DescribeAlarms', resource)]);
      const command = new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
      return new CloudWatchClient(standIn.config(caller)).send(command);
    };
    await expect(ask('arn:aws:cloudwatch:us-east-1:123456789012:alarm:*')).rejects.toThrow('on resource: *');
    await expect(ask('*')).resolves.toMatchObject({ CompositeAlarms: [] });
  });
});

test.each([
  ['Sum', 6],
  ['Average', 2],
  ['Maximum', 3],
  ['Minimum', 1],
  ['SampleCount', 3],
  ['p50', 2],
  ['TC(1:)', 2],
])('computes %s', (name, expected) => {
  expect(statistic(name, [3, 1, 2])).toBe(expected);
});

test('fails for a statistic that is not rehearsed', () => {
  expect(() => statistic('TM(10%:90%)', [1])).toThrow('not rehearsed: the statistic TM(10%:90%)');
});

describe('an expression', () => {
  test.each<[string, number | undefined]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['-errors + 5', 3],
    ['errors / none', undefined],
    ['errors / 0', undefined],
    ['IF(errors >= 2, 1, 0)', 1],
    ['FILL(none, 4) + 1', 5],
    ['2 * errors ^ 3', 16],
    ['(errors > 1) AND (errors < 2)', 0],
    ['errors > 1 && errors < 3', 1],
    ['errors > 2 OR errors < 1', 0],
    ['errors > 2 || errors < 3', 1],
    ['MAX(errors, 7) - MIN(errors, 7)', 5],
  ])('%s', (expression, expected) => {
    expect(evaluateExpression(expression, { errors: 2, none: undefined })).toBe(expected);
  });

  test.each(['ANOMALY_DETECTION_BAND(errors)', 'errors other', 'unknown + 1', '(1 + 2'])('fails: %s', (expression) => {
    expect(() => evaluateExpression(expression, { errors: 2 })).toThrow(
      `not rehearsed: the metric math expression ${expression}`,
    );
  });
});
