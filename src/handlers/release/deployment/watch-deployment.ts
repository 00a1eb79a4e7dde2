import { setTimeout as sleep } from 'node:timers/promises';
import { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import { isRunning, readDeployment } from './deployment';
import { readDeploymentFailure } from './deployment-failure';
import { DeploymentSnapshot, evaluateDeployment } from './evaluate-deployment';
import { DeploymentProgress } from './progress';
import { readEvidence } from '../base/evidence';
import { ReleaseFailure, toFailure } from '../base/failure';
import { log } from '../base/log';
import { Settings } from '../base/settings';
import { DEPLOY_VARIABLES } from '../contract';
import { findAlias } from '../function/lambda-function';
import { findHoldingAllocation } from '../function/provisioned-concurrency';
import { Outcome } from '../job/job';
import { POLL_SECONDS } from '../job/visit';
import { judge } from '../version-alarms/judge';
import { deleteVersionAlarms } from '../version-alarms/version-alarms';

/** How long the step keeps watching a deployment that it can't read. */
const UNREADABLE_MINUTES = 30;

/** What one look at the deployment shows: the outcome of the job, or the progress until now. */
type Look =
  | { readonly outcome: Outcome }
  | { readonly progress: DeploymentProgress; readonly summary: string; readonly percentComplete?: number };

/** Watches the deployment until it has ended, including its rollback. */
export async function watchDeployment(
  settings: Settings,
  progress: DeploymentProgress,
  until: number,
): Promise<Outcome> {
  const look = await lookAt(settings, progress);
  if ('outcome' in look) {
    return look.outcome;
  }
  if (Date.now() + POLL_SECONDS * 1000 > until) {
    const { summary, percentComplete, progress: continuation } = look;
    return { summary, percentComplete, deploymentId: progress.deploymentId, continuation };
  }
  await sleep(POLL_SECONDS * 1000);
  return watchDeployment(settings, look.progress, until);
}

async function lookAt(settings: Settings, progress: DeploymentProgress): Promise<Look> {
  let snapshot: DeploymentSnapshot;
  try {
    snapshot = await readSnapshot(settings, progress);
  } catch (error) {
    return notSeen(settings, progress, toFailure(error));
  }
  const evaluation = evaluateDeployment(snapshot);
  log('deployment', { deploymentId: progress.deploymentId, status: snapshot.deployment.status, ...evaluation });
  if (evaluation.result !== 'running') {
    return endOf(settings, progress, snapshot, evaluation.result);
  }
  const { summary, percentComplete } = evaluation;
  return { summary, percentComplete, progress: { ...progress, unreadableSince: undefined } };
}

/** The alarms are deleted last, because the message quotes those that are in the ALARM state. */
async function endOf(
  settings: Settings,
  progress: DeploymentProgress,
  snapshot: DeploymentSnapshot,
  result: 'succeeded' | 'failed',
): Promise<Look> {
  try {
    if (result === 'failed') {
      throw await readDeploymentFailure(settings, progress, snapshot);
    }
    return { outcome: await succeeded(settings, progress, snapshot.deployment) };
  } finally {
    await deleteVersionAlarms(settings, snapshot.deployment);
  }
}

/** A read that fails says nothing about the deployment, which goes on in any case. */
function notSeen(
  { deploymentGroupName }: Settings,
  progress: DeploymentProgress,
  { type, message }: ReleaseFailure,
): Look {
  const { deploymentId, targetVersion, unreadableSince = Date.now() } = progress;
  log('the state of the deployment is unknown', { deploymentId, error: message });
  if (Date.now() - unreadableSince >= UNREADABLE_MINUTES * 60_000) {
    throw new ReleaseFailure(
      type,
      `The pipeline could not read the deployment ${deploymentId} for ${UNREADABLE_MINUTES} minutes: ${message} ` +
        `The deployment goes on without the pipeline: CodeDeploy shifts the traffic to version ${targetVersion}, ` +
        `watches the alarms, and rolls back. See the deployment ${deploymentId} of ${deploymentGroupName} in ` +
        'CodeDeploy. After its end, retry the stage.',
      deploymentId,
    );
  }
  return {
    summary: `the state of the deployment ${deploymentId} is unknown, and the deployment goes on: ${message}`,
    progress: { ...progress, unreadableSince },
  };
}

async function readSnapshot(
  settings: Settings,
  { deploymentId, targetVersion }: DeploymentProgress,
): Promise<DeploymentSnapshot> {
  const deployment = await readDeployment(deploymentId);
  const rollbackId = deployment.rollbackInfo?.rollbackDeploymentId;
  const rollback = rollbackId ? await readDeployment(rollbackId) : undefined;
  const alias = await findAlias(settings); // after the deployment, so that its last change of the alias is visible
  const allocation = isRunning(deployment) ? undefined : await findHoldingAllocation(settings, alias);
  return { deployment, rollback, alias, allocation, targetVersion, now: Date.now() };
}

async function succeeded(
  settings: Settings,
  { deploymentId, targetVersion, currentVersion, notes }: DeploymentProgress,
  { completeTime }: DeploymentInfo,
): Promise<Outcome> {
  const { aliasName } = settings;
  const missing: string[] = [];
  const judgment = await readEvidence('metrics of the versions', judge(settings, deploymentId, completeTime), missing);
  const remarks = [...(judgment ? [judgment.text] : []), ...missing, ...notes];
  const previously = currentVersion ? ` (previously version ${currentVersion})` : '';
  return {
    summary: [`all traffic of ${aliasName} goes to version ${targetVersion}${previously}`, ...remarks].join('; '),
    variables: { [DEPLOY_VARIABLES.deploymentId]: deploymentId, [DEPLOY_VARIABLES.currentVersion]: targetVersion },
    deploymentId,
    percentComplete: 100,
  };
}
