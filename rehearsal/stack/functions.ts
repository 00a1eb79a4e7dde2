import * as fs from 'node:fs';
import type { Deployed, ResourceContext } from './context';
import { AliasProperties, FunctionProperties, VersionProperties } from './properties';
import type { Account } from '../account/account';
import { createAlias, updateAlias } from '../account/lambda/alias';
import { CodeInput } from '../account/lambda/input';
import { UPDATE_TIME } from '../account/lambda/lambda';
import { zipFolder, zipTexts } from '../base/zip';
import { assetFolder } from '../template/template';

type FunctionContext = ResourceContext<FunctionProperties>;

const NOT_CONFIGURATION = [
  'FunctionName',
  'Code',
  'Tags',
  'PackageType',
  'ReservedConcurrentExecutions',
  'RecursiveLoop',
];

/** Deploys a function of a stack. An update changes only what its own properties changed, as in CloudFormation. */
export async function deployFunction(context: FunctionContext): Promise<Deployed> {
  const { account, properties, generatedName, changed } = context;
  const FunctionName = properties.FunctionName ?? generatedName;
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

/** Publishes a version of a stack. A stack publishes it only once. */
export async function deployVersion(context: ResourceContext<VersionProperties>): Promise<Deployed> {
  const { account, logicalId, properties, stack, changed } = context;
  const { name } = account.lambda.get(properties.FunctionName);
  const key = `${stack.stackName}/${logicalId}`;
  if (changed('version', properties)) {
    const published = account.lambda.publish({ FunctionName: name, Description: properties.Description });
    account.state.stackVersions[key] = published.Version;
    await ready(account);
  }
  const arn = `${account.lambda.arn({ FunctionName: name })}:${account.state.stackVersions[key]}`;
  return { ref: arn, attributes: { Version: account.state.stackVersions[key], FunctionArn: arn } };
}

/** Deploys an alias of a stack. An update moves the alias only if its own properties changed. */
export function deployAlias({ account, properties, changed }: ResourceContext<AliasProperties>): Deployed {
  const { name, aliases } = account.lambda.get(properties.FunctionName);
  const input = { FunctionName: name, Name: properties.Name, FunctionVersion: properties.FunctionVersion };
  if (changed('alias', properties)) {
    aliases[input.Name] ? updateAlias(account, input) : createAlias(account, input);
  }
  const arn = `${account.lambda.arn(input)}:${input.Name}`;
  return { ref: arn, attributes: { AliasArn: arn } };
}

/** CloudFormation waits until a changed function is ready. */
async function ready(account: Account): Promise<void> {
  await account.clock.sleep(UPDATE_TIME);
}

/** Returns the code of a function: an asset of the app, inline code, or an object that CloudFormation's role reads. */
function codeOf(context: FunctionContext): CodeInput {
  const { S3Bucket, S3Key, S3ObjectVersion } = context.properties.Code ?? {};
  return context.caller && S3Key ? { S3Bucket, S3Key, S3ObjectVersion } : { ZipFile: packageOf(context) };
}

/** Returns the package of a function in base64. */
function packageOf(context: FunctionContext): string {
  return zipOf(context).toString('base64');
}

function zipOf({ account, stack, logicalId, properties }: FunctionContext): Buffer {
  const { S3Key, ZipFile } = properties.Code ?? {};
  if (ZipFile) {
    return zipTexts({ [String(properties.Runtime).startsWith('python') ? 'index.py' : 'index.js']: ZipFile });
  }
  if (!S3Key) {
    throw account.refuse(`the code of the function ${logicalId}, which is neither an asset nor inline code`);
  }
  const asset = assetFolder(stack, S3Key);
  return fs.statSync(asset).isDirectory() ? zipFolder(asset) : fs.readFileSync(asset);
}
