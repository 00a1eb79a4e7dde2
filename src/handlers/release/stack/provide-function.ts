import {
  FunctionCode,
  ListTagsCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { WantedFunction } from './stack-event';
import { lambda } from '../aws/clients';
import { configurationError } from '../base/failure';
import { log } from '../base/log';
import { isMarked, MARKERS } from '../base/marker';
import { Settings } from '../base/settings';
import { placeholderHash, placeholderPackage } from '../code/placeholder';
import { FunctionConfiguration, PROJECT_TAG } from '../contract';
import { createAlias, createAliasOnPlaceholder, publishPlaceholder } from '../function/alias';
import { applyConfiguration } from '../function/apply-configuration';
import { configurationChanges } from '../function/configuration';
import { createIfMissing } from '../function/creation';
import {
  AliasState,
  CurrentConfiguration,
  findAlias,
  findFunction,
  waitUntilUpdated,
  waitUntilVersionActive,
} from '../function/lambda-function';

/**
 * Creates what is missing of the function and the alias. Repairs a placeholder of an earlier deployment of the stack
 * that failed, because the execution role of that function may no longer exist. Changes nothing else.
 */
export async function provideFunction(settings: Settings, wanted: WantedFunction, deadline: number): Promise<void> {
  const { functionName, aliasName, configuration, initialImage } = wanted;
  const names = { ...settings, functionName, aliasName };
  const found = await findFunction(functionName);
  if (!found && !configuration) {
    throw configurationError(
      `The function ${functionName} does not exist, and its own stack creates it. ` +
        'Deploy that stack first, and then deploy the stack again.',
    );
  }
  const isCreated = !found && (await createIfMissing(names, configuration!, codeOf(configuration!, initialImage)));
  const current = await waitUntilUpdated(functionName, deadline);
  if (isCreated) {
    await createAliasOnPlaceholder(names, deadline);
    return;
  }
  const alias = await findAlias(names);
  if (configuration && (await isPlaceholder(names, current, alias))) {
    return repairPlaceholder(names, { current, alias, configuration }, deadline);
  }
  if (!alias) {
    await createAliasOnLatest(names, deadline);
  }
}

function codeOf({ Runtime, Handler }: FunctionConfiguration, initialImage?: string): FunctionCode {
  return initialImage ? { ImageUri: initialImage } : { ZipFile: placeholderPackage(Runtime!, Handler!) };
}

/** Whether this pipeline created the function, and nobody has released anything to it. */
async function isPlaceholder(
  { projectName, functionName }: Settings,
  current: CurrentConfiguration,
  alias: AliasState | undefined,
): Promise<boolean> {
  const { Tags = {} } = await lambda.send(new ListTagsCommand({ Resource: current.FunctionArn }));
  if (Tags[PROJECT_TAG] !== projectName) {
    return false;
  }
  if (!alias) {
    // A deployment that failed between the function and the alias. An image has no version of a release either.
    return current.PackageType === 'Image' || hasPlaceholderCode(current);
  }
  const version = await findFunction(functionName, alias.version);
  return isMarked(version?.Description, MARKERS.placeholder) && version?.CodeSha256 === current.CodeSha256;
}

function hasPlaceholderCode({ Runtime, Handler, CodeSha256 }: CurrentConfiguration): boolean {
  return CodeSha256 === placeholderHash(Runtime ?? '', Handler ?? '');
}

interface Placeholder {
  readonly current: CurrentConfiguration;
  readonly alias?: AliasState;
  readonly configuration: FunctionConfiguration;
}

async function repairPlaceholder(
  settings: Settings,
  { current, alias, configuration }: Placeholder,
  deadline: number,
): Promise<void> {
  const configured = await applyConfiguration(configuration, current, deadline);
  await repairCode(configured, configuration, deadline);
  if (!alias) {
    await createAliasOnPlaceholder(settings, deadline);
    return;
  }
  const version = await publishPlaceholder(settings, deadline);
  if (version === alias.version) {
    return;
  }
  log('repaired the placeholder', { from: alias.version, to: version });
  await lambda.send(
    new UpdateAliasCommand({
      FunctionName: settings.functionName,
      Name: settings.aliasName,
      FunctionVersion: version,
      RevisionId: alias.revisionId,
    }),
  );
}

/** Another handler needs another file, and another architecture comes with the code. */
async function repairCode(
  current: CurrentConfiguration,
  wanted: FunctionConfiguration,
  deadline: number,
): Promise<void> {
  const architecture = configurationChanges('code', wanted, current);
  const isOutdated = current.PackageType !== 'Image' && !hasPlaceholderCode(current);
  if (current.PackageType === 'Image' || (!isOutdated && Object.keys(architecture).length === 0)) {
    return;
  }
  await lambda.send(
    new UpdateFunctionCodeCommand({
      FunctionName: current.FunctionName,
      ZipFile: placeholderPackage(current.Runtime!, current.Handler!),
      RevisionId: current.RevisionId,
      ...architecture,
    }),
  );
  await waitUntilUpdated(current.FunctionName!, deadline);
}

/** Publishes the function as it is, and creates the alias on that version. */
async function createAliasOnLatest(settings: Settings, deadline: number): Promise<void> {
  const { functionName, aliasName } = settings;
  const { Version } = await lambda.send(
    new PublishVersionCommand({ FunctionName: functionName, Description: `published for the alias ${aliasName}` }),
  );
  await waitUntilVersionActive(functionName, Version!, deadline);
  await createAlias(settings, Version!);
}
