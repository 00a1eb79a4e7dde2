import { BatchGetBuildsCommand, CodeBuildClient, DescribeTestCasesCommand } from '@aws-sdk/client-codebuild';
import { ActionExecutionDetail, CodePipelineClient, ListActionExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { notify } from '../../../../src/handlers/release/notice/notify';
import { PipelineEvent } from '../../../../src/handlers/release/notice/run';
import { NotificationEvent } from '../../../../src/notification';
import { awsError, ENVIRONMENT_VARIABLES, inputsOf } from '../fixtures';

const EXECUTION = '11111111-1111-4111-8111-111111111111';

const codeBuild = mockClient(CodeBuildClient);
const codePipeline = mockClient(CodePipelineClient);
const sns = mockClient(SNSClient);
const environment = process.env;

beforeEach(() => {
  [codeBuild, codePipeline, sns].forEach((mock) => mock.reset());
  jest.spyOn(console, 'log').mockImplementation();
  process.env = {
    ...ENVIRONMENT_VARIABLES,
    NOTIFICATION_TOPIC: 'arn:topic',
    NOTIFICATION_EVENTS: Object.values(NotificationEvent).join(','),
  };
  sns.on(PublishCommand).resolves({});
  codePipeline
    .on(ListActionExecutionsCommand)
    .resolves({ actionExecutionDetails: [deployAction('Failed', 'The pipeline started no deployment')] });
});

afterAll(() => {
  process.env = environment;
});

function deployAction(
  status: 'Failed' | 'Succeeded',
  message?: string,
  rest: ActionExecutionDetail = {},
): ActionExecutionDetail {
  return {
    stageName: 'Deploy',
    actionName: 'DeployAction',
    status,
    output: { executionResult: { errorDetails: message ? { message } : undefined } },
    ...rest,
  };
}

/** An event as CodePipeline's documentation shows it. */
function event(state: string, detail: object = {}): PipelineEvent {
  return {
    version: '0',
    'detail-type': 'CodePipeline Pipeline Execution State Change',
    source: 'aws.codepipeline',
    account: '123456789012',
    region: 'eu-west-1',
    resources: ['arn:aws:codepipeline:eu-west-1:123456789012:inventory-pipeline'],
    detail: { pipeline: 'inventory-pipeline', 'execution-id': EXECUTION, state, version: 1, ...detail },
  } as PipelineEvent;
}

const published = () => inputsOf(sns, PublishCommand);
const messageOf = (protocol: string) => JSON.parse(published()[0].Message)[protocol];

test('sends the cause as text, and in the format of chats', async () => {
  await notify(event('FAILED'));
  expect(published()).toMatchObject([
    {
      TopicArn: 'arn:topic',
      Subject: 'inventory-pipeline: the deployment failed in DeployAction',
      MessageStructure: 'json',
    },
  ]);
  expect(messageOf('email')).toContain('Cause: The pipeline started no deployment\n');
  expect(messageOf('default')).toBe(messageOf('email'));
  expect(JSON.parse(messageOf('https'))).toMatchObject({
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: 'inventory-pipeline: the deployment failed in DeployAction',
      description: expect.stringContaining('Cause: The pipeline started no deployment'),
    },
    metadata: { threadId: EXECUTION },
  });
});

test('reads the actions of this run', async () => {
  await notify(event('FAILED'));
  expect(inputsOf(codePipeline, ListActionExecutionsCommand)).toMatchObject([
    { pipelineName: 'inventory-pipeline', filter: { pipelineExecutionId: EXECUTION } },
  ]);
});

test('describes the last failure when a stage was retried', async () => {
  codePipeline.on(ListActionExecutionsCommand).resolves({
    actionExecutionDetails: [
      deployAction('Failed', 'first', { startTime: new Date(1) }),
      deployAction('Failed', 'second', { startTime: new Date(2) }),
    ],
  });
  await notify(event('FAILED'));
  expect(messageOf('email')).toContain('Cause: second');
});

