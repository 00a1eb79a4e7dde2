import { PublishVersionCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { isNamed, jobFailed } from '../base/failure';
import { log } from '../base/log';
import { sentence } from '../base/sentence';
import { Settings } from '../base/settings';
import { ReleaseCode } from '../code/release-code';
import { DESCRIPTION_CHARACTERS, FunctionConfiguration } from '../contract';
import { applyConfiguration } from '../function/apply-configuration';
import { configurationChanges } from '../function/configuration';
import {
  CurrentConfiguration,
  throwIfInactive,
  throwIfUpdateFailed,
  waitUntilUpdated,
} from '../function/lambda-function';
import { Job, StepInput } from '../job/job';

/** The code and the configuration that the function should have. */
export interface Wanted {
  readonly code: ReleaseCode;
  readonly configuration?: FunctionConfiguration;
  /** The description of the version: the revision of the source. */
  readonly description?: string;
}

/** Updates and publishes the function. Fails if somebody else changes the function in the meantime. */
export async function updateAndPublish({ job, settings, deadline }: StepInput, wanted: Wanted): Promise<string> {
  try {
    const latest = await updateFunction(job, settings, wanted, deadline);
    return await publish(wanted, latest);
  } catch (error) {
    if (!isNamed(error, 'PreconditionFailedException', 'ResourceConflictException')) {
      throw error;
    }
    // If the function is as wanted, another delivery of the same job changed it.
    const latest = await waitUntilUpdated(settings.functionName, deadline);
    if (await isUpToDate(wanted, latest)) {
      return publish(wanted, latest);
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

async function publish({ description }: Wanted, latest: CurrentConfiguration): Promise<string> {
  const { Version } = await lambda.send(
    new PublishVersionCommand({
      FunctionName: latest.FunctionName,
      CodeSha256: latest.CodeSha256,
      RevisionId: latest.RevisionId,
      Description: description?.slice(0, DESCRIPTION_CHARACTERS),
    }),
  );
  return Version!;
}
