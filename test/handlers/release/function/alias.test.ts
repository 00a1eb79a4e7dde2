import { CreateAliasCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { createAlias } from '../../../../src/handlers/release/function/alias';
import { awsError, inputsOf, settingsWith } from '../fixtures';

const lambda = mockClient(LambdaClient);

beforeEach(() => lambda.reset());

test('creates the alias', async () => {
  await createAlias(settingsWith(), '1');
  expect(inputsOf(lambda, CreateAliasCommand)).toEqual([
    { FunctionName: 'inventory-allocation', Name: 'live', FunctionVersion: '1' },
  ]);
});

test('accepts an alias that another delivery of the job created', async () => {
  lambda.on(CreateAliasCommand).rejects(awsError('ResourceConflictException'));
  await expect(createAlias(settingsWith(), '1')).resolves.toBeUndefined();
});

test('fails when Lambda rejects the alias', async () => {
  lambda.on(CreateAliasCommand).rejects(awsError('InvalidParameterValueException', 'no such version'));
  await expect(createAlias(settingsWith(), '1')).rejects.toThrow('no such version');
});
