import { describeRedAlarms, RedAlarm } from './alarms';
import { IGNORE_ALARMS_VARIABLE } from '../contract';
import { AliasState, CurrentConfiguration, hasWeights, PLACEHOLDER_DESCRIPTION } from '../function/lambda-function';

/** All that the decision about a deployment depends on. */
export interface Situation {
  readonly aliasName: string;
  readonly targetVersion: string;
  readonly alias?: AliasState;
  /** Configuration of the version that the alias is at. */
  readonly current?: CurrentConfiguration;
  /** Configuration of the version to be deployed. */
  readonly target?: CurrentConfiguration;
  readonly runningDeployment?: string;
  readonly redAlarms: RedAlarm[];
  readonly ignoreAlarms: boolean;
}

/** What to do next about a release that has no deployment yet. */
export type NextStep =
  | { readonly step: 'refuse'; readonly because: string }
  | { readonly step: 'create alias' }
  | { readonly step: 'wait'; readonly deploymentId: string }
  | { readonly step: 'clear weights'; readonly version: string }
  | { readonly step: 'nothing' }
  | DeployStep;

/** A deployment to be made. */
export interface DeployStep {
  readonly step: 'deploy';
  readonly currentVersion: string;
  /** Why all traffic shifts at once, whatever the deployment group says. */
  readonly allAtOnceBecause?: string;
  readonly ignoreAlarmsBecause?: string;
}

/** Decides what to do next; the order of the lines is the order of the concerns. */
export function nextStep(situation: Situation): NextStep {
  const { alias, aliasName, target, targetVersion, runningDeployment } = situation;
  if (!target) {
    return {
      step: 'refuse',
      because: `version ${targetVersion} does not exist any more: somebody deleted it. Run the pipeline again.`,
    };
  }
  if (!alias) {
    return { step: 'create alias' };
  }
  if (runningDeployment) {
    return { step: 'wait', deploymentId: runningDeployment };
  }
  if (hasWeights(alias)) {
    return { step: 'clear weights', version: alias.version };
  }
  if (alias.version === targetVersion) {
    return { step: 'nothing' };
  }
  const isPlaceholder = situation.current?.Description === PLACEHOLDER_DESCRIPTION;
  if (situation.redAlarms.length > 0 && !situation.ignoreAlarms && !isPlaceholder) {
    return { step: 'refuse', because: describeRefusal(aliasName, situation.redAlarms) };
  }
  return {
    step: 'deploy',
    currentVersion: alias.version,
    allAtOnceBecause: isPlaceholder
      ? `version ${alias.version} is placeholder code`
      : reasonAgainstSplit(situation.current, target),
    ignoreAlarmsBecause: reasonToIgnoreAlarms(situation, isPlaceholder),
  };
}

function describeRefusal(aliasName: string, redAlarms: RedAlarm[]): string {
  return (
    `no deployment was started, because alarms are red and CodeDeploy would stop it at once: ${describeRedAlarms(redAlarms)} ` +
    `The alias ${aliasName} is as it was. When the alarms are green, retry the stage; to let a fix through all the same, ` +
    `start the pipeline with the variable ${IGNORE_ALARMS_VARIABLE}=true.`
  );
}

function reasonToIgnoreAlarms({ ignoreAlarms, redAlarms }: Situation, isPlaceholder: boolean): string | undefined {
  if (ignoreAlarms) {
    return `the pipeline was started with ${IGNORE_ALARMS_VARIABLE}=true`;
  }
  // Whoever invoked the placeholder made the alarms red; there is nothing worth going back to.
  return isPlaceholder && redAlarms.length > 0 ? 'they are red because of the placeholder code' : undefined;
}

/** Lambda takes two versions on one alias only with the same execution role and the same dead-letter queue. */
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
