import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  BatchGetDeploymentTargetsCommand,
  CodeDeployClient,
  GetDeploymentCommand,
  ListDeploymentTargetsCommand,
} from '@aws-sdk/client-codedeploy';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { VersionAlarm } from '../../../../src/handlers/release/contract';
import { watchVersions } from '../../../../src/handlers/release/deployment/watch-versions';
import { awsError, inputsOf, PLACEHOLDER_DESCRIPTION, settingsWith } from '../fixtures';
import { secondsPassed, startVirtualTime } from '../virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('../virtual-time'));

const lambda = mockClient(LambdaClient);
const codeDeploy = mockClient(CodeDeployClient);
const cloudWatch = mockClient(CloudWatchClient);
const ALARM: VersionAlarm = {
  name: 'ErrorRate',
  maximumPercent: 2,
  standardDeviations: 3,
  minimumFailures: 3,
  windowSeconds: 300,
  onInconclusive: 'PROCEED',
};

/** The invocations of the new version, and the errors among them. */
let counts: { invocations: number; errors: number };

beforeEach(() => {
  startVirtualTime();
  jest.spyOn(console, 'log').mockImplementation();
  [lambda, codeDeploy, cloudWatch].forEach((mock) => mock.reset());
  counts = { invocations: 12, errors: 0 };
  codeDeploy.on(GetDeploymentCommand).resolves({ deploymentInfo: { status: 'InProgress' } });
  codeDeploy.on(ListDeploymentTargetsCommand).resolves({ targetIds: ['t-1'] });
  const startTime = new Date(Date.now());
  const lifecycleEvents = [{ lifecycleEventName: 'AllowTraffic', startTime }];
  const lambdaFunctionInfo = { currentVersion: '2', targetVersion: '3' };
  codeDeploy
    .on(BatchGetDeploymentTargetsCommand)
    .resolves({ deploymentTargets: [{ lambdaTarget: { lifecycleEvents, lambdaFunctionInfo } }] });
  lambda.on(GetFunctionConfigurationCommand).resolves({ Description: 'commit 1a2b3c' });
  cloudWatch.on(GetMetricDataCommand).callsFake(async ({ MetricDataQueries }) => ({
    MetricDataResults: MetricDataQueries.filter(({ MetricStat }: any) =>
      MetricStat.Metric.Dimensions.some(({ Value }: any) => Value === '3'),
    ).map(({ Id, MetricStat }: any) => ({
      Id,
      Timestamps: [startTime],
      Values: [MetricStat.Metric.MetricName === 'Errors' ? counts.errors : counts.invocations],
    })),
  }));
});

const watch = (alarm: Partial<VersionAlarm> = {}, longest = 840) =>
  watchVersions({
    settings: settingsWith({ VERSION_ALARMS: JSON.stringify([{ ...ALARM, ...alarm }]) }),
    deploymentId: 'd-1',
    end: Date.now() + 480_000,
    deadline: Date.now() + longest * 1000,
  });

test('fails in the minute in which the version is bad', async () => {
  counts = { invocations: 10, errors: 10 };
  await expect(watch()).resolves.toEqual({
    status: 'Failed',
    reason: expect.stringMatching(/^during the bake, ErrorRate failed: 10 of 10 invocations failed \(100%\)/),
  });
  expect(secondsPassed()).toBe(60);
});

test('judges once a minute', async () => {
  await watch();
  expect(inputsOf(cloudWatch, GetMetricDataCommand)).toHaveLength(8);
});

test('ends with the bake time when the version passes', async () => {
  counts = { invocations: 150, errors: 0 };
  await expect(watch({ onInconclusive: 'ROLL_BACK' })).resolves.toBeUndefined();
  expect(secondsPassed()).toBe(480);
});

test('an inconclusive result does not fail by default', async () => {
  await expect(watch()).resolves.toBeUndefined();
  expect(secondsPassed()).toBe(480);
});

test('an inconclusive result fails if the user wants that', async () => {
  await expect(watch({ onInconclusive: 'ROLL_BACK' })).resolves.toEqual({
    status: 'Failed',
    reason: expect.stringMatching(/^at the end of the bake time, ErrorRate inconclusive: 12 invocations/),
  });
});

test('an inconclusive first release does not fail, because there is no version to go back to', async () => {
  lambda.on(GetFunctionConfigurationCommand).resolves({ Description: PLACEHOLDER_DESCRIPTION });
  await expect(watch({ onInconclusive: 'ROLL_BACK' })).resolves.toBeUndefined();
});

test('bakes longer until there are enough invocations', async () => {
  const ended = watch({ onInconclusive: 'BAKE_LONGER' });
  codeDeploy.on(GetDeploymentCommand).callsFake(async () => {
    counts.invocations = secondsPassed() > 600 ? 150 : 12;
    return { deploymentInfo: { status: 'InProgress' } };
  });
  await expect(ended).resolves.toBeUndefined();
  expect(secondsPassed()).toBe(660);
});

test('bakes longer until the end of the invocation, and then goes on', async () => {
  await expect(watch({ onInconclusive: 'BAKE_LONGER' })).resolves.toBeUndefined();
  expect(secondsPassed()).toBe(780);
});

test('metrics that cannot be read in one minute are read in the next one', async () => {
  counts = { invocations: 10, errors: 10 };
  codeDeploy
    .on(ListDeploymentTargetsCommand)
    .rejectsOnce(awsError('ThrottlingException'))
    .resolves({ targetIds: ['t-1'] });
  await watch();
  expect(secondsPassed()).toBe(120);
});

test('a version whose metrics cannot be read at the end has not passed', async () => {
  cloudWatch.on(GetMetricDataCommand).rejects(awsError('AccessDenied'));
  await expect(watch()).rejects.toThrow();
});

test('stops when the deployment has ended', async () => {
  codeDeploy.on(GetDeploymentCommand).resolves({ deploymentInfo: { status: 'Stopped' } });
  await expect(watch()).resolves.toEqual({ reason: 'the deployment ended during the bake' });
});

test('does not judge before traffic has shifted', async () => {
  codeDeploy.on(BatchGetDeploymentTargetsCommand).resolves({ deploymentTargets: [] });
  await expect(watch({ onInconclusive: 'ROLL_BACK' })).resolves.toBeUndefined();
  expect(inputsOf(cloudWatch, GetMetricDataCommand)).toEqual([]);
});
