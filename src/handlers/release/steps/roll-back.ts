import { UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { configurationError, isNamed, jobFailed } from '../base/failure';
import { Settings } from '../base/settings';
import { NONE, VERIFICATION_RESULTS } from '../contract';
import { findRunningDeployment } from '../deployment/deployment';
import {
  AliasState,
  describeWeights,
  findAlias,
  findFunction,
  hasWeights,
  PLACEHOLDER_DESCRIPTION,
} from '../function/lambda-function';
import { Outcome, StepInput } from '../job/job';

/** By these words at the beginning of the message of a failure a release is known that was rolled back. */
export const VERIFICATION_ROLLED_BACK = 'The verification failed, so all traffic';

/** Step `rollback`: after a failed verification puts the alias back to the version before this run. Fails then, in the place of the verification. */
export async function rollBack({ job, settings }: StepInput): Promise<Outcome> {
  const { verification, previousVersion } = job.parameters;
  if (verification === VERIFICATION_RESULTS.passed) {
    return { summary: 'the verification passed: the release stays' };
  }
  if (verification !== VERIFICATION_RESULTS.failed || !previousVersion) {
    throw configurationError(
      `the action needs the parameters verification (passed or failed) and previousVersion, got '${verification}' and '${previousVersion}'. Deploy the stack again.`,
    );
  }
  const alias = await findAlias(settings);
  const obstacle = await findObstacle(settings, alias, previousVersion);
  if (obstacle) {
    throw jobFailed(
      `The verification failed, and the alias ${settings.aliasName} was left as it is: ${obstacle}. Look at the action before this one for what failed.`,
    );
  }
  await moveAlias(settings, alias!, previousVersion);
  throw jobFailed(
    `${VERIFICATION_ROLLED_BACK} of ${settings.aliasName} goes to version ${previousVersion} again (before: version ${alias!.version}). ` +
      'Look at the action before this one for what failed.',
  );
}

/** Why the alias can't be put back, if there is a reason. */
async function findObstacle(
  settings: Settings,
  alias: AliasState | undefined,
  previousVersion: string,
): Promise<string | undefined> {
  if (!alias) {
    return 'it does not exist any more';
  }
  if (previousVersion === NONE) {
    return 'this was the first release, and there is nothing to go back to';
  }
  if (hasWeights(alias)) {
    return `its traffic is split (${describeWeights(alias)}), which this run did not do`;
  }
  if (alias.version === previousVersion) {
    return `it is at version ${previousVersion}, as before this run`;
  }
  const running = await findRunningDeployment(settings);
  if (running) {
    return `the deployment ${running} is moving it, which somebody else started`;
  }
  const previous = await findFunction(settings.functionName, previousVersion);
  if (!previous) {
    return `version ${previousVersion} does not exist any more`;
  }
  return previous.Description === PLACEHOLDER_DESCRIPTION
    ? `version ${previousVersion} is placeholder code, and there is nothing to go back to`
    : undefined;
}

async function moveAlias(
  { functionName, aliasName }: Settings,
  { revisionId }: AliasState,
  version: string,
): Promise<void> {
  try {
    await lambda.send(
      new UpdateAliasCommand({
        FunctionName: functionName,
        Name: aliasName,
        FunctionVersion: version,
        RoutingConfig: { AdditionalVersionWeights: {} },
        RevisionId: revisionId,
      }),
    );
  } catch (error) {
    if (!isNamed(error, 'PreconditionFailedException')) {
      throw error;
    }
    throw jobFailed(
      `The verification failed, and somebody else moved the alias ${aliasName} at the same time, so it was left as it is. Look at where it points.`,
    );
  }
}
