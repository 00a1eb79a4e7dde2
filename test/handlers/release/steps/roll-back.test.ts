import { CodeDeployClient, ListDeploymentsCommand } from '@aws-sdk/client-codedeploy';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { rollBack } from '../../../../src/handlers/release/steps/roll-back';
import { awsError, inputsOf, PLACEHOLDER_DESCRIPTION, stepInput } from '../fixtures';

const lambda = mockClient(LambdaClient);
const codeDeploy = mockClient(CodeDeployClient);

beforeEach(() => {
  lambda.reset();
  codeDeploy.reset();
  lambda.on(GetAliasCommand).resolves({ FunctionVersion: '3', RevisionId: 'r1' });
  lambda.on(GetFunctionConfigurationCommand).resolves({ Description: '' });
  lambda.on(UpdateAliasCommand).resolves({});
  codeDeploy.on(ListDeploymentsCommand).resolves({ deployments: [] });
});

const afterVerification = (verification: string, previousVersion = '2') =>
  rollBack(stepInput({ step: 'rollback', verification, previousVersion }));

test('keeps the release when the verification passed', async () => {
  expect(await afterVerification('passed')).toEqual({ summary: 'the verification passed, and the release stays live' });
  expect(inputsOf(lambda, UpdateAliasCommand)).toEqual([]);
});

test('moves the alias back when the verification failed, and fails in its place', async () => {
  await expect(afterVerification('failed')).rejects.toThrow(
    '[rolled-back] The verification failed, so all traffic of live goes to version 2 again (previously version 3).',
  );
  expect(inputsOf(lambda, UpdateAliasCommand)).toEqual([
    {
      FunctionName: 'inventory-allocation',
      Name: 'live',
      FunctionVersion: '2',
      RoutingConfig: { AdditionalVersionWeights: {} },
      RevisionId: 'r1',
    },
  ]);
});

test.each<[string, () => void, string]>([
  [
    'there is no alias',
    () => lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException')),
    'it no longer exists',
  ],
  [
    'this run did not move it',
    () => lambda.on(GetAliasCommand).resolves({ FunctionVersion: '2' }),
    'it points to version 2, as before this run',
  ],
  [
    'somebody else shifts its traffic',
    () =>
      lambda
        .on(GetAliasCommand)
        .resolves({ FunctionVersion: '3', RoutingConfig: { AdditionalVersionWeights: { 4: 0.1 } } }),
    'something other than this run splits its traffic (3=90% 4=10%)',
  ],
  [
    'a deployment is running',
    () => codeDeploy.on(ListDeploymentsCommand).resolves({ deployments: ['d-9'] }),
    'the deployment d-9, which somebody else started, is moving it',
  ],
  [
    'the version was deleted',
    () => lambda.on(GetFunctionConfigurationCommand).rejects(awsError('ResourceNotFoundException')),
    'version 2 no longer exists',
  ],
  [
    'the version is placeholder code',
    () => lambda.on(GetFunctionConfigurationCommand).resolves({ Description: PLACEHOLDER_DESCRIPTION }),
    'version 2 is placeholder code',
  ],
])('does not move the alias when %s, and fails', async (_, arrange, message) => {
  arrange();
  await expect(afterVerification('failed')).rejects.toThrow(
    `The verification failed, but the pipeline did not move the alias live: ${message}`,
  );
  expect(inputsOf(lambda, UpdateAliasCommand)).toEqual([]);
});

test('does not move the alias after the first release, and fails', async () => {
  await expect(afterVerification('failed', 'none')).rejects.toThrow('this was the first release');
});

test('fails when somebody else moves the alias at the same time', async () => {
  lambda.on(UpdateAliasCommand).rejects(awsError('PreconditionFailedException'));
  await expect(afterVerification('failed')).rejects.toThrow('somebody else moved the alias live at the same time');
});

test('fails when the result of the verification is missing', async () => {
  await expect(afterVerification('')).rejects.toMatchObject({ type: 'ConfigurationError' });
});