test('reads the phases and the failed tests of a build', async () => {
  const input = {
    actionTypeId: { category: 'Build' as const, owner: 'AWS' as const, provider: 'CodeBuild', version: '1' },
  };
  codePipeline.on(ListActionExecutionsCommand).resolves({
    actionExecutionDetails: [
      {
        stageName: 'Build',
        actionName: 'BuildAction',
        status: 'Failed',
        input,
        output: { executionResult: { externalExecutionId: 'inventory-build:1' } },
      },
    ],
  });
  codeBuild.on(BatchGetBuildsCommand, { ids: ['inventory-build:1'] }).resolves({
    builds: [
      {
        phases: [
          { phaseType: 'INSTALL', phaseStatus: 'SUCCEEDED' },
          {
            phaseType: 'PRE_BUILD',
            phaseStatus: 'FAILED',
            contexts: [
              {
                statusCode: 'COMMAND_EXECUTION_ERROR',
                message: 'Error while executing command: pytest tests. Reason: exit status 1',
              },
            ],
          },
          { phaseType: 'FINALIZING', phaseStatus: 'TIMED_OUT', contexts: [] },
          { phaseType: 'COMPLETED' },
        ],
        reportArns: ['arn:report', 'arn:report/inventory-build-Coverage:1'],
        logs: { deepLink: 'https://log' },
      },
    ],
  });
  codeBuild
    .on(DescribeTestCasesCommand, { reportArn: 'arn:report', filter: { status: 'FAILED' } })
    .resolves({ testCases: [{ prefix: 'test_app', name: 'test_allocate', message: '\nassert 3 == 4\nmore' }] });
  codeBuild
    .on(DescribeTestCasesCommand, { reportArn: 'arn:report', filter: { status: 'ERROR' } })
    .resolves({ testCases: [{ name: 'test_other' }] });
  await notify(event('FAILED'));
  expect(messageOf('email')).toContain(
    [
      'Cause: PRE_BUILD: Error while executing command: pytest tests. Reason: exit status 1',
      'Cause: FINALIZING: TIMED_OUT',
      'Failed tests (2):',
      '- test_app.test_allocate: assert 3 == 4',
      '- test_other',
    ].join('\n'),
  );
  expect(messageOf('email')).toContain('Log: https://log');
  expect(
    codeBuild.commandCalls(DescribeTestCasesCommand).map(
      ({
        args: [
          {
            input: { reportArn },
          },
        ],
      }) => reportArn,
    ),
  ).toEqual(['arn:report', 'arn:report']); // coverage has no test cases
});

test('describes the phases when the tests are unreadable', async () => {
  const input = {
    actionTypeId: { category: 'Build' as const, owner: 'AWS' as const, provider: 'CodeBuild', version: '1' },
  };
  codePipeline.on(ListActionExecutionsCommand).resolves({
    actionExecutionDetails: [
      {
        stageName: 'Build',
        actionName: 'BuildAction',
        status: 'Failed',
        input,
        output: { executionResult: { externalExecutionId: 'b:1' } },
      },
    ],
  });
  codeBuild.on(BatchGetBuildsCommand).resolves({
    builds: [
      {
        phases: [{ phaseType: 'BUILD', phaseStatus: 'FAILED', contexts: [{ message: 'zip' }] }],
        reportArns: ['arn:report'],
      },
    ],
  });
  codeBuild.on(DescribeTestCasesCommand).rejects(awsError('AccessDeniedException', 'not authorized', 403));
  await notify(event('FAILED'));
  expect(messageOf('email')).toContain('Cause: BUILD: zip');
  expect(messageOf('email')).toContain('Could not read the test report');
});

test('sends the notice when the cause is unreadable', async () => {
  codePipeline.on(ListActionExecutionsCommand).rejects(awsError('AccessDeniedException', 'not authorized', 403));
  await notify(event('FAILED'));
  expect(messageOf('email')).toContain(
    'Could not read the actions of the run: The release function was denied a request',
  );
});

test('sends notices of a success and of a pending approval', async () => {
  await notify(event('SUCCEEDED'));
  await notify(event('STARTED', { stage: 'Approve', action: 'Approval', type: { category: 'Approval' } }));
  expect(published().map(({ Subject }) => Subject)).toEqual([
    'inventory-pipeline: the run succeeded',
    'inventory-pipeline: waiting for approval of Approval',
  ]);
});

test('sends no notice of an event that is not enabled', async () => {
  process.env.NOTIFICATION_EVENTS = 'BUILD_FAILED,ROLLED_BACK';
  await notify(event('FAILED'));
  expect(published()).toEqual([]);
});

test('writes a subject that SNS accepts', async () => {
  await notify(event('FAILED', { pipeline: 'x'.repeat(100) }));
  expect(published()[0].Subject).toMatch(/^x{100}$/);
});

test('fails when SNS rejects the notice, so that Lambda retries', async () => {
  sns.on(PublishCommand).rejects(awsError('InternalErrorException'));
  await expect(notify(event('FAILED'))).rejects.toThrow();
});
