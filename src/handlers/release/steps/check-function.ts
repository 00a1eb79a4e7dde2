import { Settings } from '../base/settings';
import { CHECK_VARIABLES, LATEST, NONE } from '../contract';
import { ActiveAlarm, findActiveAlarms } from '../deployment/alarms';
import { findRunningDeployment } from '../deployment/deployment';
import { requireBuiltFor } from '../function/built-for';
import {
  AliasState,
  CurrentConfiguration,
  describeWeights,
  findAlias,
  findFunction,
  throwIfFailed,
} from '../function/lambda-function';
import { Outcome, StepInput } from '../job/job';

/** The state before the release. */
interface Findings {
  readonly configuration?: CurrentConfiguration;
  readonly alias?: AliasState;
  readonly runningDeployment?: string;
  readonly activeAlarms: ActiveAlarm[];
}

/** Step `check`: reports the state before the release to the later stages. Changes nothing. */
export async function checkFunction({ job, settings }: StepInput): Promise<Outcome> {
  const [configuration, alias, runningDeployment, activeAlarms] = await Promise.all([
    findFunction(settings.functionName),
    findAlias(settings),
    findRunningDeployment(settings),
    findActiveAlarms(settings),
  ]);
  if (configuration) {
    throwIfFailed(configuration);
    requireBuiltFor(job.parameters, configuration);
  }
  const findings = { configuration, alias, runningDeployment, activeAlarms };
  return { summary: summarize(settings, findings), variables: renderVariables(findings) };
}

/** Always sets all variables, because a missing one would fail the stage that reads it. */
function renderVariables({ configuration, alias, runningDeployment, activeAlarms }: Findings): Record<string, string> {
  return {
    [CHECK_VARIABLES.functionExists]: String(configuration !== undefined),
    [CHECK_VARIABLES.aliasExists]: String(alias !== undefined),
    [CHECK_VARIABLES.currentVersion]: alias?.version ?? NONE,
    [CHECK_VARIABLES.routingWeights]: alias ? describeWeights(alias) : NONE,
    [CHECK_VARIABLES.runningDeployment]: runningDeployment ?? NONE,
    [CHECK_VARIABLES.alarmsInAlarm]: activeAlarms.map((alarm) => alarm.name).join(', ') || NONE,
  };
}

/** Describes the findings in one line. */
function summarize(
  { functionName, aliasName }: Settings,
  { configuration, alias, runningDeployment, activeAlarms }: Findings,
): string {
  if (!configuration) {
    return `the function ${functionName} does not exist yet`;
  }
  const parts = [alias ? describeAlias(aliasName, alias) : `there is no alias ${aliasName} yet`];
  if (alias && describeWeights(alias) !== NONE) {
    parts.push(`its traffic is split ${describeWeights(alias)}`);
  }
  if (configuration.State && configuration.State !== 'Active') {
    parts.push(`the state is ${configuration.State} (${configuration.StateReason ?? 'no reason given'})`);
  }
  if (configuration.LastUpdateStatus === 'Failed') {
    parts.push(`the last update failed: ${configuration.LastUpdateStatusReason ?? 'no reason given'}`);
  }
  if (runningDeployment) {
    parts.push(`the deployment ${runningDeployment} is running`);
  }
  if (activeAlarms.length > 0) {
    parts.push(`in ALARM: ${activeAlarms.map((alarm) => alarm.name).join(', ')}`);
  }
  return `the function ${functionName} exists: ${parts.join(', ')}`;
}

function describeAlias(aliasName: string, { version }: AliasState): string {
  return version === LATEST
    ? `the alias ${aliasName} points to ${LATEST}, which the stage Deploy publishes as a version before the new code`
    : `the alias ${aliasName} points to version ${version}`;
}
