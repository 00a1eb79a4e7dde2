import { AwsError } from '../../base/aws-error';
import { unzippedSize } from '../../base/zip';
import type { Account } from '../account';
import { invalidParameter, violation } from './errors';
import { CodeInput } from './input';
import { FunctionConfiguration } from './state';
import { Caller } from '../iam/iam';
import { ObjectOutput } from '../s3/s3';

const UNZIPPED_LIMIT = 262_144_000;
const ZIPPED_LIMIT = 50 * 1024 * 1024;
const REQUEST_LIMIT = 70_167_211;
const TAG_LIMIT = 50;
const ROLE = 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+';
const RUNTIME = /^(nodejs\d+\.x|python3\.\d+|java\d+(\.al2)?|dotnet(core)?\d+(\.\d)?|ruby\d\.\d|provided(\.al\d+)?)$/;
const ENVIRONMENT_LIMIT = 4096;
const RESERVED = [
  '_HANDLER',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
];
const NETWORK_ACTIONS = ['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'];

/** Rejects an invalid configuration as Lambda does. `before` is the configuration that it replaces. */
export function checkConfiguration(
  account: Account,
  configuration: FunctionConfiguration,
  functionArn: string,
  caller?: Caller,
  before?: FunctionConfiguration,
): void {
  checkValues(configuration);
  if (configuration.Role !== before?.Role) {
    checkRole(account, configuration.Role ?? '', functionArn, caller);
  }
  checkNetwork(account, configuration, functionArn, caller);
  for (const layer of configuration.Layers ?? []) {
    if (caller) {
      account.calls.check(caller, 'lambda:GetLayerVersion', layer);
    }
    account.notRehearsed.add(`the content of layer ${layer}`);
  }
  if (configuration.FileSystemConfigs?.length) {
    account.notRehearsed.add('the file system of a function');
  }
}

/** Rejects more tags than a function may have. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > TAG_LIMIT) {
    throw invalidParameter('Number of tags exceeds resource tag limit.');
  }
}

function checkValues(configuration: FunctionConfiguration): void {
  const { MemorySize = 128, Timeout = 3, Environment, Role, Runtime } = configuration;
  checkRange(MemorySize, 'memorySize', 128, 10_240);
  checkRange(Timeout, 'timeout', 1, 900);
  if (Role !== undefined && !new RegExp(`^${ROLE}$`).test(Role)) {
    throw violation(Role, 'role', `Member must satisfy regular expression pattern: ${ROLE}`);
  }
  if (Runtime !== undefined && !RUNTIME.test(Runtime)) {
    throw invalidParameter(
      `Value ${Runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: ` +
        '[the runtimes of Lambda] or be a valid ARN',
    );
  }
  const variables: Record<string, string> = Environment?.Variables ?? {};
  const reserved = Object.keys(variables).filter((name) => RESERVED.includes(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        'contains reserved keys that are currently not supported for modification. ' +
        `Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const measured = JSON.stringify(variables);
  if (Buffer.byteLength(measured) > ENVIRONMENT_LIMIT) {
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `exceeded the 4KB limit. String measured: ${measured}`,
    );
  }
}

function checkRange(value: number, member: string, lowest: number, highest: number): void {
  if (value < lowest) {
    throw violation(String(value), member, `Member must have value greater than or equal to ${lowest}`);
  }
  if (value > highest) {
    throw violation(String(value), member, `Member must have value less than or equal to ${highest}`);
  }
}

function checkRole(account: Account, role: string, functionArn: string, caller?: Caller): void {
  if (caller) {
    account.calls.check(caller, 'iam:PassRole', role, {
      'iam:PassedToService': 'lambda.amazonaws.com',
      'iam:AssociatedResourceArn': functionArn,
    });
  }
  if (!account.iam.trusts(role, 'lambda.amazonaws.com', functionArn)) {
    throw invalidParameter('The role defined for the function cannot be assumed by Lambda.');
  }
}

/** Checks a function in a VPC: its role creates network interfaces, and the caller reads the network. */
function checkNetwork(
  account: Account,
  configuration: FunctionConfiguration,
  functionArn: string,
  caller?: Caller,
): void {
  if (!configuration.VpcConfig?.SubnetIds?.length) {
    return;
  }
  account.notRehearsed.add('the network of a function in a VPC');
  for (const action of caller ? NETWORK_ACTIONS : []) {
    account.calls.check(caller!, action, '*');
  }
  try {
    const session = account.iam.assume(configuration.Role ?? '', 'lambda.amazonaws.com', functionArn, 'network');
    account.calls.check(session, 'ec2:CreateNetworkInterface', '*');
  } catch (error) {
    if ((error as AwsError).code !== 'AccessDeniedException') {
      throw error;
    }
    throw invalidParameter(
      'The provided execution role does not have permissions to call CreateNetworkInterface on EC2',
    );
  }
}

/** Returns the package of a call: its zip, or an object that the caller may read. */
export async function readPackage(account: Account, code: CodeInput, caller?: Caller): Promise<Buffer> {
  const bytes = code.ZipFile ? Buffer.from(code.ZipFile, 'base64') : await readObject(account, code, caller);
  if (caller && code.ZipFile) {
    checkRequest(code.ZipFile.length, bytes.length);
  }
  if (sizeOf(bytes) > UNZIPPED_LIMIT) {
    throw invalidParameter(`Unzipped size must be smaller than ${UNZIPPED_LIMIT} bytes`);
  }
  return bytes;
}

function checkRequest(request: number, zipped: number): void {
  const tooLarge =
    request > REQUEST_LIMIT
      ? `Request must be smaller than ${REQUEST_LIMIT} bytes for the UpdateFunctionCode operation`
      : zipped > ZIPPED_LIMIT
        ? `Zipped size must be smaller than ${ZIPPED_LIMIT} bytes`
        : undefined;
  if (tooLarge) {
    throw new AwsError(413, 'RequestEntityTooLargeException', tooLarge);
  }
}

function sizeOf(bytes: Buffer): number {
  try {
    return unzippedSize(bytes);
  } catch {
    throw invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
}

async function readObject(account: Account, code: CodeInput, caller?: Caller): Promise<Buffer> {
  if (!code.S3Bucket || !caller) {
    throw account.refuse('function code that is neither a zip nor an object in S3');
  }
  const input = { Bucket: code.S3Bucket, Key: code.S3Key, VersionId: code.S3ObjectVersion };
  try {
    return (await account.perform<Required<ObjectOutput>>(caller, 's3', 'GetObject', input)).Body;
  } catch (error) {
    const { code: name, message } = error as AwsError;
    if (name === 'NotRehearsed') {
      throw error;
    }
    if (!name?.startsWith('AccessDenied')) {
      throw invalidParameter(`Error occurred while GetObject. S3 Error Code: ${name}. S3 Error Message: ${message}`);
    }
    throw new AwsError(
      403,
      'AccessDeniedException',
      'Your access has been denied by S3, please make sure your request credentials have permission to ' +
        `GetObject for ${code.S3Bucket}/${code.S3Key}. S3 Error Code: AccessDenied. S3 Error Message: ${message}`,
    );
  }
}
