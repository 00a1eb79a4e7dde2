import { setTimeout as sleep } from 'node:timers/promises';
import { readDeployment } from './deployment';
import { readDeploymentFailure } from './deployment-failure';
import { DeploymentSnapshot, evaluateDeployment } from './evaluate-deployment';
import { DeploymentProgress } from './progress';
import { log } from '../base/log';
import { Settings } from '../base/settings';
import { DEPLOY_VARIABLES } from '../contract';
import { findAlias } from '../function/lambda-function';
import { Outcome } from '../job/job';
import { POLL_SECONDS } from '../job/visit';

/** Watches the deployment until it has ended, including its rollback. */
export async function watchDeployment(
  settings: Settings,
  progress: DeploymentProgress,
  until: number,
): Promise<Outcome> {
  for (;;) {
    const snapshot = await readSnapshot(settings, progress);
    const evaluation = evaluateDeployment(snapshot);
    log('deployment', { deploymentId: progress.deploymentId, status: snapshot.deployment.status, ...evaluation });
    if (evaluation.result === 'failed') {
      throw await readDeploymentFailure(settings, progress, snapshot);
    }
    if (evaluation.result === 'succeeded') {
      return succeeded(settings, progress);
    }
    if (Date.now() + POLL_SECONDS * 1000 > until) {
      return {
        summary: evaluation.summary,
        percentComplete: evaluation.percentComplete,
        deploymentId: progress.deploymentId,
        continuation: progress,
      };
    }
    await sleep(POLL_SECONDS * 1000);
  }
}

async function readSnapshot(
  settings: Settings,
  { deploymentId, targetVersion }: DeploymentProgress,
): Promise<DeploymentSnapshot> {
  const deployment = await readDeployment(deploymentId);
  const rollbackId = deployment.rollbackInfo?.rollbackDeploymentId;
  const rollback = rollbackId ? await readDeployment(rollbackId) : undefined;
  const alias = await findAlias(settings); // after the deployment, so that its last change of the alias is visible
  return { deployment, rollback, alias, targetVersion, now: Date.now() };
}

function succeeded(
  { aliasName }: Settings,
  { deploymentId, targetVersion, currentVersion, notes }: DeploymentProgress,
): Outcome {
  const previously = currentVersion ? ` (previously version ${currentVersion})` : '';
  return {
    summary: [`all traffic of ${aliasName} goes to version ${targetVersion}${previously}`, ...notes].join('; '),
    variables: { [DEPLOY_VARIABLES.deploymentId]: deploymentId, [DEPLOY_VARIABLES.currentVersion]: targetVersion },
    deploymentId,
    percentComplete: 100,
  };
}
