import { StackEvent } from '@aws-sdk/client-cloudformation';
import { findFirstFailure, findFunctionNames, nextStackStep } from '../../../../src/handlers/release/template/stack';

test.each([
  [undefined, false, 'create'],
  ['DELETE_COMPLETE', false, 'create'],
  ['CREATE_IN_PROGRESS', false, 'wait'],
  ['DELETE_IN_PROGRESS', false, 'wait'],
  ['CREATE_COMPLETE', false, 'done'],
  ['UPDATE_ROLLBACK_COMPLETE', false, 'done'],
  ['ROLLBACK_COMPLETE', false, 'delete first'],
  ['ROLLBACK_FAILED', false, 'delete first'],
  ['CREATE_FAILED', false, 'delete first'],
  ['DELETE_FAILED', false, 'refuse'],
  ['REVIEW_IN_PROGRESS', false, 'refuse'],
  ['CREATE_COMPLETE', true, 'done'],
  ['CREATE_FAILED', true, 'wait'],
  ['DELETE_IN_PROGRESS', true, 'wait'],
  ['DELETE_COMPLETE', true, 'failed'],
  ['DELETE_FAILED', true, 'failed'],
  ['ROLLBACK_COMPLETE', true, 'failed'],
  [undefined, true, 'failed'],
])('at %s (created by this job: %s) the next step is: %s', (status, own, step) => {
  expect(nextStackStep(status, own)).toBe(step);
});

const event = (LogicalResourceId: string, ResourceStatus: string, rest: object = {}) =>
  ({ LogicalResourceId, ResourceStatus, ...rest }) as StackEvent;

test('finds the first failure, and ignores cancellations', () => {
  expect(
    findFirstFailure([
      event('Stack', 'DELETE_IN_PROGRESS'),
      event('Queue', 'CREATE_FAILED', { ResourceStatusReason: 'Resource creation Cancelled' }),
      event('Table', 'CREATE_FAILED', { ResourceStatusReason: 'quota' }),
      event('Role', 'CREATE_FAILED', { ResourceStatusReason: 'not authorized' }),
      event('Role', 'CREATE_IN_PROGRESS'),
    ]),
  ).toMatchObject({ LogicalResourceId: 'Role' });
});

test('names the functions that were made', () => {
  const made = (name: string, status = 'CREATE_COMPLETE') =>
    event('F', status, { ResourceType: 'AWS::Lambda::Function', PhysicalResourceId: name });
  expect(
    findFunctionNames([
      made('b'),
      made('a'),
      made('a', 'CREATE_IN_PROGRESS'),
      event('R', 'CREATE_COMPLETE', { ResourceType: 'AWS::IAM::Role' }),
    ]),
  ).toEqual(['b', 'a']);
});
