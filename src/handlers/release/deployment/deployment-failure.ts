import { LifecycleEvent } from '@aws-sdk/client-codedeploy';
import { ActiveAlarm, describeAlarms, findActiveAlarms } from './alarms';
import { readBakeFailure } from './bake-failure';
import { DeploymentSnapshot, isAllOn } from './evaluate-deployment';
import { DeploymentProgress } from './progress';
import { readEvidence } from '../base/evidence';
import { ReleaseFailure } from '../base/failure';
import { mark, MARKERS } from '../base/marker';
import { sentence } from '../base/sentence';
import { Settings } from '../base/settings';
import { describeWeights, hasWeights } from '../function/lambda-function';
import { describeLateAlias, describeStuckAlias } from '../function/provisioned-concurrency';
import { judge } from '../version-alarms/judge';
import { readLambdaTarget } from '../version-alarms/lambda-target';

/** Details that explain the failure, besides the deployment itself. */
interface Evidence {
  readonly activeAlarms: ActiveAlarm[];
  readonly events: LifecycleEvent[];
  /** Why the bake failed. */
  readonly bakeFailure?: string;
  /** The metrics of both versions. */
  readonly versions?: string;
  /** The details that could not be read. */
  readonly missing: string[];
}

/** The failure of a deployment that has ended: its cause, and where the traffic goes now. */
export async function readDeploymentFailure(
  settings: Settings,
  progress: DeploymentProgress,
  snapshot: DeploymentSnapshot,
): Promise<ReleaseFailure> {
  const missing: string[] = [];
  const { deployment } = snapshot;
  const [activeAlarms = [], target, bakeFailure, judgment] = await Promise.all([
    readEvidence('alarms', findActiveAlarms(settings, deployment), missing),
    readEvidence('lifecycle events', readLambdaTarget(progress.deploymentId), missing),
    readEvidence('reason of the bake', readBakeFailure(settings, progress.deploymentId), missing),
    readEvidence('metrics of the versions', judge(settings, progress.deploymentId, deployment.completeTime), missing),
  ]);
  const events = target?.lifecycleEvents ?? [];
  const evidence = { activeAlarms, events, bakeFailure, versions: judgment?.text, missing };
  const message = describeFailure(settings, progress, snapshot, evidence);
  return new ReleaseFailure(
    'JobFailed',
    isRolledBack(snapshot) ? mark(message, MARKERS.rolledBack) : message,
    progress.deploymentId,
  );
}

function isRolledBack({ rollback }: DeploymentSnapshot): boolean {
  return rollback?.status === 'Succeeded';
}

/** The whole message, for a person at 2 a.m. */
function describeFailure(
  settings: Settings,
  progress: DeploymentProgress,
  snapshot: DeploymentSnapshot,
  evidence: Evidence,
): string {
  const { deploymentId, targetVersion, notes } = progress;
  return [
    `The deployment ${deploymentId} of version ${targetVersion} ${describeCause(settings, snapshot, evidence)}`,
    describeRollback(snapshot),
    describeTraffic(settings, progress, snapshot),
    evidence.versions ? `Since the shift: ${evidence.versions}.` : '',
    ...notes.map((note) => `Note: ${note}.`),
    ...evidence.missing,
    `For details, see the deployment ${deploymentId} of ${settings.deploymentGroupName} in CodeDeploy, ` +
      `and the log group /aws/lambda/${settings.functionName}.`,
    describeRemedy(settings, progress, snapshot),
  ]
    .filter((each) => each)
    .join(' ');
}

