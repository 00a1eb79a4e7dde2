import { AwsError } from '../../base/aws-error';
import { unzippedSize } from '../../base/zip';
import type { Account } from '../account';
import { CodeInput } from './input';
import { FunctionConfiguration } from './state';
import { Caller } from '../iam/iam';
import { ObjectOutput } from '../s3/s3';

const UNZIPPED_LIMIT = 262_144_000;
const DIRECT_LIMIT = 50 * 1024 * 1024;
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

function checkValues({ MemorySize = 128, Timeout = 3, Environment }: FunctionConfiguration): void {
  if (!(MemorySize >= 128 && MemorySize <= 10_240)) {
    throw invalid(`MemorySize must be between 128 and 10240, got ${MemorySize}`);
  }
  if (!(Timeout >= 1 && Timeout <= 900)) {
    throw invalid(`Timeout must be between 1 and 900, got ${Timeout}`);
  }
  const variables: Record<string, string> = Environment?.Variables ?? {};
  const reserved = Object.keys(variables).filter((name) => RESERVED.includes(name));
  if (reserved.length > 0) {
    throw invalid(`Reserved keys used in this request: ${reserved.join(', ')}`);
  }
  const size = Buffer.byteLength(JSON.stringify(variables));
  if (size > ENVIRONMENT_LIMIT) {
    throw invalid(`The environment variables must have at most ${ENVIRONMENT_LIMIT} bytes, got ${size}`);
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
    throw invalid('The role defined for the function cannot be assumed by Lambda.');
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
    throw invalid('The provided execution role does not have permissions to call CreateNetworkInterface on EC2');
  }
}

/** Returns the package of a call: its zip, or an object that the caller may read. */
export async function readPackage(account: Account, code: CodeInput, caller?: Caller): Promise<Buffer> {
  const bytes = code.ZipFile ? Buffer.from(code.ZipFile, 'base64') : await readObject(account, code, caller);
  if (caller && code.ZipFile && bytes.length > DIRECT_LIMIT) {
    throw new AwsError(
      413,
      'RequestEntityTooLargeException',
      `Request must be smaller than ${DIRECT_LIMIT} bytes for the UpdateFunctionCode operation`,
    );
  }
  if (sizeOf(bytes) > UNZIPPED_LIMIT) {
    throw invalid(`Unzipped size must be smaller than ${UNZIPPED_LIMIT} bytes`);
  }
  return bytes;
}

function sizeOf(bytes: Buffer): number {
  try {
    return unzippedSize(bytes);
  } catch {
    throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
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
      throw invalid(`Error occurred while GetObject. S3 Error Code: ${name}. S3 Error Message: ${message}`);
    }
    throw new AwsError(
      403,
      'AccessDeniedException',
      'Your access has been denied by S3, please make sure your request credentials have permission to ' +
        `GetObject for ${code.S3Bucket}/${code.S3Key}. S3 Error Code: AccessDenied. S3 Error Message: ${message}`,
    );
  }
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'InvalidParameterValueException', message);
}
