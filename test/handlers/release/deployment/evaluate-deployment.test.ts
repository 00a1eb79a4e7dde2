import { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import { judge, Sight } from '../../../../src/handlers/release/deployment/next-look';

const NOW = Date.UTC(2026, 10, 23);

function sight(deployment: DeploymentInfo, others: Partial<Sight> = {}): Sight {
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

test.each<[string, Sight, object]>([
  [
    'is running before the shift',
    sight({ status: 'InProgress' }),
    { is: 'running', percentComplete: 0, summary: expect.stringContaining('version 3 gets no traffic yet') },
  ],
  [
    'is running while it shifts',
    sight({ status: 'InProgress' }, { alias: { version: '2', weights: { 3: 0.25 } } }),
    { is: 'running', percentComplete: 25, summary: expect.stringContaining('shifting: 25 %') },
  ],
  [
    'is running while it bakes',
    sight({ status: 'InProgress' }, { alias: { version: '3', weights: {} } }),
    { is: 'running', percentComplete: 100, summary: expect.stringContaining('still watched') },
  ],
  ['is running while it is queued', sight({ status: 'Queued' }), { is: 'running' }],
  [
    'has succeeded when the alias is at the version',
    sight({ status: 'Succeeded' }, { alias: { version: '3', weights: {} } }),
    { is: 'succeeded' },
  ],
  ['has failed when the alias is elsewhere in spite of success', sight({ status: 'Succeeded' }), { is: 'failed' }],
  [
    'has failed when the alias is still split in spite of success',
    sight({ status: 'Succeeded' }, { alias: { version: '3', weights: { 2: 0.5 } } }),
    { is: 'failed' },
  ],
  [
    'is running while the rollback runs',
    sight({ status: 'Stopped' }, { rollback: { deploymentId: 'd-2', status: 'InProgress' } }),
    { is: 'running', summary: 'd-1 failed and is being rolled back by d-2' },
  ],
  [
    'has failed when the rollback has ended',
    sight({ status: 'Stopped' }, { rollback: { deploymentId: 'd-2', status: 'Succeeded' } }),
    { is: 'failed' },
  ],
  [
    'waits for a rollback that CodeDeploy has not named yet',
    sight(failedAgo(10)),
    { is: 'running', summary: 'd-1 failed; waiting for its rollback' },
  ],
  ['waits no longer than half a minute for it', sight(failedAgo(31)), { is: 'failed' }],
  ['waits for no rollback when none is configured', sight(failedAgo(1, false)), { is: 'failed' }],
])('%s', (_, seen, verdict) => {
  expect(judge(seen)).toMatchObject(verdict);
});
