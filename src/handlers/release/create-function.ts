import { createHash } from 'node:crypto';
import { CreateAliasCommand, CreateFunctionCommand, PublishVersionCommand, Runtime } from '@aws-sdk/client-lambda';
import { lambda } from './clients';
import { readWantedConfiguration } from './configuration';
import { FunctionConfiguration } from './contract';
import { configurationError, isNamed } from './failure';
import { Outcome, StepInput } from './job';
import { PLACEHOLDER_DESCRIPTION, findAlias, waitUntilUpdated, waitUntilVersionActive } from './lambda-function';
import { placeholderPackage } from './placeholder';
import { retryWhileRoleIsNew } from './role-readiness';
import { Settings } from './settings';

/** Step `create`: makes the function with placeholder code, and an alias to put releases on. Goes on where an earlier try stopped. */
export async function createFunction({ settings, deadline }: StepInput): Promise<Outcome> {
  const { functionName, aliasName } = settings;
  const wanted = await readWantedConfiguration(settings);
  if (!wanted) throw configurationError(`the function ${functionName} does not exist, and the pipeline does not make it: a stack owns it. Deploy that stack first.`);
  const code = placeholderPackage(wanted.Runtime!, wanted.Handler!);
  const created = await createUnlessThere(settings, wanted, code);
  const current = await waitUntilUpdated(functionName, deadline);
  const alias = await findAlias(settings);
  if (alias) return { summary: `the function ${functionName} and its alias ${aliasName} exist already, at version ${alias.version}` };
  if (!created && current.CodeSha256 !== createHash('sha256').update(code).digest('base64')) {
    return { summary: `the function ${functionName} exists already, with code of its own; the first deployment makes the alias ${aliasName}` };
  }
  const version = await publishPlaceholder(settings, deadline);
  return { summary: `created the function ${functionName} with placeholder code, and its alias ${aliasName} at version ${version}` };
}

/** Whether this call made the function; false when it was there. */
async function createUnlessThere({ functionName }: Settings, wanted: FunctionConfiguration, code: Buffer): Promise<boolean> {
  // Placeholder code can't be initialized, so a snapshot of it would fail; the first release applies SnapStart.
  const { SnapStart, ...fields } = wanted;
  try {
    await retryWhileRoleIsNew(() => lambda.send(new CreateFunctionCommand({
      ...fields, Runtime: wanted.Runtime as Runtime, FunctionName: functionName, PackageType: 'Zip', Publish: false, Code: { ZipFile: code },
    })));
    return true;
  } catch (error) {
    if (isNamed(error, 'ResourceConflictException')) return false;
    throw error;
  }
}

async function publishPlaceholder({ functionName, aliasName }: Settings, deadline: number): Promise<string> {
  const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName: functionName, Description: PLACEHOLDER_DESCRIPTION }));
  await waitUntilVersionActive(functionName, Version!, deadline);
  await createAlias(functionName, aliasName, Version!);
  return Version!;
}

/** Makes the alias; a job that was delivered twice may have made it already. */
export async function createAlias(functionName: string, aliasName: string, version: string): Promise<void> {
  try {
    await lambda.send(new CreateAliasCommand({ FunctionName: functionName, Name: aliasName, FunctionVersion: version }));
  } catch (error) {
    if (!isNamed(error, 'ResourceConflictException')) throw error;
  }
}
