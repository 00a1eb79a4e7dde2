import { setTimeout as sleep } from 'node:timers/promises';
import { DEPLOY_VARIABLES } from '../contract';
import { readDeployment } from './deployment';
import { readFailure } from './deployment-failure';
import { judge, Sight } from './next-look';
import { Watched } from './progress';
import { log } from '../base/log';
import { Settings } from '../base/settings';
import { findAlias } from '../function/lambda-function';
import { Outcome } from '../job/job';
import { POLL_SECONDS } from '../job/visit';

/** Watches the deployment until it, and its rollback if it has one, is over. */
export async function watchDeployment(settings: Settings, watched: Watched, until: number): Promise<Outcome> {
  for (;;) {
    const sight = await look(settings, watched);
    const verdict = judge(sight);
    log('deployment', { deploymentId: watched.deploymentId, status: sight.deployment.status, ...verdict });
    if (verdict.is === 'failed') {
      throw await readFailure(settings, watched, sight);
    }
    if (verdict.is === 'succeeded') {
      return succeeded(settings, watched);
    }
    if (Date.now() + POLL_SECONDS * 1000 > until) {
      return {
        summary: verdict.summary,
        percentComplete: verdict.percentComplete,
        deploymentId: watched.deploymentId,
        continuation: watched,
      };
    }
    await sleep(POLL_SECONDS * 1000);
  }
}

async function look(settings: Settings, { deploymentId, targetVersion }: Watched): Promise<Sight> {
  const deployment = await readDeployment(deploymentId);
  const rollbackId = deployment.rollbackInfo?.rollbackDeploymentId;
  const rollback = rollbackId ? await readDeployment(rollbackId) : undefined;
  const alias = await findAlias(settings); // after the deployment: what that has done last is to be seen
  return { deployment, rollback, alias, targetVersion, now: Date.now() };
}

function succeeded({ aliasName }: Settings, { deploymentId, targetVersion, currentVersion, notes }: Watched): Outcome {
  const before = currentVersion ? ` (before: version ${currentVersion})` : '';
  return {
    summary: [`all traffic of ${aliasName} goes to version ${targetVersion}${before}`, ...notes].join('; '),
    variables: { [DEPLOY_VARIABLES.deploymentId]: deploymentId, [DEPLOY_VARIABLES.currentVersion]: targetVersion },
    deploymentId,
    percentComplete: 100,
  };
}
