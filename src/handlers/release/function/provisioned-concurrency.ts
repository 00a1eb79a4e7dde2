import { GetProvisionedConcurrencyConfigCommand, ProvisionedConcurrencyStatusEnum } from '@aws-sdk/client-lambda';
import { AliasState, shareOf } from './lambda-function';
import { lambda } from '../aws/clients';
import { isNamed } from '../base/failure';
import { sentence } from '../base/sentence';
import { Settings } from '../base/settings';

/** How long the pipeline waits until Lambda has provided the provisioned concurrency of a version. */
export const HELD_MINUTES = 30;

/** The provisioned concurrency of the alias, as Lambda allocates it for the alias's version. */
export interface Allocation {
  readonly status: ProvisionedConcurrencyStatusEnum;
  readonly reason?: string;
}

/**
 * The version that keeps all traffic of an alias that points to another one. Lambda routes an alias in this way by
 * itself while it prepares the provisioned concurrency of a new version. Undefined for every other alias.
 */
export function heldVersion(alias: AliasState): string | undefined {
  return shareOf(alias, alias.version) === 0 ? Object.keys(alias.weights)[0] : undefined;
}

/**
 * The provisioned concurrency for which Lambda holds the traffic of the alias on another version. Undefined if Lambda
 * does not hold it.
 */
export async function findHoldingAllocation(
  { functionName, aliasName }: Settings,
  alias: AliasState | undefined,
): Promise<Allocation | undefined> {
  if (!alias || !heldVersion(alias)) {
    return undefined;
  }
  try {
    const { Status, StatusReason } = await lambda.send(
      new GetProvisionedConcurrencyConfigCommand({ FunctionName: functionName, Qualifier: aliasName }),
    );
    return { status: Status!, reason: StatusReason };
  } catch (error) {
    if (isNamed(error, 'ProvisionedConcurrencyConfigNotFoundException', 'ResourceNotFoundException')) {
      return undefined;
    }
    throw error;
  }
}

/** Describes an alias whose routing Lambda never ends by itself, and names the command that ends it. */
export function describeStuckAlias(
  { functionName, aliasName }: Pick<Settings, 'functionName' | 'aliasName'>,
  alias: AliasState,
  { reason = 'no reason given' }: Allocation,
): string {
  return (
    `Lambda could not provide the provisioned concurrency of version ${alias.version}: ${sentence(reason)} ` +
    `The alias ${aliasName} points to that version, but Lambda keeps all its traffic on version ` +
    `${heldVersion(alias)}. It never removes this routing by itself, and rejects deployments until then. ` +
    `To remove the routing and keep the traffic where it is, run: ${clearCommand(functionName, aliasName, alias)}`
  );
}

/** Describes an alias for which Lambda has not provided the provisioned concurrency in time. */
export function describeLateAlias(
  { functionName, aliasName }: Pick<Settings, 'functionName' | 'aliasName'>,
  alias: AliasState,
): string {
  return (
    `Lambda has not provided the provisioned concurrency of version ${alias.version} after ${HELD_MINUTES} minutes. ` +
    `The alias ${aliasName} points to that version, but all its traffic goes to version ${heldVersion(alias)} ` +
    'until then. When Lambda has provided it, retry the stage. ' +
    `To keep the traffic where it is instead, run: ${clearCommand(functionName, aliasName, alias)}`
  );
}

/** Describes an alias for which Lambda still prepares the provisioned concurrency. */
export function describeHeldAlias(aliasName: string, alias: AliasState): string {
  return (
    `Lambda to provide the provisioned concurrency of version ${alias.version} ` +
    `(until then, all traffic of ${aliasName} goes to version ${heldVersion(alias)})`
  );
}

/** The command that makes the version with the traffic the only version of the alias. */
export function clearCommand(functionName: string, aliasName: string, alias: AliasState): string {
  return (
    `aws lambda update-alias --function-name ${functionName} --name ${aliasName} ` +
    `--function-version ${heldVersion(alias)} --routing-config AdditionalVersionWeights={}.`
  );
}
