import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { configurationChanges } from './configuration';
import { lambda } from '../aws/clients';
import { FunctionConfiguration } from '../contract';
import { CurrentConfiguration, refuseFailedUpdate, waitUntilUpdated } from './lambda-function';
import { retryWhileRoleIsNew } from './role-readiness';
import { log } from '../base/log';

/** Makes the function's configuration what the stack wants; changes nothing when it is so already. */
export async function applyConfiguration(
  wanted: FunctionConfiguration,
  current: CurrentConfiguration,
  deadline: number,
): Promise<CurrentConfiguration> {
  const changes = configurationChanges(wanted, current);
  const fields = Object.keys(changes);
  if (fields.length === 0) {
    return current;
  }
  log('the configuration differs', { fields }); // the names only: values may be secrets
  await retryWhileRoleIsNew(() =>
    lambda.send(
      new UpdateFunctionConfigurationCommand({
        ...changes,
        FunctionName: current.FunctionName,
        RevisionId: current.RevisionId,
      }),
    ),
  );
  const updated = await waitUntilUpdated(current.FunctionName!, deadline);
  refuseFailedUpdate(updated);
  return updated;
}
