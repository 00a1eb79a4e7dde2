import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetFunctionConfigurationCommandOutput,
} from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { configurationError, isNamed, jobFailed } from '../base/failure';
import { Look, poll } from '../base/poll';
import { Settings } from '../base/settings';
import { NONE } from '../contract';

/** Description of the version that holds no code of anybody's: a release has nothing to go back to. */
export const PLACEHOLDER_DESCRIPTION = 'placeholder code, made before the first release';

/** A function's configuration as Lambda tells it. */
export type CurrentConfiguration = Omit<GetFunctionConfigurationCommandOutput, '$metadata'>;

/** Where an alias sends its traffic. */
export interface AliasState {
  readonly version: string;
  /** Share of the traffic, 0 to 1, of each other version; empty when all of it goes to `version`. */
  readonly weights: Record<string, number>;
  readonly revisionId?: string;
}

/** The configuration of the function, or of one of its versions; undefined only when Lambda says that there is none. */
export async function findFunction(functionName: string, version?: string): Promise<CurrentConfiguration | undefined> {
  try {
    return await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: version }));
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) {
      return undefined;
    }
    throw error;
  }
}

/** The alias, or undefined only when Lambda says that there is none. */
export async function findAlias({ functionName, aliasName }: Settings): Promise<AliasState | undefined> {
  try {
    const alias = await lambda.send(new GetAliasCommand({ FunctionName: functionName, Name: aliasName }));
    return {
      version: alias.FunctionVersion!,
      weights: alias.RoutingConfig?.AdditionalVersionWeights ?? {},
      revisionId: alias.RevisionId,
    };
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) {
      return undefined;
    }
    throw error;
  }
}

/** Whether the alias sends traffic to more than one version. */
export function hasWeights(alias: AliasState): boolean {
  return Object.keys(alias.weights).length > 0;
}

/** Share of the alias's traffic, 0 to 1, that the version gets. */
export function shareOf(alias: AliasState, version: string): number {
  if (version !== alias.version) {
    return alias.weights[version] ?? 0;
  }
  return 1 - Object.values(alias.weights).reduce((sum, weight) => sum + weight, 0);
}

/** For example `1=75% 2=25%`; `none` when all traffic goes to one version. */
export function describeWeights(alias: AliasState): string {
  if (!hasWeights(alias)) {
    return NONE;
  }
  return [alias.version, ...Object.keys(alias.weights)]
    .map((version) => `${version}=${percent(shareOf(alias, version))}%`)
    .join(' ');
}

/** A share of 0 to 1 in percent, without the rounding errors of floating point. */
export function percent(share: number): number {
  return Math.round(share * 10000) / 100;
}

/** Waits until no creation and no update of the function is under way. */
export async function waitUntilUpdated(functionName: string, deadline: number): Promise<CurrentConfiguration> {
  return poll(`the function ${functionName} to be updated`, 2, deadline, async () => {
    const current = await findFunction(functionName);
    if (!current) {
      throw configurationError(
        `the function ${functionName} does not exist any more: somebody deleted it. Run the pipeline again.`,
      );
    }
    return lookAtUpdate(current);
  });
}

/** Waits until a published version may take traffic; with SnapStart that takes minutes. */
export async function waitUntilVersionActive(functionName: string, version: string, deadline: number): Promise<void> {
  await poll(`version ${version} of ${functionName} to be active`, 2, deadline, async () => {
    const current = await findFunction(functionName, version);
    if (!current) {
      throw configurationError(
        `version ${version} of ${functionName} does not exist any more: somebody deleted it. Run the pipeline again.`,
      );
    }
    return lookAtUpdate(current);
  });
}

/** Refuses a function whose last update failed: what the update was to change is not there. */
export function refuseFailedUpdate(current: CurrentConfiguration): void {
  if (current.LastUpdateStatus !== 'Failed') {
    return;
  }
  const reason = `${current.LastUpdateStatusReason ?? 'no reason given'} (${current.LastUpdateStatusReasonCode ?? 'no code'})`;
  throw jobFailed(
    `Lambda could not update the function ${current.FunctionName}: ${reason}. No version was published, the traffic is as it was.`,
  );
}

/** Refuses a function that Lambda could not set up. */
export function refuseFailedState(current: CurrentConfiguration): void {
  if (current.State !== 'Failed') {
    return;
  }
  const reason = `${current.StateReason ?? 'no reason given'} (${current.StateReasonCode ?? 'no code'})`;
  throw configurationError(
    `version ${current.Version} of the function ${current.FunctionName} is in the state Failed: ${reason}. ` +
      'Correct that; a function that failed when it was created must be deleted before the pipeline runs again.',
  );
}

function lookAtUpdate(current: CurrentConfiguration): Look<CurrentConfiguration> {
  refuseFailedState(current);
  if (current.State === 'Pending') {
    return { again: `pending: ${current.StateReason ?? 'no reason given'}` };
  }
  if (current.LastUpdateStatus === 'InProgress') {
    return { again: 'being updated' };
  }
  return { done: current };
}
