import { createHash } from 'node:crypto';
import {
  CreateAliasCommand, CreateFunctionCommand, GetAliasCommand, GetFunctionConfigurationCommand, LambdaClient, PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { createFunction } from '../../../src/handlers/release/create-function';
import { PLACEHOLDER_DESCRIPTION } from '../../../src/handlers/release/lambda-function';
import { placeholderPackage } from '../../../src/handlers/release/placeholder';
import { readZip } from '../../../src/handlers/release/zip';
import { awsError, inputsOf, stepInput } from './fixtures';
import { secondsPassed, startVirtualTime } from './virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('./virtual-time'));

const lambda = mockClient(LambdaClient);
const ssm = mockClient(SSMClient);
const CONFIGURATION = { Runtime: 'python3.13', Handler: 'app.handler', Role: 'arn:role', MemorySize: 512, SnapStart: { ApplyOn: 'PublishedVersions' } };
const NOT_READY = awsError('InvalidParameterValueException', 'The role defined for the function cannot be assumed by Lambda.');

beforeEach(() => {
  startVirtualTime();
  jest.spyOn(console, 'log').mockImplementation();
  lambda.reset();
  ssm.reset();
  ssm.on(GetParameterCommand, { Name: '/inventory/configuration' }).resolves({ Parameter: { Value: JSON.stringify(CONFIGURATION) } });
  lambda.on(CreateFunctionCommand).resolves({});
  lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Active', LastUpdateStatus: 'Successful' });
  lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException'));
  lambda.on(PublishVersionCommand).resolves({ Version: '1' });
  lambda.on(CreateAliasCommand).resolves({});
});

const create = () => createFunction(stepInput({ step: 'create' }, {}, { CONFIGURATION_PARAMETER: '/inventory/configuration' }));

test('creates the function as the stack describes it, with an alias on placeholder code', async () => {
  expect((await create()).summary).toBe('created the function inventory-allocation with placeholder code, and its alias live at version 1');
  expect(inputsOf(lambda, CreateFunctionCommand)).toMatchObject([{ FunctionName: 'inventory-allocation', Runtime: 'python3.13', Role: 'arn:role', MemorySize: 512, PackageType: 'Zip' }]);
  expect(inputsOf(lambda, PublishVersionCommand)).toMatchObject([{ Description: PLACEHOLDER_DESCRIPTION }]);
  expect(inputsOf(lambda, CreateAliasCommand)).toMatchObject([{ Name: 'live', FunctionVersion: '1' }]);
});

test('makes no snapshot of placeholder code', async () => {
  await create();
  expect(inputsOf(lambda, CreateFunctionCommand)[0]).not.toHaveProperty('SnapStart');
});

test.each([
  ['python3.13', 'src.app.handler', 'src/app.py'], ['nodejs24.x', 'index.handler', 'index.js'], ['ruby3.4', 'app.handler', 'app.rb'],
  ['provided.al2023', 'main', 'bootstrap'], ['java21', 'com.acme.Handler', 'NO-RELEASE-YET.txt'],
])('writes placeholder code for %s', (runtime, handler, file) => {
  const [entry] = readZip(placeholderPackage(runtime, handler));
  expect(entry.name).toBe(file);
  expect(entry.read().toString()).toContain('no release yet');
});

test('waits until the function is active before it publishes', async () => {
  lambda.on(GetFunctionConfigurationCommand).resolvesOnce({ State: 'Pending' }).resolvesOnce({ State: 'Pending' }).resolves({ State: 'Active' });
  await create();
  expect(secondsPassed()).toBe(4);
});

test('waits for a role that Lambda does not know yet', async () => {
  lambda.on(CreateFunctionCommand).rejectsOnce(NOT_READY).rejectsOnce(NOT_READY).resolves({});
  expect((await create()).summary).toContain('created the function');
});

test('fails when Lambda does not accept the role after a minute', async () => {
  lambda.on(CreateFunctionCommand).rejects(NOT_READY);
  await expect(create()).rejects.toThrow('Lambda has refused the execution role for 60 seconds');
  expect(secondsPassed()).toBe(60);
});

test('does not try again when another parameter is wrong', async () => {
  lambda.on(CreateFunctionCommand).rejects(awsError('InvalidParameterValueException', 'MemorySize'));
  await expect(create()).rejects.toThrow('MemorySize');
  expect(inputsOf(lambda, CreateFunctionCommand)).toHaveLength(1);
});

test('goes on where an earlier try stopped', async () => {
  const codeSha256 = createHash('sha256').update(placeholderPackage('python3.13', 'app.handler')).digest('base64');
  lambda.on(CreateFunctionCommand).rejects(awsError('ResourceConflictException', 'Function already exist'));
  lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Active', CodeSha256: codeSha256 });
  await create();
  expect(inputsOf(lambda, CreateAliasCommand)).toHaveLength(1);
});

test('publishes nothing when the alias is there', async () => {
  lambda.on(CreateFunctionCommand).rejects(awsError('ResourceConflictException'));
  lambda.on(GetAliasCommand).resolves({ FunctionVersion: '7' });
  expect((await create()).summary).toContain('exist already, at version 7');
  expect(inputsOf(lambda, PublishVersionCommand)).toEqual([]);
});

test('does not publish somebody\'s own code as a placeholder', async () => {
  lambda.on(CreateFunctionCommand).rejects(awsError('ResourceConflictException'));
  lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Active', CodeSha256: 'other' });
  expect((await create()).summary).toContain('exists already, with code of its own');
  expect(inputsOf(lambda, PublishVersionCommand)).toEqual([]);
});

test('lets another delivery of the job make the alias', async () => {
  lambda.on(CreateAliasCommand).rejects(awsError('ResourceConflictException'));
  expect((await create()).summary).toContain('created the function');
});

test('fails when a stack owns the function', async () => {
  await expect(createFunction(stepInput({ step: 'create' })))
    .rejects.toMatchObject({ type: 'ConfigurationError', message: expect.stringContaining('a stack owns it. Deploy that stack first') });
});

test('fails when the function could not be set up', async () => {
  lambda.on(GetFunctionConfigurationCommand).resolves({ FunctionName: 'inventory-allocation', State: 'Failed', StateReason: 'no subnet', StateReasonCode: 'InvalidSubnet' });
  await expect(create()).rejects.toThrow('no subnet (InvalidSubnet)');
});

test('fails when the function is not active in time', async () => {
  lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Pending', StateReason: 'the function is being created' });
  await expect(create()).rejects.toMatchObject({
    type: 'SystemUnavailable', message: expect.stringContaining('for the function inventory-allocation to be updated, and it is still pending: the function is being created'),
  });
});
