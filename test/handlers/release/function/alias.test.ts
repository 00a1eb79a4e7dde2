import { AddPermissionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { grantPermissions } from '../../../../src/handlers/release/function/alias';
import { awsError, inputsOf, settingsWith } from '../fixtures';

const lambda = mockClient(LambdaClient);
const API = {
  StatementId: 'Api',
  Action: 'lambda:InvokeFunction',
  Principal: 'apigateway.amazonaws.com',
  SourceArn: 'arn:aws:execute-api:us-east-1:123456789012:api',
};

beforeEach(() => lambda.reset());

test('adds each permission to the alias', async () => {
  await grantPermissions(settingsWith(), [API, { ...API, StatementId: 'Events' }]);
  expect(inputsOf(lambda, AddPermissionCommand)).toEqual([
    { ...API, FunctionName: 'inventory-allocation', Qualifier: 'live' },
    { ...API, StatementId: 'Events', FunctionName: 'inventory-allocation', Qualifier: 'live' },
  ]);
});

test('skips a permission that the alias already has', async () => {
  lambda.on(AddPermissionCommand).rejectsOnce(awsError('ResourceConflictException')).resolves({});
  await grantPermissions(settingsWith(), [API, { ...API, StatementId: 'Events' }]);
  expect(inputsOf(lambda, AddPermissionCommand)).toHaveLength(2);
});

test('fails when Lambda rejects a permission, and names it', async () => {
  lambda
    .on(AddPermissionCommand)
    .rejects(awsError('InvalidParameterValueException', 'The provided principal was invalid'));
  await expect(grantPermissions(settingsWith(), [API])).rejects.toThrow(
    'Could not add the permission Api to the alias live: ' +
      'AWS rejected a request: InvalidParameterValueException: The provided principal was invalid.',
  );
});
