import { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import {
  DeploymentSnapshot,
  evaluateDeployment,
} from '../../../../src/handlers/release/deployment/evaluate-deployment';

const NOW = Date.UTC(2026, 10, 23);

function snapshot(deployment: DeploymentInfo, others: Partial<DeploymentSnapshot> = {}): DeploymentSnapshot {
  return {
    deployment: { deploymentId: 'd-1', ...deployment },
    alias: { version: '2', weights: {} },
    targetVersion: '3',
    now: NOW,
    ...others,
  };
}

function failedAgo(seconds: number, enabled = true): DeploymentInfo {
  return { status: 'Failed', autoRollbackConfiguration: { enabled }, completeTime: new Date(NOW - seconds * 1000) };
}

test.each<[string, DeploymentSnapshot, object]>([
  [
    'is running before the shift',
    snapshot({ status: 'InProgress' }),
    { result: 'running', percentComplete: 0, summary: expect.stringContaining('version 3 receives no traffic yet') },
  ],
  [
    'is running while Lambda provides the provisioned concurrency',
    snapshot(
      { status: 'Succeeded', completeTime: new Date(NOW - 60_000) },
      { alias: { version: '3', weights: { 2: 1 } }, allocation: { status: 'IN_PROGRESS' } },
    ),
    { result: 'running', summary: expect.stringContaining('the provisioned concurrency of version 3') },
  ],
  [
    'fails when Lambda has not provided it for half an hour',
    snapshot(
      { status: 'Succeeded', completeTime: new Date(NOW - 1_800_000) },
      { alias: { version: '3', weights: { 2: 1 } }, allocation: { status: 'IN_PROGRESS' } },
    ),
    { result: 'failed' },
  ],
  [
    'fails when Lambda could not provide it',
    snapshot({ status: 'Succeeded' }, { alias: { version: '3', weights: { 2: 1 } }, allocation: { status: 'FAILED' } }),
    { result: 'failed' },
  ],
  [
    'is running while it shifts',
    snapshot({ status: 'InProgress' }, { alias: { version: '2', weights: { 3: 0.25 } } }),
    { result: 'running', percentComplete: 25, summary: expect.stringContaining('25% of the traffic') },
  ],
  [
    'is running while it bakes',
    snapshot({ status: 'InProgress' }, { alias: { version: '3', weights: {} } }),
    {
      result: 'running',
      percentComplete: 100,
      summary: expect.stringContaining('the alarms can still stop the deployment'),
    },
  ],
  ['is running while it is queued', snapshot({ status: 'Queued' }), { result: 'running' }],
  [
    'has succeeded when the alias points to the version',
    snapshot({ status: 'Succeeded' }, { alias: { version: '3', weights: {} } }),
    { result: 'succeeded' },
  ],
  [
    'has failed when the alias points to another version in spite of success',
    snapshot({ status: 'Succeeded' }),
    { result: 'failed' },
  ],
  [
    'has failed when the alias is still split in spite of success',
    snapshot({ status: 'Succeeded' }, { alias: { version: '3', weights: { 2: 0.5 } } }),
    { result: 'failed' },
  ],
  [
    'is running while the rollback runs',
    snapshot({ status: 'Stopped' }, { rollback: { deploymentId: 'd-2', status: 'InProgress' } }),
    { result: 'running', summary: 'deployment d-1 failed; deployment d-2 is rolling it back' },
  ],
  [
    'has failed when the rollback has ended',
    snapshot({ status: 'Stopped' }, { rollback: { deploymentId: 'd-2', status: 'Succeeded' } }),
    { result: 'failed' },
  ],
  [
    'waits for a rollback that CodeDeploy has not reported yet',
    snapshot(failedAgo(10)),
    { result: 'running', summary: 'deployment d-1 failed; waiting for its rollback' },
  ],
  ['waits at most 30 seconds for the rollback', snapshot(failedAgo(31)), { result: 'failed' }],
  ['does not wait when no rollback is configured', snapshot(failedAgo(1, false)), { result: 'failed' }],
])('%s', (_, given, evaluation) => {
  expect(evaluateDeployment(given)).toMatchObject(evaluation);
});
