import { CodeDeployClient, ListDeploymentsCommand } from '@aws-sdk/client-codedeploy';
import { ActionExecutionDetail, CodePipelineClient, ListActionExecutionsCommand } from '@aws-sdk/client-codepipeline';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { rollBack } from '../../../../src/handlers/release/steps/roll-back';
import { awsError, inputsOf, PLACEHOLDER_DESCRIPTION, stepInput } from '../fixtures';
import { secondsPassed, startVirtualTime, timeAfter } from '../virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('../virtual-time'));

const lambda = mockClient(LambdaClient);
const codeDeploy = mockClient(CodeDeployClient);
const codePipeline = mockClient(CodePipelineClient);
const ON_3 = { FunctionVersion: '3', RevisionId: 'r1' };
const ON_2 = { FunctionVersion: '2', RevisionId: 'r2' };

beforeEach(() => {
  startVirtualTime();
  jest.spyOn(console, 'log').mockImplementation();
  [lambda, codeDeploy, codePipeline].forEach((mock) => mock.reset());
  lambda.on(GetAliasCommand).resolves(ON_3);
  lambda.on(GetFunctionConfigurationCommand).resolves({ Description: '' });
  lambda.on(UpdateAliasCommand).resolves({});
  codeDeploy.on(ListDeploymentsCommand).resolves({ deployments: [] });
});

const verification = (status: string, message?: string): ActionExecutionDetail => ({
  stageName: 'Verify',
  actionName: 'VerifyAction',
  status: status as ActionExecutionDetail['status'],
  lastUpdateTime: timeAfter(0),
  output: { executionResult: { errorDetails: message ? { message } : undefined } },
});
const listed = (...actionExecutionDetails: ActionExecutionDetail[]) => ({ actionExecutionDetails });
const after = (status: string, message?: string) =>
  codePipeline.on(ListActionExecutionsCommand).resolves(listed(verification(status, message)));
const run = (previousVersion = '2', releasedVersion = '3') =>
  rollBack(stepInput({ step: 'rollback', executionId: 'e-1', previousVersion, releasedVersion }));
const moves = () => inputsOf(lambda, UpdateAliasCommand);

test('reads the actions of its own run', async () => {
  after('Succeeded');
  await run();
  expect(inputsOf(codePipeline, ListActionExecutionsCommand)).toEqual([
    { pipelineName: 'inventory-pipeline', filter: { pipelineExecutionId: 'e-1' }, maxResults: 100 },
  ]);
});

test('keeps the release when the verification passed', async () => {
  after('Succeeded');
  expect(await run()).toEqual({ summary: 'the verification passed, and version 3 stays live' });
  expect(moves()).toEqual([]);
});

test('fails when the verification passed on another version, after a rollback and a retry of the stage', async () => {
  after('Succeeded');
  lambda.on(GetAliasCommand).resolves(ON_2);
  await expect(run()).rejects.toThrow(
    'The verification passed, but it did not test version 3, which this run released: ' +
      'All traffic of live goes to version 2.',
  );
});

describe('while the verification runs', () => {
  test('continues later', async () => {
    after('InProgress');
    expect(await run()).toEqual({ summary: 'waiting for VerifyAction', continuation: { watching: 'e-1' } });
    expect(secondsPassed()).toBe(60);
  });

  test('waits for an action that the list lacks', async () => {
    codePipeline.on(ListActionExecutionsCommand).resolves(listed());
    expect(await run()).toMatchObject({ summary: 'waiting for VerifyAction' });
  });

  test('waits after a retry of the stage, while the list has only the earlier attempt', async () => {
    const watcher = { actionName: 'RollbackAction', status: 'InProgress' as const, startTime: timeAfter(120) };
    codePipeline.on(ListActionExecutionsCommand).resolves(listed(watcher, verification('Failed')));
    expect(await run()).toMatchObject({ summary: 'waiting for VerifyAction' });
  });

  test('continues after a failed read', async () => {
    codePipeline
      .on(ListActionExecutionsCommand)
      .rejectsOnce(awsError('ThrottlingException'))
      .resolves(listed(verification('Succeeded')));
    expect(await run()).toMatchObject({ summary: 'the verification passed, and version 3 stays live' });
  });
});

