import { CreateAliasCommand, PublishVersionCommand } from '@aws-sdk/client-lambda';
import { waitUntilVersionActive } from './lambda-function';
import { lambda } from '../aws/clients';
import { isNamed } from '../base/failure';
import { mark, MARKERS } from '../base/marker';
import { Settings } from '../base/settings';

/** The function and the alias of the pipeline. */
export type FunctionName = Pick<Settings, 'functionName' | 'aliasName'>;

/** Creates the alias. A job that was delivered twice may have created it already. */
export async function createAlias({ functionName, aliasName }: FunctionName, version: string): Promise<void> {
  try {
    await lambda.send(
      new CreateAliasCommand({ FunctionName: functionName, Name: aliasName, FunctionVersion: version }),
    );
  } catch (error) {
    if (!isNamed(error, 'ResourceConflictException')) {
      throw error;
    }
  }
}

/** Publishes the placeholder code, with which the function was created, and creates the alias on that version. */
export async function createAliasOnPlaceholder(settings: FunctionName, deadline: number): Promise<string> {
  const version = await publishPlaceholder(settings, deadline);
  await createAlias(settings, version);
  return version;
}

/** Publishes the placeholder code, and marks its version as nothing to go back to. */
export async function publishPlaceholder({ functionName }: FunctionName, deadline: number): Promise<string> {
  const { Version } = await lambda.send(
    new PublishVersionCommand({
      FunctionName: functionName,
      Description: mark('created before the first release', MARKERS.placeholder),
    }),
  );
  await waitUntilVersionActive(functionName, Version!, deadline);
  return Version!;
}
