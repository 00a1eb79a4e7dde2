import {
  AddPermissionCommand,
  AddPermissionCommandInput,
  CreateAliasCommand,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { AliasPermission } from '../contract';
import { PLACEHOLDER_DESCRIPTION, waitUntilVersionActive } from './lambda-function';
import { isNamed, ReleaseFailure, toFailure } from '../base/failure';
import { Settings } from '../base/settings';

/** Makes the alias; a job that was delivered twice may have made it already. */
export async function createAlias({ functionName, aliasName }: Settings, version: string): Promise<void> {
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

/** Publishes the code that the function was made with, which is no release, and makes the alias on that version. */
export async function createAliasOnPlaceholder(settings: Settings, deadline: number): Promise<string> {
  const { Version } = await lambda.send(
    new PublishVersionCommand({ FunctionName: settings.functionName, Description: PLACEHOLDER_DESCRIPTION }),
  );
  await waitUntilVersionActive(settings.functionName, Version!, deadline);
  await createAlias(settings, Version!);
  return Version!;
}

/** Gives the permissions to the alias that it does not have yet. */
export async function grantPermissions(
  { functionName, aliasName }: Settings,
  permissions: AliasPermission[] = [],
): Promise<void> {
  for (const permission of permissions) {
    const input: AddPermissionCommandInput = {
      ...(permission as AddPermissionCommandInput),
      FunctionName: functionName,
      Qualifier: aliasName,
    };
    try {
      await lambda.send(new AddPermissionCommand(input));
    } catch (error) {
      if (isNamed(error, 'ResourceConflictException')) {
        continue;
      } // it is there
      const { type, message } = toFailure(error);
      throw new ReleaseFailure(
        type,
        `the permission ${permission.StatementId} could not be added to the alias ${aliasName}: ${message}`,
      );
    }
  }
}
