import { TagResourceCommand } from '@aws-sdk/client-lambda';
import { updateAndPublish, Wanted } from './update-and-publish';
import { lambda } from '../aws/clients';
import { Settings } from '../base/settings';
import { writeArtifactFile, writeObject } from '../code/artifact';
import { APP_SPEC_FILE, ARTIFACTS, NONE, PROJECT_TAG, PUBLISH_VARIABLES } from '../contract';
import { appSpecOf, renderAppSpec } from '../deployment/app-spec';
import { createIfMissing } from '../function/creation';
import { AliasState, CurrentConfiguration, findAlias, waitUntilVersionActive } from '../function/lambda-function';
import { checkTakeOver } from '../function/take-over';
import { Outcome, requireArtifact, StepInput } from '../job/job';

/** Notes for the reader of the pipeline. */
type Notes = readonly (string | undefined)[];

/** Publishes the wanted code and configuration, and reports the version. */
export async function release(
  input: StepInput,
  wanted: Wanted & { readonly notes: Notes },
  current?: CurrentConfiguration,
): Promise<Outcome> {
  const { settings, deadline } = input;
  const { code, configuration, notes } = wanted;
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
  const version = await updateAndPublish(input, wanted);
  await waitUntilVersionActive(settings.functionName, version, deadline);
  return reportVersion(input, version, { hash: code.hash, notes });
}

/** Writes the AppSpec that makes the version live, and reports both. */
export async function reportVersion(
  { job, settings }: StepInput,
  version: string,
  details: { readonly hash: string; readonly notes: Notes },
): Promise<Outcome> {
  const alias = await findAlias(settings);
  const appSpec = renderAppSpec(appSpecOf(settings, alias?.version ?? version, version));
  const output = requireArtifact(job.outputs, ARTIFACTS.appSpecFile);
  await writeArtifactFile(output, APP_SPEC_FILE, appSpec, job.encryptionKey);
  await writeObject(settings.artifactBucket, APP_SPEC_FILE, Buffer.from(appSpec), job.encryptionKey);
  return describeOutcome(settings, version, alias, details);
}

function describeOutcome(
  { aliasName }: Settings,
  version: string,
  alias: AliasState | undefined,
  { hash, notes }: { readonly hash: string; readonly notes: Notes },
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
