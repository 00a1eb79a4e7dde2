import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { build } from '../integ.shift';
import { causeOf, Scenario, sourceWith, Suite } from '../support/scenario';
import { RunEnd, Target } from '../support/target';

const PIPELINE = 'acceptance-shift-pipeline';
const FunctionName = 'acceptance-shift';
const GROUP = { applicationName: 'acceptance-shift-app', deploymentGroupName: 'acceptance-shift-group' };
const ALARM = 'acceptance-shift-LambdaErrorsAlarm';

/** Traffic, and a look at the alias: both go on while the pipeline runs. */
async function traffic(target: Target): Promise<void> {
  await target.call('invoke the alias', 'lambda', 'Invoke', { FunctionName, Qualifier: 'live', Payload: '{}' });
  await target.call('the alias meanwhile', 'lambda', 'GetAlias', { FunctionName, Name: 'live' });
}

function release(target: Target, body: string, variables?: Record<string, string>): Promise<RunEnd> {
  return target.run(PIPELINE, { files: sourceWith(body), variables }, () => traffic(target), 10);
}

async function liveVersion(target: Target): Promise<string> {
  const { members } = await target.call('the alias', 'lambda', 'GetAlias', { FunctionName, Name: 'live' });
  deepEqual(members?.RoutingConfig?.AdditionalVersionWeights ?? {}, {}, 'the alias has no weights afterwards');
  return members?.FunctionVersion;
}

/** The last deployment, with its target, and the deployment that rolled it back. */
async function lastDeployment(target: Target, label: string): Promise<Record<string, any>> {
  const list = await target.call('the deployments', 'codedeploy', 'ListDeployments', GROUP);
  const details = [];
  for (const deploymentId of (list.members?.deployments ?? []).slice(0, 2)) {
    const { members } = await target.call(label, 'codedeploy', 'GetDeployment', { deploymentId });
    details.push(members!.deploymentInfo);
    await target.call(`${label}: its target`, 'codedeploy', 'BatchGetDeploymentTargets', {
      deploymentId,
      targetIds: [`${FunctionName}:live`],
    });
  }
  return details.find(({ creator }) => creator !== 'codeDeployRollback') ?? details[0];
}

async function alarmState(target: Target): Promise<string> {
  const { members } = await target.call('the alarm', 'cloudwatch', 'DescribeAlarms', { AlarmNames: [ALARM] });
  return members?.MetricAlarms[0]?.StateValue;
}

/** A deployment from the live version to itself at another weight, as the release function asks for it. */
function deploymentOf(currentVersion: string, targetVersion: string, override: object) {
  const content = JSON.stringify({
    version: 0.0,
    Resources: [
      {
        [FunctionName]: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Name: FunctionName,
            Alias: 'live',
            CurrentVersion: currentVersion,
            TargetVersion: targetVersion,
          },
        },
      },
    ],
  });
  const sha256 = createHash('sha256').update(content).digest('hex');
  const revision = { revisionType: 'AppSpecContent', appSpecContent: { content, sha256 } };
  const deploymentConfigName = 'CodeDeployDefault.LambdaAllAtOnce';
  return { ...GROUP, revision, deploymentConfigName, overrideAlarmConfiguration: override };
}

/** The version whose handler throws. */
let broken = '';

