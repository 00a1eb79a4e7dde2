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

test('goes on to the next when a permission is there already', async () => {
  lambda.on(AddPermissionCommand).rejectsOnce(awsError('ResourceConflictException')).resolves({});
  await grantPermissions(settingsWith(), [API, { ...API, StatementId: 'Events' }]);
  expect(inputsOf(lambda, AddPermissionCommand)).toHaveLength(2);
});

test('fails with the permission that was refused', async () => {
  lambda
    .on(AddPermissionCommand)
    .rejects(awsError('InvalidParameterValueException', 'The provided principal was invalid'));
  await expect(grantPermissions(settingsWith(), [API])).rejects.toThrow(
    'the permission Api could not be added to the alias live: AWS refused a call: InvalidParameterValueException: The provided principal was invalid',
  );
});
