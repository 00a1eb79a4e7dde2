import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeploymentInfo,
  LifecycleEventStatus,
  PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { describeAlarms, findActiveAlarms } from './alarms';
import { writeBakeFailure } from './bake-failure';
import { readDeployment } from './deployment';
import { watchVersions } from './watch-versions';
import { codeDeploy, lambda } from '../aws/clients';
import { isNamed, toFailure } from '../base/failure';
import { log } from '../base/log';
import { isMarked, MARKERS } from '../base/marker';
import { retryWhileUnavailable } from '../base/poll';
import { readSettings, Settings } from '../base/settings';

/** The event with which CodeDeploy invokes a hook. */
export interface HookEvent {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** The end of the bake. */
interface BakeResult {
  /** The status for CodeDeploy. Undefined if another function reports it, or if the deployment has already ended. */
  readonly status?: Extract<LifecycleEventStatus, 'Succeeded' | 'Failed'>;
  readonly reason: string;
}

const RETRY_SECONDS = 10;
/** Part of the invocation's time that is kept for the report of the status. */
const REPORT_MILLISECONDS = 60_000;

/**
 * Hook AfterAllowTraffic: keeps the deployment open during the bake time, so that alarms can stop it, and checks the
 * alarms again at the end. Never throws, because CodeDeploy would wait an hour for the status.
 */
export async function bake(event: HookEvent, deadline: number): Promise<void> {
  const { status, reason } = await monitorOrFail(event, deadline);
  log('bake', { deploymentId: event.DeploymentId, status, reason });
  if (status === 'Failed') {
    await writeBakeFailure(event.DeploymentId, reason);
  }
  if (status) {
    await reportStatus(event, status, deadline);
  }
}

/** The bake fails if the state of the alarms is unknown. CodeDeploy itself stops a deployment in that case. */
async function monitorOrFail(event: HookEvent, deadline: number): Promise<BakeResult> {
  try {
    return await monitor(event, readSettings(), deadline - REPORT_MILLISECONDS);
  } catch (error) {
    return { status: 'Failed', reason: toFailure(error).message };
  }
}

async function monitor(event: HookEvent, settings: Settings, deadline: number): Promise<BakeResult> {
  const deployment = await retryWhileUnavailable(deadline, () => readDeployment(event.DeploymentId));
  if (deployment.creator === 'codeDeployRollback') {
    return {
      status: 'Succeeded',
      reason: 'a rollback does not wait: the version that it replaces caused the alarms',
    };
  }
  if (!ignoresAlarms(deployment)) {
    const end = Math.min(Date.now() + settings.bakeTimeSeconds * 1000, deadline);
    const early = await watchVersions({ settings, deploymentId: event.DeploymentId, end, deadline });
    if (early) {
      return early;
    }
    const activeAlarms = await retryWhileUnavailable(deadline, () => findActiveAlarms(settings, deployment));
    if (activeAlarms.length > 0) {
      return { status: 'Failed', reason: `at the end of the bake time, in ALARM: ${describeAlarms(activeAlarms)}` };
    }
  }
  const { postTrafficHook } = settings;
  if (!postTrafficHook) {
    return { status: 'Succeeded', reason: 'no alarm is in the ALARM state, or the deployment ignores alarms' };
  }
  await retryWhileUnavailable(deadline, () => invokeHook(postTrafficHook, event));
  return { reason: `${postTrafficHook} reports the status` };
}

/** The marker is a second source: a fix must not be rolled back because a response omits one field. */
function ignoresAlarms({ overrideAlarmConfiguration, description }: DeploymentInfo): boolean {
  return overrideAlarmConfiguration?.enabled === false || isMarked(description, MARKERS.ignoresAlarms);
}

/** Invokes the user's hook, which reports the status itself. */
async function invokeHook(functionName: string, event: HookEvent): Promise<void> {
  await lambda.send(
    new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload: JSON.stringify(event) }),
  );
}

/** Retries until the invocation must end: CodeDeploy waits an hour for a lost status, and then rolls back. */
async function reportStatus(event: HookEvent, status: LifecycleEventStatus, deadline: number): Promise<void> {
  while (!(await tryToReport(event, status)) && Date.now() + RETRY_SECONDS * 1000 < deadline) {
    await sleep(RETRY_SECONDS * 1000);
  }
}

/** Returns whether CodeDeploy has the status, or has no use for it any more. */
async function tryToReport(event: HookEvent, status: LifecycleEventStatus): Promise<boolean> {
  try {
    await codeDeploy.send(
      new PutLifecycleEventHookExecutionStatusCommand({
        deploymentId: event.DeploymentId,
        lifecycleEventHookExecutionId: event.LifecycleEventHookExecutionId,
        status,
      }),
    );
    return true;
  } catch (error) {
    const isOver = isNamed(
      error,
      'LifecycleEventAlreadyCompletedException',
      'InvalidLifecycleEventHookExecutionIdException',
    );
    log(isOver ? 'the hook has already ended' : 'CodeDeploy rejected the status', {
      deploymentId: event.DeploymentId,
      error: toFailure(error).message,
    });
    return isOver;
  }
}
