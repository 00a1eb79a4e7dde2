import { createHash } from 'node:crypto';
import { configurationError } from '../base/failure';
import { readArtifact } from '../code/artifact';
import { findImage } from '../code/image';
import { placeholderPackage } from '../code/placeholder';
import { readZip } from '../code/zip';
import { ARTIFACTS, FunctionConfiguration } from '../contract';
import { createAliasOnPlaceholder, grantPermissions } from '../function/alias';
import { readWantedConfiguration } from '../function/configuration';
import { createUnlessThere, packageTypeOf } from '../function/creation';
import { findAlias, waitUntilUpdated } from '../function/lambda-function';
import { Outcome, requireArtifact, StepInput } from '../job/job';
import { createFromTemplate } from '../template/create-from-template';

/** Step `create`: makes the function, and an alias to put releases on. Goes on where an earlier try stopped. */
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
      `the function ${settings.functionName} does not exist, and the pipeline does not make it: a stack owns it. Deploy that stack first.`,
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
  const created = await createUnlessThere(functionName, wanted, { ZipFile: code });
  const current = await waitUntilUpdated(functionName, deadline);
  const alias = await findAlias(settings);
  if (alias) {
    return {
      summary: `the function ${functionName} and its alias ${aliasName} exist already, at version ${alias.version}`,
    };
  }
  if (!created && current.CodeSha256 !== createHash('sha256').update(code).digest('base64')) {
    return {
      summary: `the function ${functionName} exists already, with code of its own; the first deployment makes the alias ${aliasName}`,
    };
  }
  const version = await createAliasOnPlaceholder(settings, deadline);
  await grantPermissions(settings, wanted.Permissions);
  return {
    summary: `created the function ${functionName} with placeholder code, and its alias ${aliasName} at version ${version}`,
  };
}

/** There is no placeholder for an image: the function begins with its first one, which a source may have and a build makes. */
async function createFromImage(
  { job, settings, deadline }: StepInput,
  wanted: FunctionConfiguration,
): Promise<Outcome> {
  const { functionName, aliasName } = settings;
  const image = findImage(readZip(await readArtifact(requireArtifact(job.inputs, ARTIFACTS.sourceOutput))));
  if (!image) {
    return { summary: `the function ${functionName} is made with its first image, after the build` };
  }
  const created = await createUnlessThere(functionName, wanted, { ImageUri: image.uri });
  await waitUntilUpdated(functionName, deadline);
  const what = created
    ? `created the function ${functionName} with the image ${image.uri}`
    : `the function ${functionName} exists already`;
  return { summary: `${what}; the first deployment makes the alias ${aliasName}` };
}
