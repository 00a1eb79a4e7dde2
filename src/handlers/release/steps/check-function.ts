import { setTimeout as sleep } from 'node:timers/promises';
import { configurationError, systemUnavailable } from '../base/failure';
import { Settings } from '../base/settings';
import { CHECK_VARIABLES, LATEST, NONE } from '../contract';
import { ActiveAlarm, findActiveAlarms } from '../deployment/alarms';
import { findRunningDeployment } from '../deployment/deployment';
import { requireBuiltFor } from '../function/built-for';
import { readWantedConfiguration } from '../function/configuration';
import { judgeFunction } from '../function/judge-function';
import {
  AliasState,
  CurrentConfiguration,
  describeWeights,
  findAlias,
  findFunction,
} from '../function/lambda-function';
import { describeHeldAlias, describeStuckAlias, findHoldingAllocation } from '../function/provisioned-concurrency';
import { Outcome, StepInput } from '../job/job';
import { POLL_SECONDS, VISIT_SECONDS } from '../job/visit';

/** The state before the release. */
interface Findings {
  readonly configuration?: CurrentConfiguration;
  readonly alias?: AliasState;
  readonly runningDeployment?: string;
  readonly activeAlarms: ActiveAlarm[];
  /** What the release will meet, in words. */
  readonly notes: string[];
}

/** How long the check waits while Lambda creates the function. A network in a VPC takes minutes. */
const PENDING_MINUTES = 10;

/**
 * Step `check`: judges the state before the release, and reports it to the later stages. Waits while Lambda creates the
 * function. Changes nothing.
 */
export async function checkFunction(input: StepInput): Promise<Outcome> {
  const { job, settings } = input;
  const found = await findSettledFunction(input);
  if ('waiting' in found) {
    return found.waiting;
  }
  const { configuration } = found;
  const [wanted, alias, runningDeployment, activeAlarms] = await Promise.all([
    configuration && readWantedConfiguration(settings),
    findAlias(settings),
    findRunningDeployment(settings),
    findActiveAlarms(settings),
  ]);
  if (configuration) {
    requireBuiltFor(job.parameters, configuration);
  }
  const notes = configuration ? await judgeFunction(settings, { current: configuration, wanted }) : [];
  const held = alias && (await judgeHeldAlias(settings, alias, runningDeployment));
  if (held) {
    notes.push(held);
  }
  const findings = { configuration, alias, runningDeployment, activeAlarms, notes };
  return { summary: summarize(settings, findings), variables: renderVariables(findings) };
}

/** Fails if Lambda holds the traffic forever. Returns a note while Lambda holds it for a time. */
async function judgeHeldAlias(
  settings: Settings,
  alias: AliasState,
  runningDeployment?: string,
): Promise<string | undefined> {
  const allocation = runningDeployment ? undefined : await findHoldingAllocation(settings, alias);
  if (allocation?.status === 'FAILED') {
    throw configurationError(`${describeStuckAlias(settings, alias, allocation)} Then run the pipeline again.`);
  }
  return allocation && `the stage Deploy waits for ${describeHeldAlias(settings.aliasName, alias)}`;
}

/** The function as soon as Lambda has created it, or the outcome of this visit until then. */
async function findSettledFunction({
  job,
  settings: { functionName },
  deadline,
}: StepInput): Promise<{ readonly configuration?: CurrentConfiguration } | { readonly waiting: Outcome }> {
  const { pendingSince = Date.now() } = JSON.parse(job.continuationToken ?? '{}') as { pendingSince?: number };
  const until = Math.min(Date.now() + VISIT_SECONDS * 1000, deadline);
  for (;;) {
    const configuration = await findFunction(functionName);
    if (configuration?.State !== 'Pending') {
      return { configuration };
    }
    const state = `pending (${configuration.StateReason ?? 'no reason given'})`;
    if (Date.now() - pendingSince >= PENDING_MINUTES * 60_000) {
      throw systemUnavailable(
        `The function ${functionName} is still ${state} after ${PENDING_MINUTES} minutes. ` +
          'Lambda rejects each change of the function until then. Retry the stage when its state is Active.',
      );
    }
    if (Date.now() + POLL_SECONDS * 1000 > until) {
      return { waiting: { summary: `the function ${functionName} is ${state}`, continuation: { pendingSince } } };
    }
    await sleep(POLL_SECONDS * 1000);
  }
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
  { configuration, alias, runningDeployment, activeAlarms, notes }: Findings,
): string {
  if (!configuration) {
    return `the function ${functionName} does not exist yet`;
  }
  const parts = [alias ? describeAlias(aliasName, alias) : `there is no alias ${aliasName} yet`];
  if (alias && describeWeights(alias) !== NONE) {
    parts.push(`its traffic is split ${describeWeights(alias)}`);
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
  return [`the function ${functionName} exists: ${parts.join(', ')}`, ...notes].join('; ');
}

function describeAlias(aliasName: string, { version }: AliasState): string {
  return version === LATEST
    ? `the alias ${aliasName} points to ${LATEST}, which the stage Deploy publishes as a version before the new code`
    : `the alias ${aliasName} points to version ${version}`;
}
