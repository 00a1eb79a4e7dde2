import { Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { DeploymentConfig } from '../../../src';
import { folderWith, handlerFile, pipelineApp, Rehearsed, Run, summaryOf } from '../support/run';

jest.setTimeout(120_000);

/** Creates a hook that reports a status. It contains the SDK. */
function hook(stack: Stack, id: string, status: string): lambda.Function {
  const folder = folderWith();
  const contents = `
    const { CodeDeploy } = require('@aws-sdk/client-codedeploy');
    exports.handler = async ({ DeploymentId, LifecycleEventHookExecutionId }) => {
      if ('${status}' === 'silent') return;
      await new CodeDeploy().putLifecycleEventHookExecutionStatus({
        deploymentId: DeploymentId,
        lifecycleEventHookExecutionId: LifecycleEventHookExecutionId,
        status: '${status}',
      });
    };`;
  buildSync({
    stdin: { contents, resolveDir: __dirname },
    bundle: true,
    platform: 'node',
    outfile: `${folder}/index.js`,
    logLevel: 'error',
  });
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(folder),
    timeout: Duration.minutes(1),
  });
}

function app(before: string, after: string): string {
  return pipelineApp((stack) => ({
    deploymentConfig: DeploymentConfig.canary({ percentage: 10, interval: Duration.minutes(5) }),
    preTrafficHook: hook(stack, 'Before', before),
    postTrafficHook: hook(stack, 'After', after),
  }));
}

/** Runs two releases, because the first one replaces the placeholder immediately. */
async function secondRelease(before: string, after: string): Promise<Run> {
  const account = new Rehearsed();
  const first = await account.push(app('Succeeded', 'Succeeded'), { 'index.js': handlerFile(1) });
  expect(first.cause).toBeUndefined();
  return account.push(app(before, after), { 'index.js': handlerFile(2) });
}

const hooksInvoked = ({ calls }: Run) =>
  calls
    .filter(({ action }) => action === 'codedeploy:PutLifecycleEventHookExecutionStatus')
    .map(({ role }) => role.slice(0, 6));

test('hooks run before the shift and after the bake time', async () => {
  const run = await secondRelease('Succeeded', 'Succeeded');

  expect(run).toMatchObject({ status: 'Succeeded', alias: { version: '3', weights: {} } });
  expect(hooksInvoked(run)).toEqual(['Before', 'AfterS']);
  const [deployment] = run.deployments;
  expect(Date.parse(deployment.completeTime!) - Date.parse(deployment.createTime)).toBeGreaterThan(10 * 60_000);
});

test('a failed hook before the shift prevents the shift', async () => {
  const run = await secondRelease('Failed', 'Succeeded');

  expect(run).toMatchObject({ status: 'Failed', alias: { version: '2', weights: {} } });
  expect(run.shifts.map(({ weights }) => weights)).not.toContainEqual({ 3: 0.1 });
  expect(summaryOf(run, 'DeployAction')).toContain('BeforeAllowTraffic');
});

test('a failed hook after the shift triggers a rollback', async () => {
  const run = await secondRelease('Succeeded', 'Failed');

  expect(run).toMatchObject({ status: 'Failed', alias: { version: '2', weights: {} } });
  expect(run.shifts.map(({ version, weights }) => `${version} ${JSON.stringify(weights)}`)).toEqual([
    '2 {"3":0.1}',
    '3 {}',
    '2 {}',
  ]);
  expect(summaryOf(run, 'DeployAction')).toContain('AfterAllowTraffic');
});

test('a hook without a status fails the deployment after an hour', async () => {
  const run = await secondRelease('silent', 'Succeeded');

  expect(run).toMatchObject({ status: 'Failed', alias: { version: '2', weights: {} } });
  expect(summaryOf(run, 'DeployAction')).toContain('BeforeAllowTraffic');
});
