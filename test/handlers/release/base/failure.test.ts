import { configurationError, toFailure } from '../../../../src/handlers/release/base/failure';
import { awsError } from '../fixtures';

const DENIAL =
  'User: arn:aws:sts::123456789012:assumed-role/R/f is not authorized to perform: lambda:GetAlias ' +
  'on resource: arn:aws:lambda:us-east-1:1:function:f because no identity-based policy allows the lambda:GetAlias action';

test.each([
  ['a denial', awsError('AccessDeniedException', DENIAL, 403), 'PermissionError'],
  ['a denial by S3', awsError('AccessDenied', 'Access Denied', 403), 'PermissionError'],
  ['a throttle', awsError('TooManyRequestsException', 'Rate exceeded', 429), 'SystemUnavailable'],
  ['a throttle of CodeDeploy', awsError('ThrottlingException', 'Rate exceeded'), 'SystemUnavailable'],
  ['an internal error', awsError('ServiceException', 'oops', 500), 'SystemUnavailable'],
  ['a broken connection', awsError('Error', 'connect ECONNREFUSED', 0), 'SystemUnavailable'],
  ['a missing resource', awsError('DeploymentGroupDoesNotExistException', 'No group'), 'ConfigurationError'],
  ['a rejected value', awsError('InvalidParameterValueException', 'Memory'), 'ConfigurationError'],
  ['anything else', new TypeError('x is undefined'), 'JobFailed'],
  ['a value that is not an error', 'text', 'JobFailed'],
])('gives %s its failure type', (_, error, type) => {
  expect(toFailure(error).type).toBe(type);
});

test('names the action and the resource of a denial', () => {
  expect(toFailure(awsError('AccessDeniedException', DENIAL, 403)).message).toContain(
    'The release function is not allowed to call lambda:GetAlias on arn:aws:lambda:us-east-1:1:function:f',
  );
});

test('keeps a failure as it is', () => {
  const failure = configurationError('wrong');
  expect(toFailure(failure)).toBe(failure);
});

test('a full code storage names the commands that delete versions', () => {
  const failure = toFailure(
    Object.assign(new Error('Code storage limit exceeded.'), { name: 'CodeStorageExceededException' }),
  );
  expect(failure).toMatchObject({
    type: 'ConfigurationError',
    message: expect.stringContaining('aws lambda delete-function --function-name <function> --qualifier <version>'),
  });
});
