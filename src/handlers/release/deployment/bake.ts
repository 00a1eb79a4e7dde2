import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeploymentInfo,
  LifecycleEventStatus,
  PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { describeAlarms, findActiveAlarms } from './alarms';
import { isRunning, readDeployment } from './deployment';
import { codeDeploy, lambda } from '../aws/clients';
import { isNamed, toFailure } from '../base/failure';
import { log } from '../base/log';
import { isMarked, MARKERS } from '../base/marker';
import { readSettings, Settings } from '../base/settings';

/** The event with which CodeDeploy invokes a hook. */
export interface HookEvent {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** The status for CodeDeploy. Undefined if another function reports it, or if the deployment has already ended. */
type HookStatus = Extract<LifecycleEventStatus, 'Succeeded' | 'Failed'> | undefined;

const POLL_SECONDS = 15;

/**
 * Hook AfterAllowTraffic: keeps the deployment open during the bake time, so that alarms can stop it, and checks the
 * alarms again at the end. Never throws, because CodeDeploy would wait an hour for the status.
 */
export async function bake(event: HookEvent, deadline: number): Promise<void> {
  let status: HookStatus;
  try {
    status = await monitor(event, readSettings(), deadline);
  } catch (error) {
    log('the bake failed', { deploymentId: event.DeploymentId, error: toFailure(error).message });
    status = 'Failed'; // the state of the alarms is unknown, and CodeDeploy itself stops a deployment in that case
  }
  if (status) {
    await reportStatus(event, status);
  }
}

async function monitor(event: HookEvent, settings: Settings, deadline: number): Promise<HookStatus> {
  const deployment = await readDeployment(event.DeploymentId);
  if (deployment.creator === 'codeDeployRollback') {
    return logged(event, 'Succeeded', 'a rollback does not wait: the version that it replaces caused the alarms');
  }
  if (!ignoresAlarms(deployment)) {
    const end = Math.min(Date.now() + settings.bakeTimeSeconds * 1000, deadline);
    if (!(await sleepWhileRunning(event.DeploymentId, end))) {
      return undefined;
    }
    const activeAlarms = await findActiveAlarms(settings);
    if (activeAlarms.length > 0) {
      return logged(event, 'Failed', describeAlarms(activeAlarms));
    }
  }
  if (!settings.postTrafficHook) {
    return logged(event, 'Succeeded', 'no alarm is in the ALARM state, or the deployment ignores alarms');
  }
  await invokeHook(settings.postTrafficHook, event);
  return logged(event, undefined, `${settings.postTrafficHook} reports the status`);
}

function logged({ DeploymentId }: HookEvent, status: HookStatus, reason: string): HookStatus {
  log('bake', { deploymentId: DeploymentId, status, reason });
  return status;
}

/** The marker is a second source: a fix must not be rolled back because a response omits one field. */
function ignoresAlarms({ overrideAlarmConfiguration, description }: DeploymentInfo): boolean {
  return overrideAlarmConfiguration?.enabled === false || isMarked(description, MARKERS.ignoresAlarms);
}

/** Sleeps until the end of the bake. Returns false if the deployment ends first, by an alarm or a person. */
async function sleepWhileRunning(deploymentId: string, end: number): Promise<boolean> {
  while (Date.now() < end) {
    await sleep(Math.min(POLL_SECONDS * 1000, end - Date.now()));
    const deployment = await readDeployment(deploymentId);
    if (!isRunning(deployment)) {
      log('the deployment ended during the bake', { deploymentId, status: deployment.status });
      return false;
    }
  }
  return true;
}

/** Invokes the user's hook, which reports the status itself. */
async function invokeHook(functionName: string, event: HookEvent): Promise<void> {
  await lambda.send(
    new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload: JSON.stringify(event) }),
  );
}

async function reportStatus(event: HookEvent, status: LifecycleEventStatus): Promise<void> {
  try {
    await codeDeploy.send(
      new PutLifecycleEventHookExecutionStatusCommand({
        deploymentId: event.DeploymentId,
        lifecycleEventHookExecutionId: event.LifecycleEventHookExecutionId,
        status,
      }),
    );
  } catch (error) {
    const hasEnded = isNamed(
      error,
      'LifecycleEventAlreadyCompletedException',
      'InvalidLifecycleEventHookExecutionIdException',
    );
    log(hasEnded ? 'the hook has already ended' : 'CodeDeploy rejected the status', {
      deploymentId: event.DeploymentId,
      error: toFailure(error).message,
    });
  }
}
