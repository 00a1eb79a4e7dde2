import { pinAlias } from './pin-alias';
import { release, reportVersion } from './release';
import { configurationError } from '../base/failure';
import { isMarked, MARKERS } from '../base/marker';
import { Settings } from '../base/settings';
import { readLiveCode } from '../code/live-code';
import { CONFIGURATION_ONLY_VARIABLE, FunctionConfiguration } from '../contract';
import { changedFields } from '../function/configuration';
import { CurrentConfiguration, findLiveVersion } from '../function/lambda-function';
import { Outcome, StepInput } from '../job/job';

/**
 * Publishes the live code, byte for byte, with the configuration of the stack. Takes the code that is live now, and not
 * the build of this run: a newer release, or a return to an older version, may have come in between, and another build
 * of the same commit may have other bytes.
 */
export async function publishConfiguration(
  input: StepInput,
  configuration?: FunctionConfiguration,
  current?: CurrentConfiguration,
): Promise<Outcome> {
  const { settings, deadline } = input;
  const pinned = await pinAlias(settings, deadline);
  const live = await requireLiveVersion(settings);
  const fields = changedFields(configuration ?? current ?? live, live);
  if (fields.length === 0) {
    return reportVersion(input, live.Version!, { hash: live.CodeSha256 ?? live.Version!, notes: [pinned, NOTHING] });
  }
  const code = await readLiveCode({ settings, live, wanted: configuration, fields });
  const note = `it has the code of version ${live.Version} with another configuration: ${fields.join(', ')}`;
  try {
    const wanted = { code, configuration, description: live.Description, notes: [pinned, note] };
    return await release(input, wanted, current);
  } finally {
    code.dispose();
  }
}

const NOTHING = 'it already has the configuration of the stack';

async function requireLiveVersion(settings: Settings): Promise<CurrentConfiguration> {
  const live = await findLiveVersion(settings);
  if (live && !isMarked(live.Description, MARKERS.placeholder)) {
    return live;
  }
  throw configurationError(
    `The run has ${CONFIGURATION_ONLY_VARIABLE}=true, but the function ${settings.functionName} has no released code ` +
      `yet. Start the pipeline without ${CONFIGURATION_ONLY_VARIABLE} to release the code of the source.`,
  );
}
