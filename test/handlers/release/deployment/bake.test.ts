import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CodeDeployClient,
  DeploymentInfo,
  GetDeploymentCommand,
  GetDeploymentGroupCommand,
  PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { bake } from '../../../../src/handlers/release/deployment/bake';
import { awsError, ENVIRONMENT_VARIABLES, inputsOf } from '../fixtures';
import { secondsPassed, startVirtualTime } from '../virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('../virtual-time'));

const lambda = mockClient(LambdaClient);
const codeDeploy = mockClient(CodeDeployClient);
const cloudWatch = mockClient(CloudWatchClient);
const EVENT = { DeploymentId: 'd-1', LifecycleEventHookExecutionId: 'hook-1' };
const environment = process.env;

beforeEach(() => {
  startVirtualTime();
  process.env = { ...ENVIRONMENT_VARIABLES };
  jest.spyOn(console, 'log').mockImplementation();
  [lambda, codeDeploy, cloudWatch].forEach((mock) => mock.reset());
  codeDeploy.on(GetDeploymentCommand).resolves({ deploymentInfo: { status: 'InProgress' } });
  codeDeploy
    .on(GetDeploymentGroupCommand)
    .resolves({ deploymentGroupInfo: { alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] } } });
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [] });
  codeDeploy.on(PutLifecycleEventHookExecutionStatusCommand).resolves({});
});

afterAll(() => {
  process.env = environment;
});

const run = (seconds = 900) => bake(EVENT, Date.now() + seconds * 1000);
const reported = () => inputsOf(codeDeploy, PutLifecycleEventHookExecutionStatusCommand).map((input) => input.status);

function redAlarm() {
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'errors', StateValue: 'ALARM' }] });
}

test('succeeds after the bake time when no alarm is red', async () => {
  await run();
  expect(secondsPassed()).toBe(300);
  expect(inputsOf(codeDeploy, PutLifecycleEventHookExecutionStatusCommand)).toEqual([
    { deploymentId: 'd-1', lifecycleEventHookExecutionId: 'hook-1', status: 'Succeeded' },
  ]);
});

test('fails when an alarm is red after the bake time', async () => {
  redAlarm();
  await run();
  expect(reported()).toEqual(['Failed']);
});

test('stops early when the deployment has ended, and reports nothing', async () => {
  codeDeploy
    .on(GetDeploymentCommand)
    .resolvesOnce({ deploymentInfo: { status: 'InProgress' } })
    .resolves({ deploymentInfo: { status: 'Stopped' } });
  await run();
  expect(secondsPassed()).toBe(15);
  expect(reported()).toEqual([]);
});

test('does not sleep past its own time limit', async () => {
  await run(100);
  expect(secondsPassed()).toBe(100);
  expect(reported()).toEqual(['Succeeded']);
});

test('does not hold up a rollback because of the alarms that caused it', async () => {
  redAlarm();
  codeDeploy
    .on(GetDeploymentCommand)
    .resolves({ deploymentInfo: { status: 'InProgress', creator: 'codeDeployRollback' } });
  await run();
  expect(secondsPassed()).toBe(0);
  expect(reported()).toEqual(['Succeeded']);
});

test.each<[string, DeploymentInfo]>([
  ['CodeDeploy tells', { overrideAlarmConfiguration: { enabled: false } }],
  ['the description tells', { description: 'version 2 to 3, job j, without alarms' }],
])('does not watch alarms that the release ignores, as %s', async (_, told) => {
  redAlarm();
  codeDeploy.on(GetDeploymentCommand).resolves({ deploymentInfo: { status: 'InProgress', ...told } });
  await run();
  expect(secondsPassed()).toBe(0);
  expect(reported()).toEqual(['Succeeded']);
});

test("hands the hook on to the user's own one, which reports the status", async () => {
  process.env.POST_TRAFFIC_HOOK = 'after';
  lambda.on(InvokeCommand).resolves({});
  await run();
  expect(inputsOf(lambda, InvokeCommand)).toEqual([
    { FunctionName: 'after', InvocationType: 'Event', Payload: JSON.stringify(EVENT) },
  ]);
  expect(reported()).toEqual([]);
});

test("does not invoke the user's own hook when an alarm is red", async () => {
  process.env.POST_TRAFFIC_HOOK = 'after';
  redAlarm();
  await run();
  expect(inputsOf(lambda, InvokeCommand)).toEqual([]);
  expect(reported()).toEqual(['Failed']);
});

test.each([
  ['the alarms can not be read', () => cloudWatch.on(DescribeAlarmsCommand).rejects(awsError('AccessDenied'))],
  ['a variable is missing', () => delete process.env.ALIAS_NAME],
])('fails when %s', async (_, break_) => {
  break_();
  await run();
  expect(reported()).toEqual(['Failed']);
});

test("fails when the user's own hook can not be invoked", async () => {
  process.env.POST_TRAFFIC_HOOK = 'after';
  lambda.on(InvokeCommand).rejects(awsError('ResourceNotFoundException'));
  await run();
  expect(reported()).toEqual(['Failed']);
});

test.each(['LifecycleEventAlreadyCompletedException', 'ThrottlingException'])(
  'does not throw when the status is refused by %s',
  async (name) => {
    codeDeploy.on(PutLifecycleEventHookExecutionStatusCommand).rejects(awsError(name));
    await expect(run()).resolves.toBeUndefined();
  },
);
