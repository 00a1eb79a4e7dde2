import { equal, match, ok } from 'node:assert/strict';
import { build } from '../integ.release';
import { causeOf, namesOf, Scenario, sourceWith, Suite } from '../support/scenario';
import { Target } from '../support/target';

const PIPELINE = 'acceptance-release-pipeline';
const FunctionName = 'acceptance-release';

async function configuration(target: Target, label: string): Promise<Record<string, any>> {
  const { members } = await target.call(label, 'lambda', 'GetFunctionConfiguration', {
    FunctionName,
    Qualifier: 'live',
  });
  return members ?? {};
}

async function answer(target: Target): Promise<string> {
  const invoked = await target.call('invoke the alias', 'lambda', 'Invoke', { FunctionName, Qualifier: 'live' });
  return invoked.members?.Payload;
}

const SCENARIOS: Scenario[] = [
  {
    name: 'first-release',
    points: [1, 3, 9],
    run: async (target) => {
      const run = await target.run(PIPELINE, { files: sourceWith('return 1;') }, async () => {
        await target.call('the function while it is made', 'lambda', 'GetFunctionConfiguration', { FunctionName });
      });
      equal(run.status, 'Succeeded', causeOf(run));
      ok(!namesOf(run).includes('CreateLambdaFunction'), 'the stack has created the function');
      equal(await target.act(() => answer(target)), '1');
      await target.call('the function', 'lambda', 'GetFunction', { FunctionName });
      await target.call('the versions', 'lambda', 'ListVersionsByFunction', { FunctionName });
      const alias = await target.call('the alias', 'lambda', 'GetAlias', { FunctionName, Name: 'live' });
      equal(alias.members?.FunctionVersion, '2', 'version 1 is the placeholder');
    },
  },
  {
    name: 'nothing-to-release',
    points: [3],
    run: async (target) => {
      const run = await target.run(PIPELINE, { files: sourceWith('return 1;') });
      equal(run.status, 'Succeeded', causeOf(run));
      ok(!namesOf(run).includes('CreateLambdaFunction'), 'the stage is skipped when the function exists');
      match(run.actions.find(({ name }) => name === 'DeployAction')!.summary, /nothing to deploy/i);
    },
  },
  {
    name: 'two-runs-at-once',
    points: [3],
    only: ['aws', 'the rehearsal runs one execution at a time'],
    run: async (target) => {
      const first = await target.start(PIPELINE, { files: sourceWith('return 2;') });
      const second = await target.start(PIPELINE, { variables: { IgnoreAlarms: 'false' } });
      for (const id of [first, second]) {
        while ((await target.statusOf(PIPELINE, id)) === 'InProgress') {
          await target.sleep(15);
        }
        equal(await target.statusOf(PIPELINE, id), 'Succeeded', `the queued execution ${id}`);
      }
    },
  },
  {
    name: 'tagged-source',
    points: [9],
    run: async (target) => {
      const run = await target.run(PIPELINE, { files: sourceWith('return 3;'), tags: { team: 'warehouse' } });
      equal(run.status, 'Succeeded', causeOf(run));
    },
  },
  {
    name: 'composite-alarm',
    points: [2],
    run: async (target) => {
      ok((await target.deploy('composite-alarm')).succeeded);
      const run = await target.run(PIPELINE, { files: sourceWith('return 4;') });
      equal(run.status, 'Succeeded', causeOf(run));
    },
  },
  {
    name: 'configuration',
    points: [11, 12],
    run: async (target) => {
      const deployed = await target.deploy('configured');
      ok(deployed.succeeded, deployed.reason);
      const run = await target.run(PIPELINE, { files: sourceWith('return process.env.GREETING;') });
      equal(run.status, 'Succeeded', causeOf(run));
      equal(await target.act(() => answer(target)), '"Hello {{name}}"');
      const live = await configuration(target, 'the configured function');
      equal(live.MemorySize, 256);
      equal(live.TracingConfig.Mode, 'Active');
      match(live.DeadLetterConfig.TargetArn, /^arn:.*DeadLetters/);
    },
  },
  {
    name: 'artifact-key',
    points: [1],
    run: async (target) => {
      const deployed = await target.deploy('artifact-key');
      ok(deployed.succeeded, deployed.reason);
      const run = await target.run(PIPELINE, { files: sourceWith('return 5;') });
      equal(run.status, 'Succeeded', causeOf(run));
    },
  },
  {
    name: 'notices',
    points: [15],
    run: async (target) => {
      ok((await target.deploy('notices')).succeeded);
      const run = await target.run(PIPELINE, { files: { ...sourceWith('return 6;'), broken: 'the build fails' } });
      equal(run.status, 'Failed');
      await target.act(() => target.sleep(60));
      const notices = await target.notices();
      ok(
        notices.some((notice) => notice.includes('test ! -f broken')),
        `a notice names the failed command: ${notices.join('\n')}`,
      );
    },
  },
  {
    name: 'code-artifact',
    points: [17],
    only: ['aws', 'the rehearsal uses the AWS CLI of the machine: test/rehearsal/runs/code-artifact.test.ts'],
    run: async (target) => {
      const deployed = await target.deploy('code-artifact');
      ok(deployed.succeeded, deployed.reason);
      const files = { ...sourceWith('return 7;'), 'package.json': '{ "name": "acceptance", "version": "1.0.0" }' };
      const run = await target.run(PIPELINE, { files });
      equal(run.status, 'Succeeded', causeOf(run));
    },
  },
  {
    name: 'encrypted-configuration',
    points: [11],
    run: async (target) => {
      const deployed = await target.deploy('encrypted');
      ok(deployed.succeeded, deployed.reason);
      const run = await target.run(PIPELINE, { files: sourceWith('return process.env.GREETING;') });
      equal(run.status, 'Succeeded', causeOf(run));
      equal(await target.act(() => answer(target)), '"Hello"', 'the role decrypts the environment');
      const live = await configuration(target, 'the encrypted function');
      match(live.KMSKeyArn, /:kms:/);
      equal(live.VpcConfig.SubnetIds.length, 2);
      equal(live.DeadLetterConfig, undefined, 'what the stack no longer names is gone');
    },
  },
];

export const RELEASE: Suite = {
  name: 'release',
  build,
  stackName: 'AcceptanceRelease',
  first: 'first',
  functions: [FunctionName],
  scenarios: SCENARIOS,
};
