import { PublishVersionCommand, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { Settings } from '../base/settings';
import { LATEST } from '../contract';
import { findAlias, waitUntilUpdated, waitUntilVersionActive } from '../function/lambda-function';

/**
 * An alias on `$LATEST`, as other tools create it, would serve new code as soon as the function has it, and CodeDeploy
 * rejects such an alias. Publishes the function as it is, and moves the alias to that version. Returns a note.
 */
export async function pinAlias(settings: Settings, deadline: number): Promise<string | undefined> {
  const { functionName, aliasName } = settings;
  const alias = await findAlias(settings);
  if (alias?.version !== LATEST) {
    return undefined;
  }
  const { RevisionId, CodeSha256 } = await waitUntilUpdated(functionName, deadline);
  const { Version } = await lambda.send(
    new PublishVersionCommand({
      FunctionName: functionName,
      RevisionId,
      CodeSha256,
      Description: 'live before the first release of the pipeline',
    }),
  );
  await waitUntilVersionActive(functionName, Version!, deadline);
  await lambda.send(
    new UpdateAliasCommand({
      FunctionName: functionName,
      Name: aliasName,
      FunctionVersion: Version,
      RevisionId: alias.revisionId,
    }),
  );
  return (
    `the alias ${aliasName} pointed to ${LATEST}, so the pipeline first published the function as it was, ` +
    `as version ${Version}, and moved the alias to that version`
  );
}
