import { GetProvisionedConcurrencyConfigCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { findHoldingAllocation } from '../../../../src/handlers/release/function/provisioned-concurrency';
import { awsError, inputsOf, settingsWith } from '../fixtures';

const lambda = mockClient(LambdaClient);
const HELD = { version: '3', weights: { 2: 1 } };
const find = (alias?: { version: string; weights: Record<string, number> }) =>
  findHoldingAllocation(settingsWith(), alias);

beforeEach(() => {
  lambda.reset();
  lambda.on(GetProvisionedConcurrencyConfigCommand).resolves({ Status: 'FAILED', StatusReason: 'no capacity' });
});

test('returns the allocation for which Lambda holds the traffic', async () => {
  expect(await find(HELD)).toEqual({ status: 'FAILED', reason: 'no capacity' });
  expect(inputsOf(lambda, GetProvisionedConcurrencyConfigCommand)).toEqual([
    { FunctionName: 'inventory-allocation', Qualifier: 'live' },
  ]);
});

test.each([
  ['no alias', undefined],
  ['an alias without weights', { version: '3', weights: {} }],
  ['a canary that was stopped', { version: '2', weights: { 3: 0.1 } }],
])('asks nothing about %s', async (_, alias) => {
  expect(await find(alias)).toBeUndefined();
  expect(lambda.calls()).toEqual([]);
});

test('returns nothing if the alias has no provisioned concurrency', async () => {
  lambda
    .on(GetProvisionedConcurrencyConfigCommand)
    .rejects(awsError('ProvisionedConcurrencyConfigNotFoundException', 'none', 404));
  expect(await find(HELD)).toBeUndefined();
});

test('passes on every other error', async () => {
  lambda.on(GetProvisionedConcurrencyConfigCommand).rejects(awsError('AccessDeniedException', 'denied', 403));
  await expect(find(HELD)).rejects.toThrow('denied');
});
