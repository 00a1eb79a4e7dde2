import {
  GetFunctionCodeSigningConfigCommand, PutFunctionCodeSigningConfigCommand, TagResourceCommand, UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { lambda } from './clients';
import { configurationChanges } from './configuration';
import { FunctionConfiguration } from './contract';
import { CurrentConfiguration, refuseFailedUpdate, waitUntilUpdated } from './lambda-function';
import { log } from './log';
import { retryWhileRoleIsNew } from './role-readiness';

/** Makes the function's configuration what the stack wants; changes nothing when it is so already. */
export async function applyConfiguration(wanted: FunctionConfiguration, current: CurrentConfiguration, deadline: number): Promise<CurrentConfiguration> {
  const changes = configurationChanges(wanted, current);
  const fields = Object.keys(changes);
  if (fields.length === 0) return current;
  log('the configuration differs', { fields }); // the names only: values may be secrets
  await retryWhileRoleIsNew(() => lambda.send(new UpdateFunctionConfigurationCommand({
    ...changes, FunctionName: current.FunctionName, RevisionId: current.RevisionId,
  })));
  const updated = await waitUntilUpdated(current.FunctionName!, deadline);
  refuseFailedUpdate(updated);
  return updated;
}

/** Applies the fields that have calls of their own; to be done before the function is read for its revision. */
export async function applyApart(wanted: FunctionConfiguration, current: CurrentConfiguration): Promise<void> {
  await applyTags(wanted, current);
  await applyCodeSigning(wanted, current);
}

/** Sets the tags that the stack names. Others stay: they may be somebody else's. */
async function applyTags({ Tags }: FunctionConfiguration, { FunctionArn }: CurrentConfiguration): Promise<void> {
  const tags = Tags as Record<string, string> | undefined;
  if (!tags || Object.keys(tags).length === 0) return;
  await lambda.send(new TagResourceCommand({ Resource: FunctionArn, Tags: tags }));
}

async function applyCodeSigning({ CodeSigningConfigArn }: FunctionConfiguration, { FunctionName }: CurrentConfiguration): Promise<void> {
  if (!CodeSigningConfigArn) return;
  const current = await lambda.send(new GetFunctionCodeSigningConfigCommand({ FunctionName }));
  if (current.CodeSigningConfigArn === CodeSigningConfigArn) return;
  await lambda.send(new PutFunctionCodeSigningConfigCommand({ FunctionName, CodeSigningConfigArn: CodeSigningConfigArn as string }));
}
