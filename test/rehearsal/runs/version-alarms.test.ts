import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { DeploymentAlarm, DeploymentConfig, InconclusiveAction, LambdaCiCdPipelineProps } from '../../../src';
import { FaultyAccount } from '../support/faults';
import { handlerFile, pipelineApp, Rehearsed, Run, summaryOf } from '../support/run';

jest.setTimeout(180_000);

const FAILS = 'exports.handler = async () => { throw new Error("broken"); };';
const SLOW = 'exports.handler = async () => new Promise((resolve) => setTimeout(resolve, 300));';
/** Answers with an HTTP 500 that Lambda does not count as an error, and writes the metric of the guide. */
const ANSWERS_500 = `exports.handler = async () => {
  console.log(JSON.stringify({
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [
      { Namespace: 'Orders', Dimensions: [['FunctionVersion']], Metrics: [{ Name: 'ServerErrors', Unit: 'Count' }] },
    ] },
    FunctionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    ServerErrors: 1,
  }));
  return { statusCode: 500 };
};`;

const CANARY = { deploymentConfig: DeploymentConfig.canary({ percentage: 50, interval: Duration.minutes(10) }) };

/** Releases a version, and then another one. The rehearsal invokes the alias every ten seconds. */
async function secondRelease(
  props: Partial<LambdaCiCdPipelineProps>,
  code: string,
  account = new Rehearsed(),
): Promise<Run> {
  const app = pipelineApp(props);
  await account.push(app, { 'index.js': handlerFile(1) });
  return account.push(app, { 'index.js': code });
}

const alarmsIn = (account: Rehearsed): string[] => {
  let names: string[] = [];
  account.change(({ alarms }) => (names = Object.keys(alarms)));
  return names;
};
const minutesOf = ({ deployments: [{ createTime, completeTime }] }: Run) =>
  (Date.parse(completeTime!) - Date.parse(createTime)) / 60_000;

describe('a new version that always fails', () => {
  test('is rolled back by its alarm during a canary, and the message has the numbers of both versions', async () => {
    const account = new Rehearsed();
    const run = await secondRelease({ ...CANARY, alarms: [DeploymentAlarm.errorRate()] }, FAILS, account);

    expect(run).toMatchObject({ status: 'Failed', alias: { version: '2', weights: {} } });
    expect(run.cause).toMatch(/stopped by an alarm.*orders-NewVersion-3-ErrorRate-\w+/s);
    expect(run.cause).toMatch(
      /Since the shift: version 3: \d+ invocations, \d+ errors \(100%\).*version 2 at the same/s,
    );
    expect(run.cause).toMatch(/ErrorRate failed: \d+ of \d+ invocations failed \(100%\), so the rate is above/);
    expect(minutesOf(run)).toBeLessThan(5);
    expect(alarmsIn(account)).toEqual([]);
  });

  test('is rolled back during the bake when all traffic shifts in one step', async () => {
    const run = await secondRelease({ alarms: [DeploymentAlarm.errorRate()] }, FAILS);

    expect(run).toMatchObject({ status: 'Failed', alias: { version: '2', weights: {} } });
    expect(run.cause).toMatch(/during the bake, ErrorRate failed: /);
    expect(run.cause).toContain('version 2 in the 5 minutes before: ');
    expect(minutesOf(run)).toBeLessThan(4);
  });

  test('is rolled back when it answers with HTTP 500 and writes a metric', async () => {
    const failures = new cloudwatch.Metric({ namespace: 'Orders', metricName: 'ServerErrors' });
    const alarms = [DeploymentAlarm.errorRate(), DeploymentAlarm.versionMetric({ failures })];
    const run = await secondRelease({ ...CANARY, alarms }, ANSWERS_500);

    expect(run).toMatchObject({ status: 'Failed', alias: { version: '2', weights: {} } });
    expect(run.cause).toMatch(/NewVersion-3-ServerErrors/);
    expect(run.cause).toMatch(/ErrorRate inconclusive: \d+ invocations, none failed/);
  });

  test('is rolled back when it is slow', async () => {
    const alarms = [DeploymentAlarm.latency({ maximum: Duration.millis(100) })];
    const run = await secondRelease({ ...CANARY, alarms }, SLOW);

    expect(run).toMatchObject({ status: 'Failed', alias: { version: '2', weights: {} } });
    expect(run.cause).toMatch(/Latency failed: \d+ of \d+ invocations slower than 100 ms \(100%\)/);
  });
});

