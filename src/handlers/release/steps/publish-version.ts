import { requireImageFunction } from './image-function';
import { pinAlias } from './pin-alias';
import { publishConfiguration } from './publish-configuration';
import { release } from './release';
import { readFlag } from '../base/flag';
import { isMarked, MARKERS } from '../base/marker';
import { readReleaseCode } from '../code/release-code';
import { ARTIFACTS, CONFIGURATION_ONLY_VARIABLE, FunctionConfiguration } from '../contract';
import { changedFields, readWantedConfiguration } from '../function/configuration';
import { CurrentConfiguration, findFunction, findLiveVersion } from '../function/lambda-function';
import { Outcome, requireArtifact, StepInput } from '../job/job';

/**
 * Step `publish`: updates configuration and code, publishes them as a version, and writes the AppSpec. Does not move
 * the alias, except away from `$LATEST`.
 */
export async function publishVersion(input: StepInput): Promise<Outcome> {
  const { job, settings, deadline } = input;
  requireArtifact(job.outputs, ARTIFACTS.appSpecFile);
  const configuration = await readWantedConfiguration(settings);
  const current = await findFunction(settings.functionName);
  if (readFlag(CONFIGURATION_ONLY_VARIABLE, job.parameters.configurationOnly)) {
    return publishConfiguration(input, configuration, current);
  }
  if (!current) {
    requireImageFunction(settings, configuration);
  }
  const buildOutput = requireArtifact(job.inputs, ARTIFACTS.buildOutput, ARTIFACTS.sourceOutput);
  const { sourceDirectory, description } = job.parameters;
  const code = await readReleaseCode(buildOutput, { settings, wanted: configuration, current, sourceDirectory });
  try {
    const pinned = await pinAlias(settings, deadline);
    const live = await findLiveVersion(settings);
    const notes = [pinned, current && live && describeChange(configuration ?? current, live), code.note];
    return await release(input, { code, configuration, description, notes }, current);
  } finally {
    code.dispose();
  }
}

/** Names a configuration change that no run of its own has released: its event was lost, or it came with the code. */
function describeChange(
  wanted: FunctionConfiguration | CurrentConfiguration,
  live: CurrentConfiguration,
): string | undefined {
  if (isMarked(live.Description, MARKERS.placeholder) || live.Environment?.Error) {
    return undefined;
  }
  const fields = changedFields(wanted, live);
  return fields.length > 0
    ? `the release includes a configuration change that no earlier run released: ${fields.join(', ')}`
    : undefined;
}
