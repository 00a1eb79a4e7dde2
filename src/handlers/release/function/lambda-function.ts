import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetFunctionConfigurationCommandOutput,
} from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { configurationError, isNamed, jobFailed } from '../base/failure';
import { poll, PollResult } from '../base/poll';
import { sentence } from '../base/sentence';
import { Settings } from '../base/settings';
import { NONE } from '../contract';

const POLL_SECONDS = 2;
/** Lambda may not find a new function or version for a while. */
const VISIBLE_SECONDS = 20;

/** The configuration of a function as Lambda returns it. */
export type CurrentConfiguration = Omit<GetFunctionConfigurationCommandOutput, '$metadata'>;

/** The versions to which an alias sends its traffic. */
export interface AliasState {
  readonly version: string;
  /** Share of the traffic, 0 to 1, of each other version; empty if `version` receives all of it. */
  readonly weights: Record<string, number>;
  readonly revisionId?: string;
}

/** The configuration of the function or of a version; undefined only if Lambda reports that it does not exist. */
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

/** The alias; undefined only if Lambda reports that it does not exist. */
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

/** The version that the alias points to; undefined if the function, the alias, or the version does not exist. */
export async function findLiveVersion(settings: Settings): Promise<CurrentConfiguration | undefined> {
  const alias = await findAlias(settings);
  return alias && findFunction(settings.functionName, alias.version);
}

/** Whether the alias sends traffic to more than one version. */
export function hasWeights(alias: AliasState): boolean {
  return Object.keys(alias.weights).length > 0;
}

/** Share of the alias's traffic, 0 to 1, that the version receives. */
export function shareOf(alias: AliasState, version: string): number {
  if (version !== alias.version) {
    return alias.weights[version] ?? 0;
  }
  return 1 - Object.values(alias.weights).reduce((sum, weight) => sum + weight, 0);
}

/** For example `1=75% 2=25%`; `none` if one version receives all traffic. */
export function describeWeights(alias: AliasState): string {
  if (!hasWeights(alias)) {
    return NONE;
  }
  return [alias.version, ...Object.keys(alias.weights)]
    .map((version) => `${version}=${percent(shareOf(alias, version))}%`)
    .join(' ');
}

/** Converts a share of 0 to 1 to percent, without floating-point errors. */
export function percent(share: number): number {
  return Math.round(share * 10000) / 100;
}

/** Waits until Lambda has finished creating or updating the function. */
export async function waitUntilUpdated(functionName: string, deadline: number): Promise<CurrentConfiguration> {
  return waitUntilReady(`The function ${functionName}`, deadline, () => findFunction(functionName));
}

/** Waits until a published version can receive traffic, which takes minutes with SnapStart. */
export async function waitUntilVersionActive(functionName: string, version: string, deadline: number): Promise<void> {
  await waitUntilReady(`Version ${version} of ${functionName}`, deadline, () => findFunction(functionName, version));
}

async function waitUntilReady(
  subject: string,
  deadline: number,
  find: () => Promise<CurrentConfiguration | undefined>,
): Promise<CurrentConfiguration> {
  let missing = 0;
  return poll({ subject, everySeconds: POLL_SECONDS, deadline }, async () => {
    const current = await find();
    if (current) {
      return checkUpdate(current);
    }
    missing++;
    if (missing * POLL_SECONDS > VISIBLE_SECONDS) {
      throw configurationError(`${subject} no longer exists: somebody deleted it. Run the pipeline again.`);
    }
    return { pending: 'not visible' };
  });
}

/** Throws if the last update of the function failed, because the function lacks what the update should have changed. */
export function throwIfUpdateFailed(current: CurrentConfiguration): void {
  if (current.LastUpdateStatus !== 'Failed') {
    return;
  }
  const { LastUpdateStatusReason = 'no reason given', LastUpdateStatusReasonCode = 'no code' } = current;
  throw jobFailed(
    `Lambda could not update the function ${current.FunctionName}: ` +
      `${LastUpdateStatusReason} (${LastUpdateStatusReasonCode}). ` +
      'No version was published, and the traffic is unchanged. Fix the cause, and run the pipeline again.',
  );
}

/** Throws if Lambda could not create the function or the version. */
export function throwIfFailed(current: CurrentConfiguration): void {
  if (current.State !== 'Failed') {
    return;
  }
  const { StateReason = 'no reason given', StateReasonCode = 'no code' } = current;
  throw configurationError(
    `Version ${current.Version} of the function ${current.FunctionName} is in the state Failed: ` +
      `${StateReason} (${StateReasonCode}). ` +
      'Fix the cause. If Lambda failed to create the function, delete it before you run the pipeline again.',
  );
}

/** Throws if Lambda has reclaimed the resources of the function, and rejects changes until an invocation wakes it. */
export function throwIfInactive({ FunctionName, State }: CurrentConfiguration, rejection: string): void {
  if (State !== 'Inactive') {
    return;
  }
  throw jobFailed(
    `Lambda rejected a change of the function ${FunctionName}, because it is Inactive: ${sentence(rejection)} ` +
      'No version was published, and the traffic is unchanged. ' +
      `To wake the function, run: ${wakeCommand(FunctionName!)}. That invocation fails. ` +
      'When the state of the function is Active, retry the stage.',
  );
}

/** The command that wakes an inactive function. */
export function wakeCommand(functionName: string): string {
  return `aws lambda invoke --function-name ${functionName} response.json`;
}

function checkUpdate(current: CurrentConfiguration): PollResult<CurrentConfiguration> {
  throwIfFailed(current);
  if (current.State === 'Pending') {
    return { pending: `pending (${current.StateReason ?? 'no reason given'})` };
  }
  if (current.LastUpdateStatus === 'InProgress') {
    return { pending: 'being updated' };
  }
  return { done: current };
}
