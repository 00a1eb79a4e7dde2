import {
  CodePipelineClient,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { mockClient } from 'aws-sdk-client-mock';
import { awsError, ENVIRONMENT_VARIABLES, inputsOf, jobEvent } from './fixtures';
import { jobFailed } from '../../../src/handlers/release/base/failure';
import * as bake from '../../../src/handlers/release/deployment/bake';
import * as notices from '../../../src/handlers/release/notice/notify';
import { handler } from '../../../src/handlers/release/release.lambda';
import * as check from '../../../src/handlers/release/steps/check-function';
import * as deploy from '../../../src/handlers/release/steps/deploy-version';

jest.mock('../../../src/handlers/release/deployment/bake');
jest.mock('../../../src/handlers/release/steps/check-function');
jest.mock('../../../src/handlers/release/steps/deploy-version');
jest.mock('../../../src/handlers/release/notice/notify');

const codePipeline = mockClient(CodePipelineClient);
const checkFunction = jest.mocked(check.checkFunction);
const deployVersion = jest.mocked(deploy.deployVersion);
const environment = process.env;

beforeEach(() => {
  process.env = { ...ENVIRONMENT_VARIABLES };
  jest.spyOn(console, 'log').mockImplementation();
  codePipeline.reset();
  codePipeline.on(PutJobSuccessResultCommand).resolves({});
  codePipeline.on(PutJobFailureResultCommand).resolves({});
  checkFunction.mockReset().mockResolvedValue({ summary: 'fine', variables: { FunctionExists: 'true' } });
  deployVersion.mockReset();
});

afterAll(() => {
  process.env = environment;
});

const CONTEXT = {
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:inventory-release',
  getRemainingTimeInMillis: () => 900_000,
};
const run = (parameters: object) => handler({ 'CodePipeline.job': jobEvent(parameters) }, CONTEXT);
const successes = () => inputsOf(codePipeline, PutJobSuccessResultCommand);
const failures = () => inputsOf(codePipeline, PutJobFailureResultCommand);

test('reports the outcome of the step', async () => {
  await run({ step: 'check' });
  expect(successes()).toMatchObject([
    { jobId: jobEvent({}).id, outputVariables: { FunctionExists: 'true' }, executionDetails: { summary: 'fine' } },
  ]);
  expect(failures()).toEqual([]);
});

test('reports a continuation, without variables, while the step is not finished', async () => {
  deployVersion.mockResolvedValue({
    summary: 'shifting',
    deploymentId: 'd-1',
    percentComplete: 10,
    continuation: { deploymentId: 'd-1' },
    variables: { A: 'b' },
  });
  await run({ step: 'deploy' });
  expect(successes()).toEqual([
    {
      jobId: jobEvent({}).id,
      continuationToken: '{"deploymentId":"d-1"}',
      outputVariables: undefined,
      executionDetails: { summary: 'shifting', externalExecutionId: 'd-1', percentComplete: 10 },
    },
  ]);
});

test('passes the continuation token to the step', async () => {
  deployVersion.mockResolvedValue({ summary: 'done' });
  await handler({ 'CodePipeline.job': jobEvent({ step: 'deploy' }, { continuationToken: '{}' }) }, CONTEXT);
  expect(deployVersion.mock.calls[0][0].job.continuationToken).toBe('{}');
});

test('reports a failure with its type and message', async () => {
  checkFunction.mockRejectedValue(jobFailed('no'));
  await run({ step: 'check' });
  expect(failures()).toMatchObject([{ failureDetails: { type: 'JobFailed', message: 'no' } }]);
  expect(successes()).toEqual([]);
});

test.each([
  ['an error of AWS', awsError('AccessDeniedException', 'not authorized', 403), 'PermissionError'],
  ['a bug', new TypeError('x is undefined'), 'JobFailed'],
])('converts %s to a failure, and does not throw', async (_, error, type) => {
  checkFunction.mockRejectedValue(error);
  await run({ step: 'check' });
  expect(failures()).toMatchObject([{ failureDetails: { type } }]);
});

test('shortens a message that is too long for CodePipeline', async () => {
  checkFunction.mockRejectedValue(jobFailed('x'.repeat(6000)));
  await run({ step: 'check' });
  expect(failures()[0].failureDetails.message).toHaveLength(5000);
});

test.each([{ step: 'destroy' }, {}])('fails when the step is %j', async (parameters) => {
  await run(parameters);
  expect(failures()).toMatchObject([
    {
      failureDetails: {
        type: 'ConfigurationError',
        message: expect.stringContaining('check, create, publish, deploy, rollback'),
      },
    },
  ]);
});

test('fails when there are no parameters', async () => {
  await handler({ 'CodePipeline.job': jobEvent({}, { actionConfiguration: { configuration: {} } }) }, CONTEXT);
  expect(failures()).toHaveLength(1);
});

test('fails when a variable is missing, and names it', async () => {
  delete process.env.FUNCTION_NAME;
  await run({ step: 'check' });
  expect(failures()[0].failureDetails.message).toContain('FUNCTION_NAME');
});

test.each(['InvalidJobStateException', 'JobNotFoundException'])(
  'ignores %s, because the job already has a result',
  async (name) => {
    codePipeline.on(PutJobSuccessResultCommand).rejects(awsError(name));
    await run({ step: 'check' });
    expect(failures()).toEqual([]);
  },
);

test('reports a failure when CodePipeline rejects the result', async () => {
  codePipeline.on(PutJobSuccessResultCommand).rejects(awsError('InvalidParameterException', 'a variable is empty'));
  await run({ step: 'check' });
  expect(failures()[0].failureDetails.message).toContain(
    'The step succeeded (fine), but CodePipeline rejected its result',
  );
});

test('does not throw when CodePipeline accepts no result', async () => {
  codePipeline.on(PutJobSuccessResultCommand).rejects(awsError('ThrottlingException'));
  codePipeline.on(PutJobFailureResultCommand).rejects(awsError('ThrottlingException'));
  await expect(run({ step: 'check' })).resolves.toBeUndefined();
});

test('logs no credentials', async () => {
  const data = { artifactCredentials: { secretAccessKey: 'hunter2', sessionToken: 'hunter2', accessKeyId: 'hunter2' } };
  await handler({ 'CodePipeline.job': jobEvent({ step: 'check' }, data as object) }, CONTEXT);
  expect(console.log).toHaveBeenCalled();
  expect(JSON.stringify(jest.mocked(console.log).mock.calls)).not.toContain('hunter2');
});

test('reserves time for the report', async () => {
  await run({ step: 'check' });
  expect(checkFunction.mock.calls[0][0].deadline - Date.now()).toBeLessThanOrEqual(890_000);
});

test('bakes when CodeDeploy invokes it', async () => {
  const event = { DeploymentId: 'd-1', LifecycleEventHookExecutionId: 'hook-1' };
  await handler(event, CONTEXT);
  expect(bake.bake).toHaveBeenCalledWith(event, expect.any(Number));
});

test('sends the notice of an event of the pipeline, and throws when that fails', async () => {
  const event = { source: 'aws.codepipeline', 'detail-type': 'CodePipeline Pipeline Execution State Change' };
  jest.mocked(notices.notify).mockResolvedValueOnce().mockRejectedValueOnce(new Error('no topic'));
  await handler(event, CONTEXT);
  expect(notices.notify).toHaveBeenCalledWith(event);
  await expect(handler(event, CONTEXT)).rejects.toThrow('no topic');
});

test('fails when the event is unknown, and names only its fields', async () => {
  await expect(handler({ detail: 'secret' }, CONTEXT)).rejects.toThrow(
    'expected a job or an event of CodePipeline, a hook of CodeDeploy, a request of CloudFormation, ' +
      'or an event of Systems Manager, got an event with the fields detail',
  );
});

describe('UserParameters that are not exactly the parameters of one step', () => {
  const runText = (UserParameters: string) => {
    const event = jobEvent({});
    const actionConfiguration = { configuration: { UserParameters } };
    return handler({ 'CodePipeline.job': { ...event, data: { ...event.data, actionConfiguration } } }, CONTEXT);
  };
  const withVariable = (value: string) => `{"step":"deploy","ignoreAlarms":"${value}"}`;

  test.each([
    ['a value that selects another step', withVariable('true","step":"rollback","previousVersion":"2')],
    ['a value that repeats the step', withVariable('true","step":"deploy')],
    ['a value that adds a parameter', withVariable('true","templatePath":"x')],
    ['a value with a quotation mark', withVariable('tr"ue')],
    ['a value with a backslash', withVariable('true\\')],
    ['an escaped value', withVariable('tru\\u0065')],
    ['a value that is no text', '{"step":"deploy","ignoreAlarms":true}'],
    ['space', '{"step": "deploy"}'],
  ])('are refused: %s', async (_, text) => {
    await runText(text);
    expect(deployVersion).not.toHaveBeenCalled();
    expect(failures()).toMatchObject([
      {
        failureDetails: {
          type: 'ConfigurationError',
          message: expect.stringContaining('start it again with a value without quotation marks and backslashes'),
        },
      },
    ]);
  });
});