describe('a good new version', () => {
  const alarms = [DeploymentAlarm.errorRate({ minimumInvocations: 20 }), DeploymentAlarm.errors()];

  test('passes, and the result has the numbers of both versions', async () => {
    const account = new Rehearsed();
    const run = await secondRelease({ ...CANARY, alarms }, handlerFile(2), account);

    expect(run).toMatchObject({ status: 'Succeeded', alias: { version: '3', weights: {} } });
    expect(summaryOf(run, 'DeployAction')).toMatch(
      /version 3: \d+ invocations, 0 errors \(0%\), .* on average; version 2 at the same time: \d+ invocations/,
    );
    expect(summaryOf(run, 'DeployAction')).toMatch(/ErrorRate passed: \d+ invocations, none failed \(maximum 2%\)/);
    expect(alarmsIn(account)).toEqual([]);
  });

  test('is released although an error of the current version has put the alarm of the alias into ALARM', async () => {
    const account = new Rehearsed();
    const shift = { deploymentConfig: DeploymentConfig.canary({ percentage: 50, interval: Duration.minutes(45) }) };
    const app = pipelineApp({
      ...shift,
      alarms: [alarms[0], DeploymentAlarm.errors({ period: Duration.minutes(30) })],
    });
    await account.push(app, { 'index.js': handlerFile(1) });
    account.change(({ samples, time }) => {
      const called = { functionName: 'orders', resource: 'orders:live', version: '2', durationMs: 1 };
      samples.push({ ...called, time: time - 60_000, error: true });
    });
    const run = await account.push(app, { 'index.js': handlerFile(2) });

    expect(run.cause).toBeUndefined();
    expect(run).toMatchObject({ status: 'Succeeded', alias: { version: '3', weights: {} } });
    expect(summaryOf(run, 'DeployAction')).toContain(
      'version 2 caused orders-LambdaErrorsAlarm, which the deployment does not watch',
    );
  });

  test('passes after the alarms of a run that ended halfway are deleted', async () => {
    const account = new Rehearsed();
    const app = pipelineApp({ ...CANARY, alarms });
    await account.push(app, { 'index.js': handlerFile(0) });
    account.change(({ alarms: created }) => {
      created['orders-NewVersion-2-ErrorRate-0000'] = {
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 1,
      };
    });
    expect((await account.push(app, { 'index.js': handlerFile(1) })).cause).toBeUndefined();
    expect(alarmsIn(account)).toEqual([]);
  });
});

describe('a new version without enough traffic', () => {
  const inconclusive = (onInconclusive?: InconclusiveAction) => ({
    alarms: [DeploymentAlarm.errorRate({ onInconclusive })],
  });

  test('is released, and the result says what is known', async () => {
    const run = await secondRelease(inconclusive(), handlerFile(2));

    expect(run).toMatchObject({ status: 'Succeeded', alias: { version: '3' } });
    expect(summaryOf(run, 'DeployAction')).toMatch(
      /ErrorRate inconclusive: \d+ invocations, none failed, so the rate is below \d(\.\d)?% \(maximum 2%, which needs 150/,
    );
  });

  test('is released without any traffic', async () => {
    const account = new FaultyAccount(); // without traffic
    const app = pipelineApp(inconclusive());
    await account.push(app, { 'index.js': handlerFile(1) });
    const { alias, stages } = await account.push(app, { 'index.js': handlerFile(2) });

    expect(alias).toMatchObject({ version: '3' });
    const [deploy] = stages.flatMap(({ actions }) => actions).filter(({ name }) => name === 'DeployAction');
    expect(deploy.summary).toContain('ErrorRate inconclusive: no invocations (maximum 2%');
  });

  test('is rolled back if the user wants that', async () => {
    const run = await secondRelease(inconclusive(InconclusiveAction.ROLL_BACK), handlerFile(2));

    expect(run).toMatchObject({ status: 'Failed', alias: { version: '2', weights: {} } });
    expect(run.cause).toMatch(/at the end of the bake time, ErrorRate inconclusive/);
  });

  test('bakes longer if the user wants that', async () => {
    const run = await secondRelease(inconclusive(InconclusiveAction.BAKE_LONGER), handlerFile(2));

    expect(run).toMatchObject({ status: 'Succeeded', alias: { version: '3' } });
    expect(minutesOf(run)).toBeGreaterThan(12);
  });
});
