import * as fs from 'node:fs';
import * as path from 'node:path';
import { CodeDeployClient, GetDeploymentCommand } from '@aws-sdk/client-codedeploy';
import {
  CodePipelineClient,
  ListActionExecutionsCommand,
  PutJobFailureResultCommand,
} from '@aws-sdk/client-codepipeline';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { Account } from '../../../rehearsal/account/account';
import { RunHistory } from '../../../rehearsal/pipeline/run-history';
import { deployTemplate } from '../../../rehearsal/stack/stack';
import { readJob } from '../../../src/handlers/release/job/job';
import { handler } from '../../../src/handlers/release/release.lambda';
import { NotificationEvent } from '../../../src/notification';
import { ENVIRONMENT_VARIABLES, inputsOf } from '../../handlers/release/fixtures';
import { folderWith } from '../../rehearsal/support/run';

/*
 * Events as AWS publishes them: the samples are those of github.com/aws/aws-lambda-go 1.55.1, events/testdata
 * (Apache-2.0), formatted again. The hook's two fields are those of the CodeDeploy user guide.
 */

const CONTEXT = { invokedFunctionArn: '', getRemainingTimeInMillis: () => 900_000 };
const codeDeploy = mockClient(CodeDeployClient);
const codePipeline = mockClient(CodePipelineClient);
const sns = mockClient(SNSClient);
const environment = process.env;

const sample = (name: string) =>
  JSON.parse(fs.readFileSync(path.join(__dirname, 'samples', `${name}.json`), 'utf8')) as Record<string, any>;

beforeEach(() => {
  [codeDeploy, codePipeline, sns].forEach((mock) => mock.reset());
  process.env = {
    ...ENVIRONMENT_VARIABLES,
    NOTIFICATION_TOPIC: 'arn:aws:sns:us-east-1:123456789012:notices',
    NOTIFICATION_EVENTS: Object.values(NotificationEvent).join(','),
  };
  jest.spyOn(console, 'log').mockImplementation();
});

afterAll(() => {
  process.env = environment;
});

describe('a job of CodePipeline', () => {
  const job = () => sample('codepipeline-job')['CodePipeline.job'];

  test('is read', () => {
    const event = job();
    event.data.actionConfiguration.configuration.UserParameters = '{"step":"check"}';
    expect(readJob(event)).toEqual({
      id: '11111111-abcd-1111-abcd-111111abcdef',
      parameters: { step: 'check' },
      inputs: event.data.inputArtifacts,
      outputs: [],
      continuationToken: 'A continuation token if continuing job',
      encryptionKey: undefined,
    });
  });

  test('with parameters that are not ours fails, and the message names what is wrong', async () => {
    await handler({ 'CodePipeline.job': job() }, CONTEXT);
    expect(inputsOf(codePipeline, PutJobFailureResultCommand)).toMatchObject([
      {
        jobId: '11111111-abcd-1111-abcd-111111abcdef',
        failureDetails: { type: 'ConfigurationError', message: expect.stringContaining('some-input-such-as-a-URL') },
      },
    ]);
  });

  test('leaves no credential in the log', async () => {
    const { secretAccessKey, sessionToken, accessKeyId } = job().data.artifactCredentials;
    await handler({ 'CodePipeline.job': job() }, CONTEXT);
    const logged = JSON.stringify([
      (console.log as jest.Mock).mock.calls,
      inputsOf(codePipeline, PutJobFailureResultCommand),
    ]);
    for (const secret of [secretAccessKey, sessionToken, accessKeyId]) {
      expect(logged).not.toContain(secret);
    }
  });
});

describe('an event of CodePipeline', () => {
  const failed = {
    stageName: 'Deploy',
    actionName: 'DeployAction',
    status: 'Failed' as const,
    output: { executionResult: { errorDetails: { message: 'no deployment was started' } } },
  };

  beforeEach(() => {
    codePipeline.on(ListActionExecutionsCommand).resolves({ actionExecutionDetails: [failed] });
    sns.on(PublishCommand).resolves({});
  });

  test.each(['SUCCEEDED', 'FAILED'])('about the pipeline, in the state %s, becomes a notice', async (state) => {
    const event = sample('codepipeline-pipeline');
    event.detail.state = state;
    await handler(event, CONTEXT);
    expect(inputsOf(codePipeline, ListActionExecutionsCommand)).toMatchObject([
      { pipelineName: 'myPipeline', filter: { pipelineExecutionId: '01234567-0123-0123-0123-012345678901' } },
    ]);
    expect(inputsOf(sns, PublishCommand)).toMatchObject([{ Subject: expect.stringMatching(/^myPipeline: /) }]);
  });

  test('about an approval becomes a notice that names stage and action', async () => {
    const event = sample('codepipeline-action');
    event.detail.type = { owner: 'AWS', category: 'Approval', provider: 'Manual', version: '1' };
    await handler(event, CONTEXT);
    expect(JSON.stringify(inputsOf(sns, PublishCommand))).toMatch(/myAction/);
  });
});

test('a hook of CodeDeploy is recognized by its two fields', async () => {
  codeDeploy.on(GetDeploymentCommand).rejects(new Error('read'));
  await handler({ DeploymentId: 'd-123456789', LifecycleEventHookExecutionId: 'eyJlbmNyeXB0ZWREYXRh' }, CONTEXT);
  expect(inputsOf(codeDeploy, GetDeploymentCommand)[0]).toEqual({ deploymentId: 'd-123456789' });
});

test.each(['codebuild-build', 'codedeploy-deployment'])('an event that is not ours is refused: %s', async (name) => {
  await expect(handler(sample(name), CONTEXT)).rejects.toThrow(/got an event with the fields .*detail-type/);
});

describe('the events of the rehearsal have the members of the published ones:', () => {
  /** The events that the rehearsal sends for an action and a run. */
  function sent(): Record<string, any>[] {
    const account = new Account({
      folder: folderWith(),
      id: '123456789012',
      region: 'us-east-1',
      deployTemplate,
    });
    const events: any[] = [];
    jest.spyOn(account.events as any, 'matches').mockImplementation((_, event) => events.push(event) && false);
    account.events.addRule('all', { EventPattern: { source: ['aws.codepipeline'] }, Targets: [] });
    const history = new RunHistory(account, 'myPipeline', '01234567-0123-0123-0123-012345678901');
    history.runStarted();
    history.actionStarted('Prod', {
      Name: 'myAction',
      ActionTypeId: { Category: 'Deploy', Owner: 'AWS', Provider: 'CodeDeploy', Version: '1' },
    });
    return events;
  }

  const names = (event: Record<string, any>) => [
    ...Object.keys(event),
    ...Object.keys(event.detail).map((name) => `detail.${name}`),
  ];

  test.each([
    ['CodePipeline Pipeline Execution State Change', 'codepipeline-pipeline'],
    ['CodePipeline Action Execution State Change', 'codepipeline-action'],
  ])('%s', (detailType, name) => {
    const event = sent().find((each) => each['detail-type'] === detailType)!;
    expect(names(event)).toEqual(expect.arrayContaining(names(sample(name))));
  });
});
