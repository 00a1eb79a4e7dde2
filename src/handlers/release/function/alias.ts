import {
  AddPermissionCommand,
  AddPermissionCommandInput,
  CreateAliasCommand,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import { waitUntilVersionActive } from './lambda-function';
import { lambda } from '../aws/clients';
import { isNamed, ReleaseFailure, toFailure } from '../base/failure';
import { mark, MARKERS } from '../base/marker';
import { Settings } from '../base/settings';
import { AliasPermission } from '../contract';

/** Creates the alias. A job that was delivered twice may have created it already. */
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

/** Publishes the placeholder code, with which the function was created, and creates the alias on that version. */
export async function createAliasOnPlaceholder(settings: Settings, deadline: number): Promise<string> {
  const { Version } = await lambda.send(
    new PublishVersionCommand({
      FunctionName: settings.functionName,
      Description: mark('created before the first release', MARKERS.placeholder),
    }),
  );
  await waitUntilVersionActive(settings.functionName, Version!, deadline);
  await createAlias(settings, Version!);
  return Version!;
}

/** Adds the permissions that the alias does not have yet. */
export async function grantPermissions(settings: Settings, permissions: AliasPermission[] = []): Promise<void> {
  for (const permission of permissions) {
    await grantPermission(settings, permission);
  }
}

async function grantPermission({ functionName, aliasName }: Settings, permission: AliasPermission): Promise<void> {
  const input: AddPermissionCommandInput = {
    ...(permission as AddPermissionCommandInput),
    FunctionName: functionName,
    Qualifier: aliasName,
  };
  try {
    await lambda.send(new AddPermissionCommand(input));
  } catch (error) {
    if (isNamed(error, 'ResourceConflictException')) {
      return; // the alias has the permission
    }
    const { type, message } = toFailure(error);
    throw new ReleaseFailure(
      type,
      `Could not add the permission ${permission.StatementId} to the alias ${aliasName}: ${message}`,
    );
  }
}
