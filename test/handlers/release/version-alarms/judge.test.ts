import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  BatchGetDeploymentTargetsCommand,
  CodeDeployClient,
  LambdaTarget,
  ListDeploymentTargetsCommand,
} from '@aws-sdk/client-codedeploy';
import { mockClient } from 'aws-sdk-client-mock';
import { VersionAlarm } from '../../../../src/handlers/release/contract';
import { judge } from '../../../../src/handlers/release/version-alarms/judge';
import { inputsOf, settingsWith } from '../fixtures';

const cloudWatch = mockClient(CloudWatchClient);
const codeDeploy = mockClient(CodeDeployClient);
const ALARM: VersionAlarm = {
  name: 'ErrorRate',
  maximumPercent: 2,
  standardDeviations: 3,
  minimumFailures: 3,
  windowSeconds: 300,
  onInconclusive: 'PROCEED',
};
const settings = settingsWith({ VERSION_ALARMS: JSON.stringify([ALARM]) });
const SHIFT = { lifecycleEventName: 'AllowTraffic', startTime: new Date(Date.UTC(2026, 0, 5, 9, 10)) };
const VERSIONS = { currentVersion: '2', targetVersion: '3' };

function targetIs(lambdaTarget: LambdaTarget): void {
  [cloudWatch, codeDeploy].forEach((mock) => mock.reset());
  codeDeploy.on(ListDeploymentTargetsCommand).resolves({ targetIds: ['t-1'] });
  codeDeploy.on(BatchGetDeploymentTargetsCommand).resolves({ deploymentTargets: [{ lambdaTarget }] });
  cloudWatch.on(GetMetricDataCommand).resolves({});
}

test('judges the versions of the deployment', async () => {
  targetIs({ lambdaFunctionInfo: VERSIONS, lifecycleEvents: [{ ...SHIFT, status: 'InProgress' }] });
  const end = new Date(Date.UTC(2026, 0, 5, 9, 20));
  await expect(judge(settings, 'd-1', end)).resolves.toEqual({
    currentVersion: '2',
    verdicts: [expect.objectContaining({ result: 'inconclusive' })],
    text:
      'version 3: no invocations; version 2 in the 5 minutes before: no invocations; ' +
      'ErrorRate inconclusive: no invocations (maximum 2%, which needs 150 invocations)',
  });
  expect(inputsOf(cloudWatch, GetMetricDataCommand)[0].EndTime).toEqual(new Date(Date.UTC(2026, 0, 5, 9, 21)));
});

test.each<[string, LambdaTarget]>([
  [
    'no traffic has shifted',
    { lambdaFunctionInfo: VERSIONS, lifecycleEvents: [{ lifecycleEventName: 'AllowTraffic' }] },
  ],
  ['there is no event yet', { lambdaFunctionInfo: VERSIONS }],
  ['CodeDeploy does not return the versions', { lifecycleEvents: [SHIFT] }],
])('does not judge when %s', async (_, target) => {
  targetIs(target);
  await expect(judge(settings, 'd-1')).resolves.toBeUndefined();
});

test('does not judge a deployment without a target', async () => {
  targetIs({});
  codeDeploy.on(ListDeploymentTargetsCommand).resolves({});
  await expect(judge(settings, 'd-1')).resolves.toBeUndefined();
});

test('reads nothing without version alarms', async () => {
  targetIs({});
  await expect(judge(settingsWith(), 'd-1')).resolves.toBeUndefined();
  expect(codeDeploy.calls()).toEqual([]);
});
