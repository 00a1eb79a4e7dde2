import { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import { isRunning } from './deployment';
import { AliasState, hasWeights, percent, shareOf } from '../function/lambda-function';
import { Allocation, describeHeldAlias, HELD_MINUTES } from '../function/provisioned-concurrency';

/** The state of a deployment at one time. */
export interface DeploymentSnapshot {
  readonly deployment: DeploymentInfo;
  /** The deployment with which CodeDeploy rolls this one back; undefined before CodeDeploy has started it. */
  readonly rollback?: DeploymentInfo;
  readonly alias?: AliasState;
  /** The provisioned concurrency for which Lambda holds the traffic on another version. */
  readonly allocation?: Allocation;
  readonly targetVersion: string;
  readonly now: number;
}

/** Whether a deployment has ended, and how. */
export type Evaluation =
  | { readonly result: 'running'; readonly summary: string; readonly percentComplete: number }
  | { readonly result: 'succeeded' }
  | { readonly result: 'failed' };

/** CodeDeploy reports the id of the rollback shortly after the failure. */
const ROLLBACK_GRACE_MILLISECONDS = 30_000;

/** Decides whether the deployment, including its rollback, has ended. */
export function evaluateDeployment(snapshot: DeploymentSnapshot): Evaluation {
  const { deployment, rollback, alias, targetVersion } = snapshot;
  if (isRunning(deployment)) {
    return describeShift(snapshot);
  }
  if (deployment.status === 'Succeeded') {
    return alias && mayStillReceiveTraffic(snapshot)
      ? { result: 'running', summary: `waiting for ${describeHeldAlias('the alias', alias)}`, percentComplete: 0 }
      : { result: alias && isAllOn(alias, targetVersion) ? 'succeeded' : 'failed' };
  }
  if (rollback && isRunning(rollback)) {
    return rollingBack(
      `deployment ${deployment.deploymentId} failed; deployment ${rollback.deploymentId} is rolling it back`,
    );
  }
  if (!rollback && mayStillRollBack(snapshot)) {
    return rollingBack(`deployment ${deployment.deploymentId} failed; waiting for its rollback`);
  }
  return { result: 'failed' };
}

/** Whether the alias sends all its traffic to the version. */
export function isAllOn(alias: AliasState, version: string): boolean {
  return alias.version === version && !hasWeights(alias);
}

/** After the deployment, Lambda holds the traffic until the provisioned concurrency of the version is ready. */
function mayStillReceiveTraffic({ deployment, alias, allocation, targetVersion, now }: DeploymentSnapshot): boolean {
  const since = deployment.completeTime?.getTime() ?? now;
  const isInTime = now - since < HELD_MINUTES * 60_000;
  return alias?.version === targetVersion && allocation !== undefined && allocation.status !== 'FAILED' && isInTime;
}

function mayStillRollBack({ deployment, now }: DeploymentSnapshot): boolean {
  if (!deployment.autoRollbackConfiguration?.enabled || !deployment.completeTime) {
    return false;
  }
  return now - deployment.completeTime.getTime() < ROLLBACK_GRACE_MILLISECONDS;
}

function rollingBack(summary: string): Evaluation {
  return { result: 'running', summary, percentComplete: 0 };
}

function describeShift({ deployment, alias, targetVersion }: DeploymentSnapshot): Evaluation {
  const shifted = alias ? percent(shareOf(alias, targetVersion)) : 0;
  return {
    result: 'running',
    summary: `deployment ${deployment.deploymentId}: ${describeShare(shifted, targetVersion)}`,
    percentComplete: Math.floor(shifted),
  };
}

function describeShare(shifted: number, targetVersion: string): string {
  if (shifted === 0) {
    return `version ${targetVersion} receives no traffic yet`;
  }
  if (shifted === 100) {
    return `all traffic goes to version ${targetVersion}, and the alarms can still stop the deployment`;
  }
  return `${shifted}% of the traffic goes to version ${targetVersion}`;
}
