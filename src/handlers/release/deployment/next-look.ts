import { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import { isRunning } from './deployment';
import { AliasState, hasWeights, percent, shareOf } from '../function/lambda-function';

/** What there is to see of a deployment. */
export interface Sight {
  readonly deployment: DeploymentInfo;
  /** The deployment by which CodeDeploy rolls this one back, once there is one. */
  readonly rollback?: DeploymentInfo;
  readonly alias?: AliasState;
  readonly targetVersion: string;
  readonly now: number;
}

/** What a look at a deployment says. */
export type Verdict =
  | { readonly is: 'running'; readonly summary: string; readonly percentComplete: number }
  | { readonly is: 'succeeded' }
  | { readonly is: 'failed' };

/** CodeDeploy names the rollback a little after the failure. */
const ROLLBACK_GRACE_MILLISECONDS = 30_000;

/** Decides whether the deployment, with its rollback if it has one, is over. */
export function judge(sight: Sight): Verdict {
  const { deployment, rollback, alias, targetVersion } = sight;
  if (isRunning(deployment)) {
    return describeShift(sight);
  }
  if (deployment.status === 'Succeeded') {
    return { is: alias && isAllOn(alias, targetVersion) ? 'succeeded' : 'failed' };
  }
  if (rollback && isRunning(rollback)) {
    return rollingBack(`${deployment.deploymentId} failed and is being rolled back by ${rollback.deploymentId}`);
  }
  if (!rollback && mayYetRollBack(sight)) {
    return rollingBack(`${deployment.deploymentId} failed; waiting for its rollback`);
  }
  return { is: 'failed' };
}

/** Whether all traffic of the alias goes to the version. */
export function isAllOn(alias: AliasState, version: string): boolean {
  return alias.version === version && !hasWeights(alias);
}

function mayYetRollBack({ deployment, now }: Sight): boolean {
  if (!deployment.autoRollbackConfiguration?.enabled || !deployment.completeTime) {
    return false;
  }
  return now - deployment.completeTime.getTime() < ROLLBACK_GRACE_MILLISECONDS;
}

function rollingBack(summary: string): Verdict {
  return { is: 'running', summary, percentComplete: 0 };
}

function describeShift({ deployment, alias, targetVersion }: Sight): Verdict {
  const shifted = alias ? percent(shareOf(alias, targetVersion)) : 0;
  return {
    is: 'running',
    summary: `deployment ${deployment.deploymentId}: ${describeShare(shifted, targetVersion)}`,
    percentComplete: Math.floor(shifted),
  };
}

function describeShare(shifted: number, targetVersion: string): string {
  if (shifted === 0) {
    return `version ${targetVersion} gets no traffic yet`;
  }
  if (shifted === 100) {
    return `all traffic goes to version ${targetVersion}, and the alarms are still watched`;
  }
  return `shifting: ${shifted} % of the traffic goes to version ${targetVersion}`;
}