test.each(['Failed', 'Abandoned'])('moves the alias back when the verification %s, and fails', async (status) => {
  after(status, 'Build terminated with state: TIMED_OUT');
  await expect(run()).rejects.toThrow(
    '[rolled-back] The verification failed, so all traffic of live goes to version 2 again (instead of version 3). ' +
      'VerifyAction: Build terminated with state: TIMED_OUT.',
  );
  expect(moves()).toEqual([
    {
      FunctionName: 'inventory-allocation',
      Name: 'live',
      FunctionVersion: '2',
      RoutingConfig: { AdditionalVersionWeights: {} },
      RevisionId: 'r1',
    },
  ]);
});

test('says that the alias is back when an earlier delivery of the job moved it', async () => {
  after('Failed');
  lambda.on(GetAliasCommand).resolves(ON_2);
  await expect(run()).rejects.toThrow(/^\[rolled-back\] .* goes to version 2 again/);
  expect(moves()).toEqual([]);
});

test.each(['PreconditionFailedException', 'TimeoutError'])(
  'says that the alias is back when the answer was lost and a later one is %s',
  async (name) => {
    after('Failed');
    lambda.on(GetAliasCommand).resolvesOnce(ON_3).resolves(ON_2);
    lambda.on(UpdateAliasCommand).rejects(awsError(name));
    await expect(run()).rejects.toThrow(/^\[rolled-back\] .* goes to version 2 again/);
  },
);

test.each<[string, () => void, string]>([
  [
    'there is no alias',
    () => lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException')),
    'it no longer exists. There is no alias live.',
  ],
  [
    'somebody else shifts its traffic',
    () =>
      lambda
        .on(GetAliasCommand)
        .resolves({ FunctionVersion: '3', RoutingConfig: { AdditionalVersionWeights: { 4: 0.1 } } }),
    'something other than this run splits its traffic. The alias live splits its traffic: 3=90% 4=10%.',
  ],
  [
    'somebody else moved it',
    () => lambda.on(GetAliasCommand).resolves({ FunctionVersion: '7' }),
    'somebody else moved it after this release. All traffic of live goes to version 7.',
  ],
  [
    'a deployment is running',
    () => codeDeploy.on(ListDeploymentsCommand).resolves({ deployments: ['d-9'] }),
    'the deployment d-9, which somebody else started, is moving it',
  ],
  [
    'the version was deleted',
    () => lambda.on(GetFunctionConfigurationCommand).rejects(awsError('ResourceNotFoundException')),
    'version 2 no longer exists. All traffic of live goes to version 3.',
  ],
  [
    'the version is placeholder code',
    () => lambda.on(GetFunctionConfigurationCommand).resolves({ Description: PLACEHOLDER_DESCRIPTION }),
    'version 2 is placeholder code',
  ],
])('does not move the alias when %s, and fails', async (_, arrange, message) => {
  after('Failed');
  arrange();
  await expect(run()).rejects.toThrow(
    `The verification failed, but the pipeline did not move the alias live: ${message}`,
  );
  expect(moves()).toEqual([]);
});

test.each([
  ['the first release', 'none', '3', 'this was the first release'],
  ['a run that released nothing', '3', '3', 'this run released no new version'],
])('does not move the alias after %s, and fails', async (_, previous, released, message) => {
  after('Failed');
  await expect(run(previous, released)).rejects.toThrow(message);
  expect(moves()).toEqual([]);
});

test('fails when somebody else moves the alias at the same time, and says where it is', async () => {
  after('Failed');
  lambda.on(GetAliasCommand).resolvesOnce(ON_3).resolves({ FunctionVersion: '9' });
  lambda.on(UpdateAliasCommand).rejects(awsError('PreconditionFailedException'));
  await expect(run()).rejects.toThrow(
    'somebody else changed it at the same time. All traffic of live goes to version 9.',
  );
});

test('says where the alias is when it could not move it back, and how to do so', async () => {
  after('Failed');
  lambda.on(UpdateAliasCommand).rejects(awsError('AccessDeniedException'));
  await expect(run()).rejects.toMatchObject({
    type: 'PermissionError',
    message: expect.stringMatching(
      /could not move the alias live back: .* All traffic of live goes to version 3\. To go back, run: aws lambda /,
    ),
  });
});

test('says that the release may be live when the alias cannot be read', async () => {
  after('Failed');
  lambda.on(GetAliasCommand).rejects(awsError('TooManyRequestsException'));
  await expect(run()).rejects.toThrow('Version 3 may still be live. To go back, run: aws lambda update-alias');
});

test('fails when a parameter is missing', async () => {
  await expect(rollBack(stepInput({ step: 'rollback' }))).rejects.toMatchObject({ type: 'ConfigurationError' });
});