const SCENARIOS: Scenario[] = [
  {
    name: 'canary',
    points: [6],
    run: async (target) => {
      // Without traffic: the placeholder throws, and its errors would count
      const first = await target.run(PIPELINE, { files: sourceWith('return 1;') });
      equal(first.status, 'Succeeded', causeOf(first));
      await settle(target);
      const second = await release(target, 'return 2;');
      equal(second.status, 'Succeeded', causeOf(second));
      equal(await liveVersion(target), '3');
      const deployment = await lastDeployment(target, 'a deployment that succeeded');
      equal(deployment.status, 'Succeeded');
    },
  },
  {
    name: 'alarm-rolls-back',
    points: [6],
    run: async (target) => {
      const before = await liveVersion(target);
      const run = await release(target, "throw new Error('broken');");
      equal(run.status, 'Failed');
      match(causeOf(run), /Deploy\/DeployAction: .*alarm/s);
      equal(await liveVersion(target), before, 'the alias is back');
      broken = run.actions.find(({ name }) => name === 'CreateAppSpecFile')!.variables.TargetVersion;
      const deployment = await lastDeployment(target, 'a deployment that an alarm stopped');
      equal(deployment.status, 'Stopped');
      equal(deployment.errorInformation.code, 'ALARM_ACTIVE');
      ok(deployment.rollbackInfo.rollbackDeploymentId, 'it was rolled back by a deployment');
    },
  },
  {
    name: 'alarms-ignored',
    points: [4],
    run: async (target) => {
      await makeAlarmRed(target);
      const refused = await release(target, 'return 3;');
      equal(refused.status, 'Failed', 'without the variable nothing is deployed');
      match(causeOf(refused), /alarm/i);
      const without = await target.call(
        'an override without a list of alarms',
        'codedeploy',
        'CreateDeployment',
        deploymentOf(broken, String(Number(broken) + 1), { enabled: false }),
      );
      equal(without.code, 'InvalidAlarmConfigException');
      const released = await release(target, 'return 4;', { IgnoreAlarms: 'true' });
      equal(released.status, 'Succeeded', causeOf(released));
      await lastDeployment(target, 'a deployment without alarms');
    },
  },
  {
    name: 'alarms-ignored-without-the-permission',
    points: [4],
    run: async (target) => {
      ok((await target.deploy('denied')).succeeded);
      await makeAlarmRed(target);
      const run = await release(target, 'return 5;', { IgnoreAlarms: 'true' });
      equal(run.status, 'Failed', 'CreateDeployment with an override asks for UpdateDeploymentGroup');
      match(causeOf(run), /UpdateDeploymentGroup/);
    },
  },
  {
    name: 'stopped-by-hand',
    points: [5],
    run: async (target) => {
      ok((await target.deploy('canary')).succeeded);
      const released = await release(target, 'return 55;', { IgnoreAlarms: 'true' });
      equal(released.status, 'Succeeded', causeOf(released));
      await settle(target);
      const before = await liveVersion(target);
      let stopped = false;
      const run = await target.run(
        PIPELINE,
        { files: sourceWith('return 6;') },
        async () => {
          const running = await target.call('the running deployment', 'codedeploy', 'ListDeployments', {
            ...GROUP,
            includeOnlyStatuses: ['InProgress'],
          });
          const [deploymentId] = running.members?.deployments ?? [];
          if (deploymentId && !stopped) {
            stopped = true;
            await target.call('stop', 'codedeploy', 'StopDeployment', { deploymentId, autoRollbackEnabled: true });
          }
        },
        10,
      );
      equal(run.status, 'Failed');
      equal(await liveVersion(target), before);
      equal((await lastDeployment(target, 'a deployment that was stopped')).status, 'Stopped');
    },
  },
  {
    name: 'hooks',
    points: [7],
    run: async (target) => {
      ok((await target.deploy('hooks')).succeeded);
      const run = await release(target, 'return 7;');
      equal(run.status, 'Succeeded', causeOf(run));
      await lastDeployment(target, 'a deployment with hooks');
    },
  },
  {
    name: 'hook-fails',
    points: [5, 7],
    run: async (target) => {
      ok((await target.deploy('hook-fails')).succeeded);
      const before = await liveVersion(target);
      const run = await release(target, 'return 8;');
      equal(run.status, 'Failed');
      match(causeOf(run), /BeforeAllowTraffic/);
      equal(await liveVersion(target), before);
      await lastDeployment(target, 'a deployment whose hook failed');
    },
  },
  {
    name: 'hook-is-silent',
    points: [7],
    slow: true,
    run: async (target) => {
      ok((await target.deploy('hook-is-silent')).succeeded);
      const run = await release(target, 'return 9;');
      equal(run.status, 'Failed');
      await lastDeployment(target, 'a deployment whose hook did not answer');
    },
  },
  {
    name: 'verification-rolls-back',
    points: [16],
    run: async (target) => {
      ok((await target.deploy('verified')).succeeded);
      const before = await liveVersion(target);
      const run = await release(target, 'return 10;');
      equal(run.status, 'Failed');
      match(causeOf(run), /^Verify\//);
      equal(await liveVersion(target), before);
    },
  },
  {
    // CloudFormation refuses changed numbers under the same name, so the name carries the numbers.
    name: 'deployment-config-changed',
    points: [13],
    run: async (target) => {
      const { succeeded } = await target.deploy('linear');
      equal(succeeded, true, 'a deployment configuration with other numbers gets another name');
    },
  },
];

/** Moves the alias by hand to the version that was rolled back, and lets it fail until the alarm is red. */
async function makeAlarmRed(target: Target): Promise<void> {
  await target.act(async () => {
    await target.call('move the alias by hand', 'lambda', 'UpdateAlias', {
      FunctionName,
      Name: 'live',
      FunctionVersion: broken,
    });
    while ((await alarmState(target)) !== 'ALARM') {
      await traffic(target);
      await target.sleep(20);
    }
  });
}

/** Waits until no alarm is red. */
async function settle(target: Target): Promise<void> {
  await target.act(async () => {
    while ((await alarmState(target)) === 'ALARM') {
      await target.sleep(20);
    }
  });
}

export const SHIFT: Suite = {
  name: 'shift',
  build,
  stackName: 'AcceptanceShift',
  first: 'canary',
  functions: [FunctionName],
  scenarios: SCENARIOS,
};
