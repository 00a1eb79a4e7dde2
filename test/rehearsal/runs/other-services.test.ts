import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { TargetFunction } from '../../../src';
import { pipelineApp, Rehearsed } from '../support/run';

jest.setTimeout(240_000);

/** A call of DynamoDB without an SDK, so that the package needs none. */
const CALLS_DYNAMODB = `exports.handler = async () => {
  const credential = process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/dynamodb/aws4_request';
  const response = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=' + credential + ', Signature=0',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.GetItem',
    },
    body: '{"TableName":"orders"}',
  });
  if (!response.ok) throw new Error((await response.json()).__type);
  return response.json();
};`;

/** A pipeline whose function has these permissions. */
const app = (actions: string[]) =>
  pipelineApp((stack: Stack) => {
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['logs:CreateLogStream', ...actions], resources: ['*'] }));
    return {
      targetFunction: TargetFunction.create({
        runtime: lambda.Runtime.NODEJS_24_X,
        handler: 'index.handler',
        role: role.withoutPolicyUpdates(),
      }),
    };
  });

const push = (actions: string[], options = {}) =>
  new Rehearsed().push(app(actions), { 'index.js': CALLS_DYNAMODB }, options);

test('a call of a service that is not rehearsed makes the result unknown, and the run succeeds', async () => {
  const run = await push(['dynamodb:GetItem']);
  expect(run).toMatchObject({ status: 'Succeeded', invocations: { errors: 0 } });
  expect(run.invocations.unknown).toBe(run.invocations.count);
  expect(run.notRehearsed).toContainEqual(
    'GetItem of dynamodb, which the function orders calls: the result of the invocation is unknown',
  );
});

test('an operation that the account does not have makes the result unknown, and the run succeeds', async () => {
  const handler = CALLS_DYNAMODB.replace('/dynamodb/', '/lambda/').replace(
    'process.env.AWS_ENDPOINT_URL,',
    'process.env.AWS_ENDPOINT_URL + "/2016-08-19/account-settings/",',
  );
  const run = await new Rehearsed().push(app([]), { 'index.js': handler });
  expect(run).toMatchObject({ status: 'Succeeded', invocations: { errors: 0 } });
  expect(run.notRehearsed.join()).toContain('POST /2016-08-19/account-settings/ of lambda, which the function orders');
});

test('a call that the role of the function does not allow fails', async () => {
  const { responses, invocations } = await push(['dynamodb:PutItem']);
  expect(invocations.unknown).toBe(0);
  expect(responses[0].error).toContain('AccessDenied');
});

test('a call goes to the service of the user', async () => {
  const server = http.createServer((_, response) => response.end('{"Item":{"id":{"S":"1"}}}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dynamodb = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { responses } = await push(['dynamodb:GetItem'], { endpoints: { dynamodb } });
  server.close();
  expect(responses[0].first).toBe('{"Item":{"id":{"S":"1"}}}');
});

test('without invocations, nothing calls the function', async () => {
  const run = await push(['dynamodb:GetItem'], { withoutInvocations: true });
  expect(run).toMatchObject({ status: 'Succeeded', invocations: { count: 0 } });
});
