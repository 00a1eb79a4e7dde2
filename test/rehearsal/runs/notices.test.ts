import { Duration, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { DeploymentConfig, LambdaCiCdPipelineProps, NotificationEvent } from '../../../src';
import { handlerFile, pipelineApp, Rehearsed, Run } from '../support/run';

jest.setTimeout(120_000);

const FAILS = 'exports.handler = async () => { throw new Error("no stock table"); };';
const JUNIT =
  '<testsuite><testcase classname="orders" name="allocates in order of priority">' +
  '<failure message="expected 3, got 2"/></testcase></testsuite>';

const subjects = ({ notices }: Run) => notices.map(({ subject }) => subject);
const texts = ({ notices }: Run) => notices.map(({ text, error }) => error ?? text).join('\n');

function app(props: Partial<LambdaCiCdPipelineProps> = {}): string {
  return pipelineApp({
    notifications: { emails: ['team@example.com'], events: Object.values(NotificationEvent) },
    ...props,
  });
}

test('a failed build sends a notice with the phase, the command and the test', async () => {
  const buildSpec = codebuild.BuildSpec.fromObject({
    version: '0.2',
    phases: { pre_build: { commands: ['mkdir reports && cp junit.xml reports', 'test ! -f junit.xml'] } },
    reports: { UnitTests: { files: ['reports/*.xml'] } },
    artifacts: { files: ['index.js'] },
  });
  const run = await new Rehearsed().push(app({ buildProject: { buildSpec } }), {
    'index.js': handlerFile(1),
    'junit.xml': JUNIT,
  });

  expect(subjects(run)).toEqual(['orders-pipeline: BuildAction failed']);
  expect(texts(run)).toContain(
    'Cause: PRE_BUILD: Error while executing command: test ! -f junit.xml. Reason: exit status 1',
  );
  expect(texts(run)).toContain('- orders.allocates in order of priority: expected 3, got 2');
  expect(run.lines).toContainEqual(expect.stringContaining('notice: orders-pipeline: BuildAction failed'));
});

test('a rollback sends a notice with the alarm, and a release one with the live version', async () => {
  const assembly = app({
    deploymentConfig: DeploymentConfig.canary({ percentage: 10, interval: Duration.minutes(10) }),
  });
  const account = new Rehearsed();
  const first = await account.push(assembly, { 'index.js': handlerFile(1) });
  const bad = await account.push(assembly, { 'index.js': FAILS });

  expect(subjects(first)).toEqual(['orders-pipeline: version 2 is live']);
  expect(subjects(bad)).toEqual(['orders-pipeline: the release was rolled back']);
  expect(texts(bad)).toContain('Activated alarms: <orders-LambdaErrorsAlarm>');
});

test('a pending approval sends a notice with its comment', async () => {
  const assembly = app({
    approvals: [{ actionName: 'ReleaseManager', additionalInformation: 'look at the test report' }],
  });
  const run = await new Rehearsed().push(assembly, { 'index.js': handlerFile(1) });

  expect(subjects(run)).toEqual([
    'orders-pipeline: waiting for approval of ReleaseManager',
    'orders-pipeline: version 2 is live',
  ]);
  expect(texts(run)).toContain('Comment: look at the test report');
});

test('a rejection ends the run before the publication', async () => {
  const assembly = app({ approvals: [{ actionName: 'ReleaseManager' }] });
  const run = await new Rehearsed().push(assembly, { 'index.js': handlerFile(1) }, { rejected: ['ReleaseManager'] });

  expect(run).toMatchObject({ status: 'Failed', alias: { version: '1' } });
  expect(subjects(run).at(-1)).toBe('orders-pipeline: the release was not approved');
});

test('the rejection of an unknown approval fails', async () => {
  await expect(
    new Rehearsed().push(app(), { 'index.js': handlerFile(1) }, { rejected: ['ReleaseManager'] }),
  ).rejects.toThrow('--reject must name an approval (the pipeline has none), got ReleaseManager');
});

test('an event outside of `events` sends no notice', async () => {
  const run = await new Rehearsed().push(app({ notifications: { emails: ['team@example.com'] } }), {
    'index.js': handlerFile(1),
  });
  expect(run).toMatchObject({ status: 'Succeeded', notices: [] });
});

test('a topic with a customer managed key receives notices', async () => {
  const topic = (stack: Stack) =>
    new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'Key'), enforceSSL: true });
  const run = await new Rehearsed().push(
    pipelineApp((stack) => ({ notifications: { topic: topic(stack), events: [NotificationEvent.SUCCEEDED] } })),
    { 'index.js': handlerFile(1) },
  );

  expect(texts(run)).toContain('version 2 is live');
  expect(run.calls.filter(({ action }) => action === 'kms:GenerateDataKey').map(({ allowed }) => allowed)).toEqual([
    true,
  ]);
});
