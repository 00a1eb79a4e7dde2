import { Settings } from '../base/settings';
import { CHECK_VARIABLES, NONE } from '../contract';
import { findRedAlarms, RedAlarm } from '../deployment/alarms';
import { findRunningDeployment } from '../deployment/deployment';
import {
  AliasState,
  CurrentConfiguration,
  describeWeights,
  findAlias,
  findFunction,
  refuseFailedState,
} from '../function/lambda-function';
import { Outcome, StepInput } from '../job/job';

/** What there is before the release. */
export interface Findings {
  readonly configuration?: CurrentConfiguration;
  readonly alias?: AliasState;
  readonly runningDeployment?: string;
  readonly redAlarms: RedAlarm[];
}

/** Step `check`: tells the later stages what there is, and changes nothing. */
export async function checkFunction({ settings }: StepInput): Promise<Outcome> {
  const [configuration, alias, runningDeployment, redAlarms] = await Promise.all([
    findFunction(settings.functionName),
    findAlias(settings),
    findRunningDeployment(settings),
    findRedAlarms(settings),
  ]);
  if (configuration) {
    refuseFailedState(configuration);
  }
  const findings = { configuration, alias, runningDeployment, redAlarms };
  return { summary: summarize(settings, findings), variables: renderVariables(findings) };
}

/** All variables, always: an unset one would fail the stage that reads it. */
export function renderVariables({
  configuration,
  alias,
  runningDeployment,
  redAlarms,
}: Findings): Record<string, string> {
  return {
    [CHECK_VARIABLES.functionExists]: String(configuration !== undefined),
    [CHECK_VARIABLES.aliasExists]: String(alias !== undefined),
    [CHECK_VARIABLES.currentVersion]: alias?.version ?? NONE,
    [CHECK_VARIABLES.routingWeights]: alias ? describeWeights(alias) : NONE,
    [CHECK_VARIABLES.runningDeployment]: runningDeployment ?? NONE,
    [CHECK_VARIABLES.alarmsInAlarm]: redAlarms.map((alarm) => alarm.name).join(', ') || NONE,
  };
}

/** The findings in one line. */
export function summarize(
  { functionName, aliasName }: Settings,
  { configuration, alias, runningDeployment, redAlarms }: Findings,
): string {
  if (!configuration) {
    return `the function ${functionName} does not exist yet`;
  }
  const parts = [alias ? `alias ${aliasName} at version ${alias.version}` : `no alias ${aliasName} yet`];
  if (alias && describeWeights(alias) !== NONE) {
    parts.push(`traffic split ${describeWeights(alias)}`);
  }
  if (configuration.State && configuration.State !== 'Active') {
    parts.push(`state ${configuration.State}`);
  }
  if (configuration.LastUpdateStatus === 'Failed') {
    parts.push(`last update failed: ${configuration.LastUpdateStatusReason ?? 'no reason given'}`);
  }
  if (runningDeployment) {
    parts.push(`deployment ${runningDeployment} is running`);
  }
  if (redAlarms.length > 0) {
    parts.push(`in alarm: ${redAlarms.map((alarm) => alarm.name).join(', ')}`);
  }
  return `the function ${functionName} exists: ${parts.join(', ')}`;
}
