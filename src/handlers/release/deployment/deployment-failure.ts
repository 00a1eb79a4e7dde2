import {
  BatchGetDeploymentTargetsCommand,
  LifecycleEvent,
  ListDeploymentTargetsCommand,
} from '@aws-sdk/client-codedeploy';
import { describeRedAlarms, findRedAlarms, RedAlarm } from './alarms';
import { isAllOn, Sight } from './next-look';
import { Watched } from './progress';
import { codeDeploy } from '../aws/clients';
import { readEvidence } from '../base/evidence';
import { ReleaseFailure } from '../base/failure';
import { Settings } from '../base/settings';
import { describeWeights, hasWeights } from '../function/lambda-function';

/** By these words in the message of a failure a release is known that was rolled back. */
export const ROLLED_BACK = 'CodeDeploy rolled it back';

/** What is known about the reason of a failure, besides the deployment itself. */
export interface Evidence {
  readonly redAlarms: RedAlarm[];
  readonly events: LifecycleEvent[];
  /** What could not be read. */
  readonly missing: string[];
}

/** The failure of a deployment that is over: its cause, and where the traffic goes now. */
export async function readFailure(settings: Settings, watched: Watched, sight: Sight): Promise<ReleaseFailure> {
  const missing: string[] = [];
  const [redAlarms = [], events = []] = await Promise.all([
    readEvidence('alarms', findRedAlarms(settings), missing),
    readEvidence('lifecycle events', readLifecycleEvents(watched.deploymentId), missing),
  ]);
  const message = describeFailure(settings, watched, sight, { redAlarms, events, missing });
  return new ReleaseFailure('JobFailed', message, watched.deploymentId);
}

/** The whole message, for the person at 2 a.m. */
export function describeFailure(settings: Settings, watched: Watched, sight: Sight, evidence: Evidence): string {
  return [
    `The deployment ${watched.deploymentId} of version ${watched.targetVersion} ${describeCause(settings, sight, evidence)}`,
    describeRollback(sight),
    describeTraffic(settings, watched, sight),
    ...watched.notes.map((note) => `Note: ${note}.`),
    ...evidence.missing,
    `Look at the deployment ${watched.deploymentId} of ${settings.deploymentGroupName} in CodeDeploy, and at the log group /aws/lambda/${settings.functionName}.`,
  ]
    .filter((sentence) => sentence)
    .join(' ');
}

function describeCause(settings: Settings, { deployment }: Sight, { redAlarms, events }: Evidence): string {
  const { code, message = 'no message' } = deployment.errorInformation ?? {};
  const red =
    redAlarms.length > 0
      ? `In alarm now: ${describeRedAlarms(redAlarms)}`
      : 'No alarm of the group is known to be red now.';
  const hook = events.find((event) => event.status === 'Failed');
  if (deployment.status === 'Succeeded') {
    return 'succeeded, but somebody moved the alias meanwhile.';
  }
  if (code === 'ALARM_ACTIVE') {
    return `was stopped by an alarm: ${message}${message.endsWith('.') ? '' : '.'} ${red}`;
  }
  if (hook) {
    return `failed in ${describeHook(settings, hook)} ${red}`;
  }
  if (code === 'HOOK_EXECUTION_FAILURE') {
    return `failed in a hook: ${message}. ${red}`;
  }
  if (code === 'MANUAL_STOP' || (deployment.status === 'Stopped' && !code)) {
    return `was stopped by a person or another program: ${message}`;
  }
  if (code === 'TIMEOUT') {
    return `took longer than CodeDeploy allows: ${message}`;
  }
  return `failed: ${message} (${code ?? 'no code'}).`;
}

function describeHook(
  { preTrafficHook, postTrafficHook, bakeTimeSeconds }: Settings,
  { lifecycleEventName, diagnostics }: LifecycleEvent,
): string {
  const functions: Record<string, (string | false | undefined)[]> = {
    BeforeAllowTraffic: [preTrafficHook],
    AfterAllowTraffic: [bakeTimeSeconds > 0 && 'the watch over the alarms', postTrafficHook],
  };
  const names = (functions[lifecycleEventName ?? ''] ?? []).filter((name) => name).join(', or ');
  return `${lifecycleEventName}${names && ` (${names})`}: ${diagnostics?.message || diagnostics?.errorCode || 'it reported Failed'}.`;
}

function describeRollback({ rollback }: Sight): string {
  if (!rollback) {
    return '';
  }
  if (rollback.status === 'Succeeded') {
    return `${ROLLED_BACK} (deployment ${rollback.deploymentId}).`;
  }
  const reason = rollback.errorInformation?.message ?? 'no message';
  return `The rollback ${rollback.deploymentId} did not come through either, it is ${rollback.status}: ${reason}.`;
}

function describeTraffic(
  { functionName, aliasName }: Settings,
  { targetVersion, currentVersion }: Watched,
  { alias }: Sight,
): string {
  if (!alias) {
    return `The alias ${aliasName} does not exist any more: somebody deleted it.`;
  }
  const putBack =
    `aws lambda update-alias --function-name ${functionName} --name ${aliasName} ` +
    `--function-version ${currentVersion ?? '<version>'} --routing-config AdditionalVersionWeights={}`;
  if (hasWeights(alias)) {
    return (
      `The alias ${aliasName} still splits its traffic: ${describeWeights(alias)}. Nothing rolled that back. ` +
      `The next run of the pipeline puts it back to version ${alias.version}; now: ${putBack}`
    );
  }
  if (!isAllOn(alias, targetVersion)) {
    return `All traffic of ${aliasName} goes to version ${alias.version}.`;
  }
  return `All traffic of ${aliasName} goes to version ${targetVersion}, the one that failed. Nothing rolled that back. To go back: ${putBack}`;
}

async function readLifecycleEvents(deploymentId: string): Promise<LifecycleEvent[]> {
  const { targetIds = [] } = await codeDeploy.send(new ListDeploymentTargetsCommand({ deploymentId }));
  if (targetIds.length === 0) {
    return [];
  }
  const { deploymentTargets = [] } = await codeDeploy.send(
    new BatchGetDeploymentTargetsCommand({ deploymentId, targetIds }),
  );
  return deploymentTargets.flatMap((target) => target.lambdaTarget?.lifecycleEvents ?? []);
}
