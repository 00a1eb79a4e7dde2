import * as fs from 'node:fs';
import type { Deployed } from './resources';
import type { ResourceContext } from './stack';
import { Account } from '../account/account';
import { createAlias, updateAlias } from '../account/lambda/alias';
import { UPDATE_TIME } from '../account/lambda/lambda';
import { zipFolder, zipTexts } from '../base/zip';
import { assetFolder } from '../template/template';

const NOT_CONFIGURATION = [
  'FunctionName',
  'Code',
  'Tags',
  'PackageType',
  'ReservedConcurrentExecutions',
  'RecursiveLoop',
];

/** A function of a stack. An update changes it only where its own properties have changed, as CloudFormation does. */
export async function deployFunction(context: ResourceContext): Promise<Deployed> {
  const { account, properties, generatedName, changed } = context;
  const FunctionName: string = properties.FunctionName ?? generatedName;
  const configuration = Object.fromEntries(
    Object.entries(properties).filter(([key]) => !NOT_CONFIGURATION.includes(key)),
  );
  const [newCode, newConfiguration] = [changed('code', properties.Code), changed('configuration', configuration)];
  if (!account.lambda.find(FunctionName)) {
    await account.lambda.createFunction({ ...configuration, FunctionName, Code: codeOf(context) }, context.caller);
    await ready(account);
  } else {
    if (newConfiguration) {
      account.lambda.updateConfiguration({ ...configuration, FunctionName });
    }
    await ready(account);
    if (newCode) {
      await account.lambda.updateCode({ FunctionName, ZipFile: packageOf(context) });
    }
    await ready(account);
  }
  return { ref: FunctionName, attributes: { Arn: account.lambda.arn({ FunctionName }) } };
}

/** A version that a stack publishes, once. */
export async function deployVersion({
  account,
  logicalId,
  properties,
  stack,
  changed,
}: ResourceContext): Promise<Deployed> {
  const { name } = account.lambda.get(properties.FunctionName);
  const key = `${stack.stackName}/${logicalId}`;
  if (changed('version', properties)) {
    account.state.stackVersions[key] = account.lambda.publish({
      FunctionName: name,
      Description: properties.Description,
    }).Version;
    await ready(account);
  }
  const arn = `${account.lambda.arn({ FunctionName: name })}:${account.state.stackVersions[key]}`;
  return { ref: arn, attributes: { Version: account.state.stackVersions[key], FunctionArn: arn } };
}

/** An alias of a stack: an update moves it only when the alias's own properties have changed. */
export function deployAlias({ account, properties, changed }: ResourceContext): Deployed {
  const { name, aliases } = account.lambda.get(properties.FunctionName);
  const input = { FunctionName: name, Name: properties.Name, FunctionVersion: properties.FunctionVersion };
  if (changed('alias', properties)) {
    aliases[input.Name] ? updateAlias(account, input) : createAlias(account, input);
  }
  const arn = `${account.lambda.arn(input)}:${input.Name}`;
  return { ref: arn, attributes: { AliasArn: arn } };
}

/** CloudFormation waits until what it has changed is ready. */
async function ready(account: Account): Promise<void> {
  await account.clock.sleep(UPDATE_TIME);
}

/** The code of a function: an asset of the app, inline, or an object that the role of CloudFormation reads. */
function codeOf(context: ResourceContext): object {
  const { S3Bucket, S3Key, S3ObjectVersion } = context.properties.Code ?? {};
  return context.caller && S3Key ? { S3Bucket, S3Key, S3ObjectVersion } : { ZipFile: packageOf(context) };
}

/** The package of a function, in base64. */
function packageOf(context: ResourceContext): string {
  return zipOf(context).toString('base64');
}

function zipOf({ account, stack, logicalId, properties }: ResourceContext): Buffer {
  const { S3Key, ZipFile } = properties.Code ?? {};
  if (ZipFile) {
    return zipTexts({ [String(properties.Runtime).startsWith('python') ? 'index.py' : 'index.js']: ZipFile });
  }
  if (!S3Key) {
    throw account.refuse(`the code of the function ${logicalId}, which is neither an asset nor inline`);
  }
  const asset = assetFolder(stack, S3Key);
  return fs.statSync(asset).isDirectory() ? zipFolder(asset) : fs.readFileSync(asset);
}
