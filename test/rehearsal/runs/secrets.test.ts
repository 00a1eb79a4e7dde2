import { Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { pipelineApp, Rehearsed } from '../support/run';

jest.setTimeout(120_000);

const { SECRETS_MANAGER, PARAMETER_STORE } = codebuild.BuildEnvironmentVariableType;
const FILES = { 'index.js': 'exports.handler = async () => 1;' };

type Variables = { [name: string]: codebuild.BuildEnvironmentVariable };
const app = (variables: (stack: Stack) => Variables, ...buildCommands: string[]) =>
  pipelineApp((stack) => ({
    buildProject: {
      environmentVariables: variables(stack),
      buildSpec: codebuild.BuildSpec.fromObject({
        version: '0.2',
        phases: { build: { commands: buildCommands } },
        artifacts: { files: ['index.js'] },
      }),
    },
  }));
const both = app(
  () => ({
    TOKEN: { type: SECRETS_MANAGER, value: 'team/token:password' },
    ADDRESS: { type: PARAMETER_STORE, value: '/team/address' },
  }),
  'test "$TOKEN at $ADDRESS" = "abc at https://host"',
);

test('a build gets the secret and the parameter from --secret, with the permissions from the CDK', async () => {
  const run = await new Rehearsed().push(both, FILES, {
    secrets: { 'team/token:password': 'abc', '/team/address': 'https://host' },
  });
  expect(run.cause).toBeUndefined();
  expect(
    run.calls
      .filter(({ action }) => /^(secretsmanager|ssm:GetParameters$)/.test(action))
      .map(({ action, allowed }) => `${action} ${allowed}`),
  ).toEqual(['secretsmanager:GetSecretValue true', 'ssm:GetParameters true']);
});

test('a build fails because of the wrong value of a secret', async () => {
  const run = await new Rehearsed().push(both, FILES, {
    secrets: { 'team/token:password': 'other', '/team/address': 'https://host' },
  });
  expect(run.cause).toContain('BUILD: Error while executing command: test');
});

test('a secret of the app has its value by its name, and fails without a value', async () => {
  const assembly = app(
    (stack) => ({
      TOKEN: {
        type: SECRETS_MANAGER,
        value: new secretsmanager.Secret(stack, 'Token', { secretName: 'team/token' }).secretArn,
      },
    }),
    'test "$TOKEN" = abc',
  );
  expect((await new Rehearsed().push(assembly, FILES, { secrets: { 'team/token': 'abc' } })).cause).toBeUndefined();
  await expect(new Rehearsed().push(assembly, FILES)).rejects.toThrow(
    'not rehearsed: the value of team/token for the variable TOKEN of a build: add --secret team/token=<value>',
  );
});
