import { UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { configurationError, isNamed, jobFailed } from '../base/failure';
import { isMarked, mark, MARKERS } from '../base/marker';
import { Settings } from '../base/settings';
import { NONE, VERIFICATION_RESULTS } from '../contract';
import { findRunningDeployment } from '../deployment/deployment';
import { AliasState, describeWeights, findAlias, findFunction, hasWeights } from '../function/lambda-function';
import { Outcome, StepInput } from '../job/job';

const SEE_CAUSE = 'For the cause, see the action before this one.';

/**
 * Step `rollback`: after a failed verification, moves the alias back to the version before this run, and then fails in
 * place of the verification.
 */
export async function rollBack({ job, settings }: StepInput): Promise<Outcome> {
  const { verification, previousVersion } = job.parameters;
  if (verification === VERIFICATION_RESULTS.passed) {
    return { summary: 'the verification passed, and the release stays live' };
  }
  if (verification !== VERIFICATION_RESULTS.failed || !previousVersion) {
    throw configurationError(
      'The action needs the parameters verification (passed or failed) and previousVersion, ' +
        `got '${verification}' and '${previousVersion}'. Deploy the stack again.`,
    );
  }
  const alias = await findAlias(settings);
  const obstacle = await findObstacle(settings, alias, previousVersion);
  if (obstacle) {
    throw jobFailed(
      `The verification failed, but the pipeline did not move the alias ${settings.aliasName}: ` +
        `${obstacle}. ${SEE_CAUSE}`,
    );
  }
  await moveAlias(settings, alias!, previousVersion);
  throw jobFailed(
    mark(
      `The verification failed, so all traffic of ${settings.aliasName} goes to version ${previousVersion} again ` +
        `(previously version ${alias!.version}). ${SEE_CAUSE}`,
      MARKERS.rolledBack,
    ),
  );
}

/** Why the alias can't move back; undefined if it can. */
async function findObstacle(
  settings: Settings,
  alias: AliasState | undefined,
  previousVersion: string,
): Promise<string | undefined> {
  if (!alias) {
    return 'it no longer exists';
  }
  if (previousVersion === NONE) {
    return 'this was the first release, so there is no version to go back to';
  }
  if (hasWeights(alias)) {
    return `something other than this run splits its traffic (${describeWeights(alias)})`;
  }
  if (alias.version === previousVersion) {
    return `it points to version ${previousVersion}, as before this run`;
  }
  const running = await findRunningDeployment(settings);
  if (running) {
    return `the deployment ${running}, which somebody else started, is moving it`;
  }
  const previous = await findFunction(settings.functionName, previousVersion);
  if (!previous) {
    return `version ${previousVersion} no longer exists`;
  }
  return isMarked(previous.Description, MARKERS.placeholder)
    ? `version ${previousVersion} is placeholder code, so there is no version to go back to`
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
      `The verification failed, but somebody else moved the alias ${aliasName} at the same time, ` +
        'so the pipeline did not move it back. Check which version the alias points to.',
    );
  }
}
