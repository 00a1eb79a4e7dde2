import {
  Architecture,
  PublishVersionCommand,
  TagResourceCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { configurationError, isNamed, jobFailed } from '../base/failure';
import { log } from '../base/log';
import { Settings } from '../base/settings';
import { readArtifact, writeArtifactFile, writeObject } from '../code/artifact';
import { readReleaseCode, ReleaseCode } from '../code/release-code';
import { APP_SPEC_FILE, ARTIFACTS, FunctionConfiguration, NONE, PUBLISH_VARIABLES } from '../contract';
import { appSpecOf, renderAppSpec } from '../deployment/app-spec';
import { applyConfiguration } from '../function/apply-configuration';
import { architectureChange, configurationChanges, readWantedConfiguration } from '../function/configuration';
import { createUnlessThere, packageTypeOf } from '../function/creation';
import {
  AliasState,
  CurrentConfiguration,
  findAlias,
  findFunction,
  refuseFailedUpdate,
  waitUntilUpdated,
  waitUntilVersionActive,
} from '../function/lambda-function';
import { Job, Outcome, requireArtifact, StepInput } from '../job/job';

/** What the function is to become. */
interface Wanted {
  readonly code: ReleaseCode;
  readonly configuration?: FunctionConfiguration;
}

/** Step `publish`: brings configuration and code up to date, publishes them as a version, and writes the AppSpec. Never touches the alias. */
export async function publishVersion(input: StepInput): Promise<Outcome> {
  const { job, settings, deadline } = input;
  const output = requireArtifact(job.outputs, ARTIFACTS.appSpecFile);
  const configuration = await readWantedConfiguration(settings);
  const current = await findFunction(settings.functionName);
  if (!current) {
    requireCreation(settings, configuration);
  }
  const buildOutput = await readArtifact(requireArtifact(job.inputs, ARTIFACTS.buildOutput, ARTIFACTS.sourceOutput));
  const code = readReleaseCode(buildOutput, { settings, wanted: configuration, current });
  if (!current) {
    await createUnlessThere(settings.functionName, configuration!, { ImageUri: code.image!.uri });
  }
  if (current && configuration?.Tags) {
    await lambda.send(new TagResourceCommand({ Resource: current.FunctionArn, Tags: configuration.Tags }));
  }

  const version = await releaseVersion(input, { code, configuration });
  await waitUntilVersionActive(settings.functionName, version, deadline);
  const alias = await findAlias(settings);
  const appSpec = renderAppSpec(appSpecOf(settings, alias?.version ?? version, version));
  await writeArtifactFile(output, APP_SPEC_FILE, appSpec, job.encryptionKey);
  await writeObject(settings.artifactBucket, APP_SPEC_FILE, Buffer.from(appSpec), job.encryptionKey);
  return describeOutcome(settings, version, alias, code);
}

/** A function from images begins with its first one; every other one exists since the stage before the build. */
function requireCreation({ functionName }: Settings, configuration?: FunctionConfiguration): void {
  if (configuration && packageTypeOf(configuration) === 'Image') {
    return;
  }
  throw configurationError(
    `the function ${functionName} does not exist: it was deleted after the check. Run the pipeline again.`,
  );
}

function describeOutcome(
  { aliasName }: Settings,
  version: string,
  alias: AliasState | undefined,
  code: ReleaseCode,
): Outcome {
  const place = alias ? `${aliasName} is at version ${alias.version}` : `there is no alias ${aliasName} yet`;
  const summary =
    alias?.version === version
      ? `nothing has changed since version ${version}, which ${aliasName} is at`
      : `published version ${version}; ${place}`;
  return {
    summary: [summary, ...(code.note ? [code.note] : [])].join('; '),
    variables: {
      [PUBLISH_VARIABLES.currentVersion]: alias?.version ?? NONE,
      [PUBLISH_VARIABLES.targetVersion]: version,
      [PUBLISH_VARIABLES.codeSha256]: code.hash,
    },
  };
}

/** Brings the function up to date and publishes it, under the condition that nobody else changes it meanwhile. */
async function releaseVersion({ job, settings, deadline }: StepInput, wanted: Wanted): Promise<string> {
  try {
    const latest = await bringUpToDate(job, settings, wanted, deadline);
    return await publish(job, settings, latest);
  } catch (error) {
    if (!isNamed(error, 'PreconditionFailedException', 'ResourceConflictException')) {
      throw error;
    }
    // A job that was delivered twice does the same work twice: if the function has become what is wanted, nobody else was here.
    const latest = await waitUntilUpdated(settings.functionName, deadline);
    if (await isUpToDate(wanted, latest)) {
      return publish(job, settings, latest);
    }
    throw jobFailed(
      `somebody else changed the function ${settings.functionName} while this release was being published: ${error.message}. ` +
        'No version of the mixture was published, the traffic is as it was. Run the pipeline again when the other change is done.',
    );
  }
}

async function bringUpToDate(
  job: Job,
  settings: Settings,
  wanted: Wanted,
  deadline: number,
): Promise<CurrentConfiguration> {
  const before = await waitUntilUpdated(settings.functionName, deadline);
  const configured = wanted.configuration ? await applyConfiguration(wanted.configuration, before, deadline) : before;
  const architectures = architectureChange(wanted.configuration, configured);
  if (!architectures && (await wanted.code.isOn(configured))) {
    log('the code has not changed', { hash: wanted.code.hash });
    return configured;
  }
  await lambda.send(
    new UpdateFunctionCodeCommand({
      ...(await wanted.code.provide(job)),
      FunctionName: settings.functionName,
      Architectures: architectures as Architecture[] | undefined,
      RevisionId: configured.RevisionId,
    }),
  );
  const updated = await waitUntilUpdated(settings.functionName, deadline);
  refuseFailedUpdate(updated);
  return updated;
}

async function isUpToDate({ code, configuration }: Wanted, latest: CurrentConfiguration): Promise<boolean> {
  if (architectureChange(configuration, latest)) {
    return false;
  }
  if (configuration && Object.keys(configurationChanges(configuration, latest)).length > 0) {
    return false;
  }
  return code.isOn(latest);
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
