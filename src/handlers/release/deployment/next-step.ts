import { ActiveAlarm, describeAlarms } from './alarms';
import { isMarked, MARKERS } from '../base/marker';
import { IGNORE_ALARMS_VARIABLE } from '../contract';
import { AliasState, CurrentConfiguration, hasWeights } from '../function/lambda-function';
import { Allocation, describeHeldAlias, describeStuckAlias } from '../function/provisioned-concurrency';

/** Everything that the decision about a deployment depends on. */
export interface Situation {
  readonly functionName: string;
  readonly aliasName: string;
  readonly targetVersion: string;
  readonly alias?: AliasState;
  /** Configuration of the version that the alias points to. */
  readonly current?: CurrentConfiguration;
  /** Configuration of the version to deploy. */
  readonly target?: CurrentConfiguration;
  /** The provisioned concurrency for which Lambda holds the traffic on another version. */
  readonly allocation?: Allocation;
  readonly runningDeployment?: string;
  readonly activeAlarms: ActiveAlarm[];
  readonly ignoreAlarms: boolean;
  /** Whether there are alarms on the versions. */
  readonly judgesVersions: boolean;
}

/** The next step of a release that has no deployment yet. */
export type NextStep =
  | { readonly step: 'refuse'; readonly message: string }
  | { readonly step: 'create alias' }
  | { readonly step: 'wait'; readonly deploymentId: string }
  | { readonly step: 'wait for Lambda'; readonly waitFor: string }
  | { readonly step: 'clear weights'; readonly version: string }
  | { readonly step: 'nothing' }
  | DeployStep;

/** A deployment to create. */
export interface DeployStep {
  readonly step: 'deploy';
  readonly currentVersion: string;
  /** Why all traffic shifts in one step, in spite of the configuration of the deployment group. */
  readonly allAtOnceReason?: string;
  readonly ignoreAlarmsReason?: string;
  /** Alarms that the deployment does not watch, because the current version caused them. */
  readonly omittedAlarms: string[];
}

/** Decides on the next step. The order of the conditions matters. */
export function nextStep(situation: Situation): NextStep {
  const { alias, aliasName, target, targetVersion, runningDeployment, allocation } = situation;
  if (!target) {
    return {
      step: 'refuse',
      message: `Version ${targetVersion} no longer exists: somebody deleted it. Run the pipeline again.`,
    };
  }
  if (!alias) {
    return { step: 'create alias' };
  }
  if (runningDeployment) {
    return { step: 'wait', deploymentId: runningDeployment };
  }
  if (allocation) {
    return whileLambdaHolds(situation, alias, allocation);
  }
  if (hasWeights(alias)) {
    return { step: 'clear weights', version: alias.version };
  }
  if (alias.version === targetVersion) {
    return { step: 'nothing' };
  }
  const isPlaceholder = isMarked(situation.current?.Description, MARKERS.placeholder);
  const omitted = situation.judgesVersions ? situation.activeAlarms.filter(({ isOfAlias }) => isOfAlias) : [];
  const blocking = situation.activeAlarms.filter((alarm) => !omitted.includes(alarm));
  if (blocking.length > 0 && !situation.ignoreAlarms && !isPlaceholder) {
    return { step: 'refuse', message: describeRefusal(aliasName, blocking) };
  }
  return {
    step: 'deploy',
    currentVersion: alias.version,
    allAtOnceReason: isPlaceholder
      ? `version ${alias.version} is placeholder code`
      : reasonAgainstSplit(situation.current, target),
    ignoreAlarmsReason: reasonToIgnoreAlarms(situation, isPlaceholder && blocking.length > 0),
    omittedAlarms: omitted.map(({ name }) => name),
  };
}

/** Lambda rejects deployments while it holds the traffic of the alias on another version. */
function whileLambdaHolds(situation: Situation, alias: AliasState, allocation: Allocation): NextStep {
  return allocation.status === 'FAILED'
    ? { step: 'refuse', message: `${describeStuckAlias(situation, alias, allocation)} Then retry the stage.` }
    : { step: 'wait for Lambda', waitFor: describeHeldAlias(situation.aliasName, alias) };
}

function describeRefusal(aliasName: string, activeAlarms: ActiveAlarm[]): string {
  return (
    'The pipeline started no deployment, because CodeDeploy would stop it immediately. ' +
    `In ALARM now: ${describeAlarms(activeAlarms)} The alias ${aliasName} is unchanged. ` +
    'When the alarms are OK again, retry the stage. ' +
    `If this release is the fix, start the pipeline with the variable ${IGNORE_ALARMS_VARIABLE}=true.`
  );
}

function reasonToIgnoreAlarms({ ignoreAlarms }: Situation, isCausedByPlaceholder: boolean): string | undefined {
  if (ignoreAlarms) {
    return `the pipeline was started with ${IGNORE_ALARMS_VARIABLE}=true`;
  }
  // Invocations of the placeholder caused the alarms, and there is nothing to go back to.
  return isCausedByPlaceholder ? 'the placeholder code caused them' : undefined;
}

/** Lambda splits traffic only between versions with the same execution role and the same dead-letter queue. */
function reasonAgainstSplit(
  current: CurrentConfiguration | undefined,
  target: CurrentConfiguration,
): string | undefined {
  if (!current) {
    return undefined;
  }
  if (current.Role !== target.Role) {
    return "the versions have different execution roles, and an alias can't split traffic between them";
  }
  if ((current.DeadLetterConfig?.TargetArn ?? '') === (target.DeadLetterConfig?.TargetArn ?? '')) {
    return undefined;
  }
  return "the versions have different dead-letter queues, and an alias can't split traffic between them";
}
