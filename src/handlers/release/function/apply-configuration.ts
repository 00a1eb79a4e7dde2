import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { configurationChanges } from './configuration';
import { lambda } from '../aws/clients';
import { FunctionConfiguration } from '../contract';
import { CurrentConfiguration, throwIfUpdateFailed, waitUntilUpdated } from './lambda-function';
import { retryWhileRoleIsNew } from './role-readiness';
import { log } from '../base/log';

/** Applies the configuration that the stack defines. Changes nothing if the function already has it. */
export async function applyConfiguration(
  wanted: FunctionConfiguration,
  current: CurrentConfiguration,
  deadline: number,
): Promise<CurrentConfiguration> {
  const changes = configurationChanges('configuration', wanted, current);
  const fields = Object.keys(changes);
  if (fields.length === 0) {
    return current;
  }
  log('the configuration differs', { fields }); // only the names: values may be secrets
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
  throwIfUpdateFailed(updated);
  return updated;
}
