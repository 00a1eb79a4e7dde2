import { createHash } from 'node:crypto';
import { Step } from './scenario';
import { zipTexts } from '../../../rehearsal/base/zip';
import { StandIn } from '../../rehearsal/support/stand-in';

export const ROLE = 'arn:aws:iam::123456789012:role/orders-role';
export const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:orders';
export const CODE = { ZipFile: zipTexts({ 'index.js': 'exports.handler = async () => 1;' }) };
export const OTHER_CODE = { ZipFile: zipTexts({ 'index.js': 'exports.handler = async () => 2;' }) };
export const DIGESTS = ['1'.repeat(64), '2'.repeat(64)];
export const imageUri = (digest: string) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/orders@sha256:${digest}`;
export const UPDATE_TIME = 3000;

/** The role of the function. */
export function role(standIn: StandIn): void {
  standIn.role('orders-role', 'lambda.amazonaws.com', []);
}

export const create: Step = {
  call: 'CreateFunction',
  input: { FunctionName: 'orders', Role: ROLE, Runtime: 'nodejs24.x', Handler: 'index.handler', Code: CODE },
  answer: [201, configuration({ RevisionId: '<revision:1>', ...creating() })],
};

export const createImage: Step = {
  call: 'CreateFunction',
  input: { FunctionName: 'orders', Role: ROLE, PackageType: 'Image', Code: { ImageUri: imageUri(DIGESTS[0]) } },
  answer: [201, image({ RevisionId: '<revision:1>', CodeSha256: DIGESTS[0], ...creating() })],
};

/** A function's configuration as AWS returns it, without the undefined members. */
export function configuration(changes: Record<string, unknown>): Record<string, unknown> {
  const all = {
    Architectures: ['x86_64'],
    CodeSha256: '<code:1>',
    CodeSize: '<any>',
    Description: '',
    EphemeralStorage: { Size: 512 },
    FunctionArn: ARN,
    FunctionName: 'orders',
    Handler: 'index.handler',
    LastModified: '<any>',
    LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/orders' },
    MemorySize: 128,
    PackageType: 'Zip',
    Role: ROLE,
    Runtime: 'nodejs24.x',
    RuntimeVersionConfig: { RuntimeVersionArn: '<any>' },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    Timeout: 3,
    TracingConfig: { Mode: 'PassThrough' },
    Version: '$LATEST',
    ...changes,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

export function image(changes: Record<string, unknown>): Record<string, unknown> {
  const absent = { Handler: undefined, Runtime: undefined, RuntimeVersionConfig: undefined };
  return configuration({ PackageType: 'Image', ...absent, ...changes });
}

export function creating() {
  return { State: 'Pending', StateReason: 'The function is being created.', StateReasonCode: 'Creating' };
}

export function active() {
  return { State: 'Active', LastUpdateStatus: 'Successful' };
}

export function updating() {
  return {
    State: 'Active',
    LastUpdateStatus: 'InProgress',
    LastUpdateStatusReason: 'The function is being created.',
    LastUpdateStatusReasonCode: 'Creating',
  };
}

/** A version in a list of versions, which tells neither states nor the version of the runtime. */
export function listed(changes: Record<string, unknown>): Record<string, unknown> {
  return configuration({ RuntimeVersionConfig: undefined, ...changes });
}

export const CODE_OF_ZIP = { RepositoryType: 'S3', Location: '<any>' };
export const REVISION_CONFLICT = [
  412,
  'PreconditionFailedException',
  'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
] as const;
export const notFound = (arn: string) => [404, 'ResourceNotFoundException', `Function not found: ${arn}`] as const;
export const invalid = (message: string) => [400, 'InvalidParameterValueException', message] as const;
export const alias = (changes: Record<string, unknown>) => ({
  AliasArn: `${ARN}:live`,
  Description: '',
  FunctionVersion: '1',
  Name: 'live',
  ...changes,
});

export const api = (test: string) => `lambda_/test_lambda_api.py ${test}`;

/** A function with the versions 1 and 2, which nobody compares here. */
export async function twoVersions(standIn: StandIn): Promise<void> {
  await standIn.functionWithTwoVersions('orders');
}

export function tags(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'value']));
}

export const sha256 = () => createHash('sha256').update(CODE.ZipFile).digest('base64');
