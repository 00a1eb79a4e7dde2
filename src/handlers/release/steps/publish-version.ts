import { PublishVersionCommand, TagResourceCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { configurationError, isNamed, jobFailed } from '../base/failure';
import { log } from '../base/log';
import { sentence } from '../base/sentence';
import { Settings } from '../base/settings';
import { writeArtifactFile, writeObject } from '../code/artifact';
import { readReleaseCode, ReleaseCode } from '../code/release-code';
import { APP_SPEC_FILE, ARTIFACTS, FunctionConfiguration, NONE, PROJECT_TAG, PUBLISH_VARIABLES } from '../contract';
import { pinAlias } from './pin-alias';
import { appSpecOf, renderAppSpec } from '../deployment/app-spec';
import { applyConfiguration } from '../function/apply-configuration';
import { configurationChanges, readWantedConfiguration } from '../function/configuration';
import { createIfMissing, packageTypeOf } from '../function/creation';
import {
  AliasState,
  CurrentConfiguration,
  findAlias,
  findFunction,
  throwIfInactive,
  throwIfUpdateFailed,
  waitUntilUpdated,
  waitUntilVersionActive,
} from '../function/lambda-function';
import { checkTakeOver } from '../function/take-over';
import { Job, Outcome, requireArtifact, StepInput } from '../job/job';

/** The code and the configuration that the function should have. */
interface Wanted {
  readonly code: ReleaseCode;
  readonly configuration?: FunctionConfiguration;
}

/**
 * Step `publish`: updates configuration and code, publishes them as a version, and writes the AppSpec. Does not move
 * the alias, except away from `$LATEST`.
 */
export async function publishVersion(input: StepInput): Promise<Outcome> {
  const { job, settings } = input;
  requireArtifact(job.outputs, ARTIFACTS.appSpecFile);
  const configuration = await readWantedConfiguration(settings);
  const current = await findFunction(settings.functionName);
  if (!current) {
    requireImageFunction(settings, configuration);
  }
  const buildOutput = requireArtifact(job.inputs, ARTIFACTS.buildOutput, ARTIFACTS.sourceOutput);
  const { sourceDirectory } = job.parameters;
  const code = await readReleaseCode(buildOutput, { settings, wanted: configuration, current, sourceDirectory });
  try {
    return await release(input, { code, configuration }, current);
  } finally {
    code.dispose();
  }
}

async function release(input: StepInput, wanted: Wanted, current?: CurrentConfiguration): Promise<Outcome> {
  const { job, settings, deadline } = input;
  const { code, configuration } = wanted;
  if (!current) {
    await createIfMissing(settings, configuration!, { ImageUri: code.image!.uri });
  }
  if (current && configuration) {
    // Somebody may have changed the function since the check.
    await checkTakeOver(settings, configuration, current);
    // The tag of the project shows that the pipeline has taken over the function.
    const Tags = { ...configuration.Tags, [PROJECT_TAG]: settings.projectName };
    await lambda.send(new TagResourceCommand({ Resource: current.FunctionArn, Tags }));
  }

  const note = await pinAlias(settings, deadline);
  const version = await updateAndPublish(input, wanted);
  await waitUntilVersionActive(settings.functionName, version, deadline);
  const alias = await findAlias(settings);
  const appSpec = renderAppSpec(appSpecOf(settings, alias?.version ?? version, version));
  const output = requireArtifact(job.outputs, ARTIFACTS.appSpecFile);
  await writeArtifactFile(output, APP_SPEC_FILE, appSpec, job.encryptionKey);
  await writeObject(settings.artifactBucket, APP_SPEC_FILE, Buffer.from(appSpec), job.encryptionKey);
  return describeOutcome(settings, version, alias, { hash: code.hash, notes: [note, code.note] });
}

/** An image function is created from its first image. Any other function already exists at this point. */
function requireImageFunction({ functionName }: Settings, configuration?: FunctionConfiguration): void {
  if (configuration && packageTypeOf(configuration) === 'Image') {
    return;
  }
  throw configurationError(
    `The function ${functionName} does not exist: somebody deleted it after the check. Run the pipeline again.`,
  );
}

function describeOutcome(
  { aliasName }: Settings,
  version: string,
  alias: AliasState | undefined,
  { hash, notes }: { readonly hash: string; readonly notes: (string | undefined)[] },
): Outcome {
  const place = alias
    ? `the alias ${aliasName} points to version ${alias.version}`
    : `there is no alias ${aliasName} yet`;
  const summary =
    alias?.version === version
      ? `nothing has changed since version ${version}, to which the alias ${aliasName} points`
      : `published version ${version}; ${place}`;
  return {
    summary: [summary, ...notes.filter((note) => note)].join('; '),
    variables: {
      [PUBLISH_VARIABLES.currentVersion]: alias?.version ?? NONE,
      [PUBLISH_VARIABLES.targetVersion]: version,
      [PUBLISH_VARIABLES.codeSha256]: hash,
    },
  };
}

/** Updates and publishes the function. Fails if somebody else changes the function in the meantime. */
async function updateAndPublish({ job, settings, deadline }: StepInput, wanted: Wanted): Promise<string> {
  try {
    const latest = await updateFunction(job, settings, wanted, deadline);
    return await publish(job, settings, latest);
  } catch (error) {
    if (!isNamed(error, 'PreconditionFailedException', 'ResourceConflictException')) {
      throw error;
    }
    // If the function is as wanted, another delivery of the same job changed it.
    const latest = await waitUntilUpdated(settings.functionName, deadline);
    if (await isUpToDate(wanted, latest)) {
      return publish(job, settings, latest);
    }
    throwIfInactive(latest, error.message);
    throw jobFailed(
      `Somebody else changed the function ${settings.functionName} while the pipeline was publishing this release: ` +
        `${sentence(error.message)} No version was published, and the traffic is unchanged. ` +
        'When the other change is complete, run the pipeline again.',
    );
  }
}

async function updateFunction(
  job: Job,
  settings: Settings,
  wanted: Wanted,
  deadline: number,
): Promise<CurrentConfiguration> {
  const before = await waitUntilUpdated(settings.functionName, deadline);
  const configured = wanted.configuration ? await applyConfiguration(wanted.configuration, before, deadline) : before;
  const changes = wanted.configuration ? configurationChanges('code', wanted.configuration, configured) : {};
  if (Object.keys(changes).length === 0 && (await wanted.code.isOn(configured))) {
    log('the code has not changed', { hash: wanted.code.hash });
    return configured;
  }
  await lambda.send(
    new UpdateFunctionCodeCommand({
      ...(await wanted.code.provide(job)),
      FunctionName: settings.functionName,
      ...changes,
      RevisionId: configured.RevisionId,
    }),
  );
  const updated = await waitUntilUpdated(settings.functionName, deadline);
  throwIfUpdateFailed(updated);
  return updated;
}

async function isUpToDate({ code, configuration }: Wanted, latest: CurrentConfiguration): Promise<boolean> {
  const changes = configuration && {
    ...configurationChanges('configuration', configuration, latest),
    ...configurationChanges('code', configuration, latest),
  };
  return Object.keys(changes ?? {}).length === 0 && code.isOn(latest);
}

async function publish(job: Job, { functionName }: Settings, latest: CurrentConfiguration): Promise<string> {
  const { Version } = await lambda.send(
    new PublishVersionCommand({
      FunctionName: functionName,
      CodeSha256: latest.CodeSha256,
      RevisionId: latest.RevisionId,
      Description: job.parameters.description?.slice(0, 256),
    }),
  );
  return Version!;
}
