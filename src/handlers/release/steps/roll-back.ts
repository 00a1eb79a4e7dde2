import { UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { watchVerification } from './watch-verification';
import { lambda } from '../aws/clients';
import { configurationError, isNamed, jobFailed, ReleaseFailure, toFailure } from '../base/failure';
import { log } from '../base/log';
import { isMarked, mark, MARKERS } from '../base/marker';
import { Settings } from '../base/settings';
import { NONE } from '../contract';
import { findRunningDeployment } from '../deployment/deployment';
import { AliasState, describeWeights, findAlias, findFunction, hasWeights } from '../function/lambda-function';
import { Outcome, StepInput } from '../job/job';

/** A rollback after a failed verification. */
interface Rollback {
  /** The version before this run; undefined if this run is the first release. */
  readonly previous?: string;
  /** The version that this run released. */
  readonly released: string;
  /** Why the verification failed, as a sentence. */
  readonly cause: string;
}

/**
 * Step `rollback`: runs beside the verification. If the verification fails, in whatever way, moves the alias back to
 * the version before this run, and fails too.
 */
export async function rollBack(input: StepInput): Promise<Outcome> {
  const { settings } = input;
  const { executionId, previousVersion, releasedVersion } = input.job.parameters;
  if (!executionId || !previousVersion || !releasedVersion) {
    throw configurationError(
      'The action needs the parameters executionId, previousVersion and releasedVersion. Deploy the stack again.',
    );
  }
  const verification = await watchVerification(input);
  if (verification.result === 'running') {
    return { summary: verification.summary, continuation: { watching: executionId } };
  }
  if (verification.result === 'passed') {
    return keepRelease(settings, releasedVersion);
  }
  const previous = previousVersion === NONE ? undefined : previousVersion;
  throw await moveBack(settings, { previous, released: releasedVersion, cause: verification.cause });
}

/** A retry of the stage after a rollback tests the version to which the alias went back. */
async function keepRelease(settings: Settings, released: string): Promise<Outcome> {
  const alias = await findAlias(settings);
  if (alias && alias.version === released && !hasWeights(alias)) {
    return { summary: `the verification passed, and version ${released} stays live` };
  }
  throw jobFailed(
    `The verification passed, but it did not test version ${released}, which this run released: ` +
      `${describeTraffic(settings, alias)} Run the pipeline again to release that version.`,
  );
}

async function moveBack(settings: Settings, rollback: Rollback): Promise<ReleaseFailure> {
  try {
    const alias = await findAlias(settings);
    if (isBack(alias, rollback)) {
      return rolledBack(settings, rollback);
    }
    const obstacle = await findObstacle(settings, alias, rollback);
    if (obstacle) {
      return notMoved(settings, rollback, alias, obstacle);
    }
    await updateAlias(settings, alias!, rollback.previous!);
    return rolledBack(settings, rollback);
  } catch (error) {
    return judgeAfterError(settings, rollback, error);
  }
}

/** The answer to the update may be lost, or another delivery of this job may have moved the alias. */
async function judgeAfterError(settings: Settings, rollback: Rollback, error: unknown): Promise<ReleaseFailure> {
  const { type, message } = toFailure(error);
  log('the rollback failed', { error: message });
  const { aliasName } = settings;
  let alias: AliasState | undefined;
  try {
    alias = await findAlias(settings);
  } catch (readError) {
    return new ReleaseFailure(
      type,
      `The verification failed, and the pipeline could not move the alias ${aliasName} back: ${message} ` +
        `Nor could it read the alias: ${toFailure(readError).message} ` +
        `Version ${rollback.released} may still be live. ${describeRemedy(settings, rollback)} ${rollback.cause}`,
    );
  }
  if (isBack(alias, rollback)) {
    return rolledBack(settings, rollback);
  }
  if (isNamed(error, 'PreconditionFailedException')) {
    return notMoved(settings, rollback, alias, 'somebody else changed it at the same time');
  }
  return new ReleaseFailure(
    type,
    `The verification failed, and the pipeline could not move the alias ${aliasName} back: ${message} ` +
      `${describeTraffic(settings, alias)} ${describeRemedy(settings, rollback)} ${rollback.cause}`,
  );
}

/** Whether the alias points to the version before this run, and this run had moved it away from there. */
function isBack(alias: AliasState | undefined, { previous, released }: Rollback): boolean {
  return alias !== undefined && previous !== released && alias.version === previous && !hasWeights(alias);
}

function rolledBack({ aliasName }: Settings, { previous, released, cause }: Rollback): ReleaseFailure {
  return jobFailed(
    mark(
      `The verification failed, so all traffic of ${aliasName} goes to version ${previous} again ` +
        `(instead of version ${released}). ${cause}`,
      MARKERS.rolledBack,
    ),
  );
}

function notMoved(
  settings: Settings,
  rollback: Rollback,
  alias: AliasState | undefined,
  obstacle: string,
): ReleaseFailure {
  return jobFailed(
    `The verification failed, but the pipeline did not move the alias ${settings.aliasName}: ${obstacle}. ` +
      `${describeTraffic(settings, alias)} ${rollback.cause}`,
  );
}

function describeTraffic({ aliasName }: Settings, alias: AliasState | undefined): string {
  if (!alias) {
    return `There is no alias ${aliasName}.`;
  }
  return hasWeights(alias)
    ? `The alias ${aliasName} splits its traffic: ${describeWeights(alias)}.`
    : `All traffic of ${aliasName} goes to version ${alias.version}.`;
}

function describeRemedy({ functionName, aliasName }: Settings, { previous }: Rollback): string {
  if (!previous) {
    return 'Push a fix.';
  }
  return (
    `To go back, run: aws lambda update-alias --function-name ${functionName} --name ${aliasName} ` +
    `--function-version ${previous} --routing-config AdditionalVersionWeights={}.`
  );
}

/** Why the alias can't move back; undefined if it can. */
async function findObstacle(
  settings: Settings,
  alias: AliasState | undefined,
  { previous, released }: Rollback,
): Promise<string | undefined> {
  if (!alias) {
    return 'it no longer exists';
  }
  if (!previous) {
    return 'this was the first release, so there is no version to go back to';
  }
  if (hasWeights(alias)) {
    return 'something other than this run splits its traffic';
  }
  if (previous === released) {
    return 'this run released no new version';
  }
  if (alias.version !== released) {
    return 'somebody else moved it after this release';
  }
  const running = await findRunningDeployment(settings);
  if (running) {
    return `the deployment ${running}, which somebody else started, is moving it`;
  }
  const version = await findFunction(settings.functionName, previous);
  if (!version) {
    return `version ${previous} no longer exists`;
  }
  return isMarked(version.Description, MARKERS.placeholder)
    ? `version ${previous} is placeholder code, so there is no version to go back to`
    : undefined;
}

async function updateAlias(
  { functionName, aliasName }: Settings,
  { revisionId }: AliasState,
  version: string,
): Promise<void> {
  await lambda.send(
    new UpdateAliasCommand({
      FunctionName: functionName,
      Name: aliasName,
      FunctionVersion: version,
      RoutingConfig: { AdditionalVersionWeights: {} },
      RevisionId: revisionId,
    }),
  );
}
