import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CodeDeployClient,
  DeploymentInfo,
  GetDeploymentCommand,
  GetDeploymentGroupCommand,
  PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { bake } from '../../../../src/handlers/release/deployment/bake';
import { awsError, ENVIRONMENT_VARIABLES, inputsOf } from '../fixtures';
import { secondsPassed, startVirtualTime } from '../virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('../virtual-time'));

const lambda = mockClient(LambdaClient);
const codeDeploy = mockClient(CodeDeployClient);
const cloudWatch = mockClient(CloudWatchClient);
const s3 = mockClient(S3Client);
const EVENT = { DeploymentId: 'd-1', LifecycleEventHookExecutionId: 'hook-1' };
const environment = process.env;

beforeEach(() => {
  startVirtualTime();
  process.env = { ...ENVIRONMENT_VARIABLES };
  jest.spyOn(console, 'log').mockImplementation();
  [lambda, codeDeploy, cloudWatch, s3].forEach((mock) => mock.reset());
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

function putInAlarm() {
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'errors', StateValue: 'ALARM' }] });
}

test('succeeds after the bake time when no alarm is in ALARM', async () => {
  await run();
  expect(secondsPassed()).toBe(300);
  expect(inputsOf(codeDeploy, PutLifecycleEventHookExecutionStatusCommand)).toEqual([
    { deploymentId: 'd-1', lifecycleEventHookExecutionId: 'hook-1', status: 'Succeeded' },
  ]);
});

test('fails when an alarm is in ALARM after the bake time', async () => {
  putInAlarm();
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

test('keeps a minute of its own time limit for the status', async () => {
  await run(100);
  expect(secondsPassed()).toBe(40);
  expect(reported()).toEqual(['Succeeded']);
});

test('does not delay a rollback because of the alarms that caused it', async () => {
  putInAlarm();
  codeDeploy
    .on(GetDeploymentCommand)
    .resolves({ deploymentInfo: { status: 'InProgress', creator: 'codeDeployRollback' } });
  await run();
  expect(secondsPassed()).toBe(0);
  expect(reported()).toEqual(['Succeeded']);
});

test.each<[string, DeploymentInfo]>([
  ['in its settings', { overrideAlarmConfiguration: { enabled: false } }],
  ['in its description', { description: '[job j][alarms-ignored] version 2 to 3' }],
])('does not wait when the deployment ignores alarms %s', async (_, details) => {
  putInAlarm();
  codeDeploy.on(GetDeploymentCommand).resolves({ deploymentInfo: { status: 'InProgress', ...details } });
  await run();
  expect(secondsPassed()).toBe(0);
  expect(reported()).toEqual(['Succeeded']);
});

test("invokes the user's hook, which reports the status", async () => {
  process.env.POST_TRAFFIC_HOOK = 'after';
  lambda.on(InvokeCommand).resolves({});
  await run();
  expect(inputsOf(lambda, InvokeCommand)).toEqual([
    { FunctionName: 'after', InvocationType: 'Event', Payload: JSON.stringify(EVENT) },
  ]);
  expect(reported()).toEqual([]);
});

test("does not invoke the user's hook when an alarm is in ALARM", async () => {
  process.env.POST_TRAFFIC_HOOK = 'after';
  putInAlarm();
  await run();
  expect(inputsOf(lambda, InvokeCommand)).toEqual([]);
  expect(reported()).toEqual(['Failed']);
});

test.each([
  ["the alarms can't be read", () => cloudWatch.on(DescribeAlarmsCommand).rejects(awsError('AccessDenied'))],
  ['a variable is missing', () => delete process.env.ALIAS_NAME],
])('fails when %s', async (_, break_) => {
  break_();
  await run();
  expect(reported()).toEqual(['Failed']);
});

test("fails when the user's hook can't be invoked", async () => {
  process.env.POST_TRAFFIC_HOOK = 'after';
  lambda.on(InvokeCommand).rejects(awsError('ResourceNotFoundException'));
  await run();
  expect(reported()).toEqual(['Failed']);
});

test('writes the reason of a failure into the artifact bucket, for the message of the action', async () => {
  putInAlarm();
  await run();
  expect(inputsOf(s3, PutObjectCommand)).toEqual([
    {
      Bucket: 'artifacts',
      Key: 'bake/d-1.txt',
      Body: 'at the end of the bake time, in ALARM: errors (no reason given).',
    },
  ]);
});

test('reports the failure even if the reason cannot be written', async () => {
  putInAlarm();
  s3.on(PutObjectCommand).rejects(awsError('SlowDown'));
  await run();
  expect(reported()).toEqual(['Failed']);
});

test('a failed read during the bake does not end the bake', async () => {
  codeDeploy
    .on(GetDeploymentCommand)
    .resolvesOnce({ deploymentInfo: { status: 'InProgress' } })
    .rejectsOnce(awsError('ThrottlingException'))
    .resolves({ deploymentInfo: { status: 'InProgress' } });
  await run();
  expect(reported()).toEqual(['Succeeded']);
});

test('reads the alarms again while CloudWatch is unavailable', async () => {
  cloudWatch
    .on(DescribeAlarmsCommand)
    .rejectsOnce(awsError('InternalServiceFault', '', 500))
    .resolves({});
  await run();
  expect(reported()).toEqual(['Succeeded']);
});

test('repeats a status that does not get through', async () => {
  codeDeploy
    .on(PutLifecycleEventHookExecutionStatusCommand)
    .rejectsOnce(awsError('ThrottlingException'))
    .rejectsOnce(awsError('TimeoutError'))
    .resolves({});
  await run();
  expect(reported()).toEqual(['Succeeded', 'Succeeded', 'Succeeded']);
});

test('repeats the status until its own time limit, and does not throw', async () => {
  codeDeploy.on(PutLifecycleEventHookExecutionStatusCommand).rejects(awsError('ThrottlingException'));
  await expect(run()).resolves.toBeUndefined();
  expect(secondsPassed()).toBe(890);
});

test('does not repeat the status of a hook that has ended', async () => {
  codeDeploy
    .on(PutLifecycleEventHookExecutionStatusCommand)
    .rejects(awsError('LifecycleEventAlreadyCompletedException'));
  await run();
  expect(reported()).toHaveLength(1);
});