function describeCause(
  settings: Settings,
  { deployment, alias, allocation }: DeploymentSnapshot,
  { activeAlarms, events, bakeFailure }: Evidence,
): string {
  const { code, message = 'no message' } = deployment.errorInformation ?? {};
  const alarms =
    activeAlarms.length > 0
      ? `In ALARM now: ${describeAlarms(activeAlarms)}`
      : 'No alarm of the deployment group is known to be in ALARM now.';
  const hook = events.find((event) => event.status === 'Failed');
  if (deployment.status === 'Succeeded' && alias && allocation) {
    const cause =
      allocation.status === 'FAILED'
        ? describeStuckAlias(settings, alias, allocation)
        : describeLateAlias(settings, alias);
    return `succeeded, but the version receives no traffic. ${cause}`;
  }
  if (deployment.status === 'Succeeded') {
    return 'succeeded, but somebody moved the alias in the meantime.';
  }
  if (code === 'ALARM_ACTIVE') {
    return `was stopped by an alarm: ${sentence(message)} ${alarms}`;
  }
  if (hook) {
    return `failed in ${describeHook(settings, hook, bakeFailure)} ${alarms}`;
  }
  if (code === 'HOOK_EXECUTION_FAILURE') {
    return `failed in a hook: ${sentence(message)} ${alarms}`;
  }
  if (code === 'MANUAL_STOP' || (deployment.status === 'Stopped' && !code)) {
    return `was stopped by a person or another program: ${sentence(message)}`;
  }
  if (code === 'TIMEOUT') {
    return `exceeded the time limit of CodeDeploy: ${sentence(message)}`;
  }
  return `failed: ${message} (${code ?? 'no code'}).`;
}

function describeHook(
  { preTrafficHook, postTrafficHook, bakeTimeSeconds }: Settings,
  { lifecycleEventName, diagnostics }: LifecycleEvent,
  bakeFailure: string | undefined,
): string {
  if (bakeFailure && lifecycleEventName === 'AfterAllowTraffic') {
    return `${lifecycleEventName} (the alarm check of the bake time): ${sentence(bakeFailure)}`;
  }
  const functions: Record<string, (string | false | undefined)[]> = {
    BeforeAllowTraffic: [preTrafficHook],
    AfterAllowTraffic: [bakeTimeSeconds > 0 && 'the alarm check of the bake time', postTrafficHook],
  };
  const names = (functions[lifecycleEventName ?? ''] ?? []).filter((name) => name).join(', or ');
  const reason = diagnostics?.message || diagnostics?.errorCode || 'it reported Failed';
  return `${lifecycleEventName}${names && ` (${names})`}: ${sentence(reason)}`;
}

function describeRollback(snapshot: DeploymentSnapshot): string {
  const { rollback } = snapshot;
  if (!rollback) {
    return '';
  }
  if (isRolledBack(snapshot)) {
    return `CodeDeploy rolled it back (deployment ${rollback.deploymentId}).`;
  }
  const reason = rollback.errorInformation?.message ?? 'no message';
  return `The rollback ${rollback.deploymentId} did not succeed either (${rollback.status}): ${sentence(reason)}`;
}

function describeTraffic(
  { aliasName }: Settings,
  { targetVersion }: DeploymentProgress,
  { deployment, alias, allocation }: DeploymentSnapshot,
): string {
  if (deployment.status === 'Succeeded' && allocation) {
    return ''; // the cause describes it
  }
  if (!alias) {
    return `The alias ${aliasName} no longer exists: somebody deleted it.`;
  }
  if (hasWeights(alias)) {
    return `The alias ${aliasName} still splits its traffic: ${describeWeights(alias)}. Nothing rolled that back.`;
  }
  if (isAllOn(alias, targetVersion)) {
    return `All traffic of ${aliasName} goes to version ${targetVersion}, which failed. Nothing rolled that back.`;
  }
  return `All traffic of ${aliasName} goes to version ${alias.version}.`;
}

/** How to repair the alias, at the end of the message, where the command is easy to copy. */
function describeRemedy(
  { functionName, aliasName }: Settings,
  { targetVersion, currentVersion }: DeploymentProgress,
  { deployment, alias, allocation }: DeploymentSnapshot,
): string {
  if (deployment.status === 'Succeeded' && allocation) {
    return ''; // the cause has the command
  }
  const command =
    `aws lambda update-alias --function-name ${functionName} --name ${aliasName} ` +
    `--function-version ${currentVersion ?? '<version>'} --routing-config AdditionalVersionWeights={}`;
  if (alias && hasWeights(alias)) {
    return (
      `The next run of the pipeline sends all traffic of ${aliasName} to version ${alias.version} again. ` +
      `To do so now, run: ${command}`
    );
  }
  return alias && isAllOn(alias, targetVersion) ? `To go back, run: ${command}` : '';
}
