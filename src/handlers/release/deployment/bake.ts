import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeploymentInfo,
  LifecycleEventStatus,
  PutLifecycleEventHookExecutionStatusCommand,
} from '@aws-sdk/client-codedeploy';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { describeRedAlarms, findRedAlarms } from './alarms';
import { isRunning, readDeployment, WITHOUT_ALARMS } from './deployment';
import { codeDeploy, lambda } from '../aws/clients';
import { isNamed, toFailure } from '../base/failure';
import { log } from '../base/log';
import { readSettings, Settings } from '../base/settings';

/** What CodeDeploy hands to a hook. */
export interface HookEvent {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** What to tell CodeDeploy; nothing when another function tells it, or when it does not ask any more. */
type Answer = Extract<LifecycleEventStatus, 'Succeeded' | 'Failed'> | undefined;

const SLICE_SECONDS = 15;

/**
 * Hook AfterAllowTraffic: keeps the deployment open while the alarms can still stop it, and looks at them once more at
 * the end. Never throws: CodeDeploy would wait an hour for the answer.
 */
export async function bake(event: HookEvent, deadline: number): Promise<void> {
  let status: Answer;
  try {
    status = await watchOver(event, readSettings(), deadline);
  } catch (error) {
    log('the bake failed', { deploymentId: event.DeploymentId, error: toFailure(error).message });
    status = 'Failed'; // nobody knows whether the alarms are green, and CodeDeploy itself stops then
  }
  if (status) {
    await report(event, status);
  }
}

async function watchOver(event: HookEvent, settings: Settings, deadline: number): Promise<Answer> {
  const deployment = await readDeployment(event.DeploymentId);
  if (deployment.creator === 'codeDeployRollback') {
    return conclude(
      event,
      'Succeeded',
      'a rollback is not held up by alarms that are red because of what it rolls back',
    );
  }
  if (!ignoresAlarms(deployment)) {
    if (!(await sleepWhileRunning(event.DeploymentId, Date.now() + settings.bakeTimeSeconds * 1000, deadline))) {
      return undefined;
    }
    const redAlarms = await findRedAlarms(settings);
    if (redAlarms.length > 0) {
      return conclude(event, 'Failed', describeRedAlarms(redAlarms));
    }
  }
  if (!settings.postTrafficHook) {
    return conclude(event, 'Succeeded', 'no alarm is red, or they are ignored');
  }
  await lambda.send(
    new InvokeCommand({
      FunctionName: settings.postTrafficHook,
      InvocationType: 'Event',
      Payload: JSON.stringify(event),
    }),
  );
  return conclude(event, undefined, `${settings.postTrafficHook} reports the status`);
}

function conclude({ DeploymentId }: HookEvent, status: Answer, because: string): Answer {
  log('bake', { deploymentId: DeploymentId, status, because });
  return status;
}

/** The description says it too: a fix that was let through must not be rolled back because one field is missing in an answer. */
function ignoresAlarms({ overrideAlarmConfiguration, description }: DeploymentInfo): boolean {
  return overrideAlarmConfiguration?.enabled === false || (description ?? '').endsWith(WITHOUT_ALARMS);
}

/** Sleeps through the bake time; false when the deployment ended meanwhile, by an alarm or a person. */
async function sleepWhileRunning(deploymentId: string, end: number, deadline: number): Promise<boolean> {
  const until = Math.min(end, deadline);
  while (Date.now() < until) {
    await sleep(Math.min(SLICE_SECONDS * 1000, until - Date.now()));
    const deployment = await readDeployment(deploymentId);
    if (!isRunning(deployment)) {
      log('the deployment ended during the bake', { deploymentId, status: deployment.status });
      return false;
    }
  }
  return true;
}

async function report(
  { DeploymentId, LifecycleEventHookExecutionId }: HookEvent,
  status: LifecycleEventStatus,
): Promise<void> {
  try {
    await codeDeploy.send(
      new PutLifecycleEventHookExecutionStatusCommand({
        deploymentId: DeploymentId,
        lifecycleEventHookExecutionId: LifecycleEventHookExecutionId,
        status,
      }),
    );
  } catch (error) {
    const ended = isNamed(
      error,
      'LifecycleEventAlreadyCompletedException',
      'InvalidLifecycleEventHookExecutionIdException',
    );
    log(ended ? 'the hook has already ended' : 'the status was refused', {
      deploymentId: DeploymentId,
      error: toFailure(error).message,
    });
  }
}
