import { createHash } from 'node:crypto';
import { configurationError } from '../base/failure';
import { openArtifact } from '../code/artifact';
import { findImage } from '../code/image';
import { placeholderPackage } from '../code/placeholder';
import { ARTIFACTS, FunctionConfiguration } from '../contract';
import { createAliasOnPlaceholder } from '../function/alias';
import { readWantedConfiguration } from '../function/configuration';
import { createIfMissing, packageTypeOf } from '../function/creation';
import { findAlias, waitUntilUpdated } from '../function/lambda-function';
import { Outcome, requireArtifact, StepInput } from '../job/job';
import { createFromTemplate } from '../template/create-from-template';

/** Step `create`: creates the function and its alias. Resumes where an earlier attempt stopped. */
export async function createFunction(input: StepInput): Promise<Outcome> {
  const {
    job: { parameters },
    settings,
  } = input;
  if (parameters.templatePath) {
    return createFromTemplate(input, parameters.templatePath);
  }
  const wanted = await readWantedConfiguration(settings);
  if (!wanted) {
    throw configurationError(
      `The function ${settings.functionName} does not exist, and the pipeline does not create it, ` +
        'because another stack owns it. Deploy that stack first.',
    );
  }
  return packageTypeOf(wanted) === 'Image' ? createFromImage(input, wanted) : createFromPlaceholder(input, wanted);
}

async function createFromPlaceholder(
  { settings, deadline }: StepInput,
  wanted: FunctionConfiguration,
): Promise<Outcome> {
  const { functionName, aliasName } = settings;
  const code = placeholderPackage(wanted.Runtime!, wanted.Handler!);
  const created = await createIfMissing(settings, wanted, { ZipFile: code });
  const current = await waitUntilUpdated(functionName, deadline);
  const alias = await findAlias(settings);
  if (alias) {
    return {
      summary:
        `the function ${functionName} already exists, ` +
        `and its alias ${aliasName} points to version ${alias.version}`,
    };
  }
  if (!created && current.CodeSha256 !== createHash('sha256').update(code).digest('base64')) {
    return {
      summary:
        `the function ${functionName} already exists, with its own code; ` +
        `the first deployment creates the alias ${aliasName}`,
    };
  }
  const version = await createAliasOnPlaceholder(settings, deadline);
  return {
    summary:
      `created the function ${functionName} with placeholder code; ` +
      `its alias ${aliasName} points to version ${version}`,
  };
}

/**
 * An image has no placeholder: the function is created from its first image, which the source or the build has. A full
 * clone is no input of this step.
 */
async function createFromImage(
  { job, settings, deadline }: StepInput,
  wanted: FunctionConfiguration,
): Promise<Outcome> {
  const { functionName, aliasName } = settings;
  const image =
    job.inputs.length > 0
      ? await findImage(await openArtifact(requireArtifact(job.inputs, ARTIFACTS.sourceOutput)))
      : undefined;
  if (!image) {
    return { summary: `the function ${functionName} will be created from its first image, after the build` };
  }
  const created = await createIfMissing(settings, wanted, { ImageUri: image.uri });
  await waitUntilUpdated(functionName, deadline);
  const what = created
    ? `created the function ${functionName} from the image ${image.uri}`
    : `the function ${functionName} already exists`;
  return { summary: `${what}; the first deployment creates the alias ${aliasName}` };
}
