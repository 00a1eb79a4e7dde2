import { BatchGetBuildsCommand, CodeBuildClient, DescribeTestCasesCommand } from '@aws-sdk/client-codebuild';
import { CodePipelineClient, ListActionExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { PublishCommand, PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { Statement } from '../../../rehearsal/account/iam/policy';
import { allow, StandIn } from '../support/stand-in';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:team';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1';
let standIn: StandIn;

beforeEach(async () => {
  standIn = await StandIn.start();
});
afterEach(() => standIn.stop());

function publish(
  input: Partial<PublishCommandInput>,
  statements: Statement[] = [allow('sns:Publish')],
): Promise<unknown> {
  return new SNSClient(standIn.config(standIn.caller(statements))).send(
    new PublishCommand({ TopicArn: TOPIC, Message: 'text', ...input }),
  );
}

describe('a topic', () => {
  beforeEach(() => standIn.account.sns.addTopic(TOPIC));

  test('uses the email text of a message with a text for each protocol', async () => {
    await publish({
      Subject: 'subject',
      MessageStructure: 'json',
      Message: JSON.stringify({ default: 'text', email: 'email text', https: '{}' }),
    });
    expect(standIn.account.notices).toEqual([
      expect.objectContaining({ topic: TOPIC, subject: 'subject', text: 'email text' }),
    ]);
  });

  test.each([
    ['a subject of more than 100 characters', { Subject: 'x'.repeat(101) }, 'Invalid parameter: Subject'],
    ['a subject that is not ASCII', { Subject: 'Größe' }, 'Invalid parameter: Subject'],
    [
      'a message for each protocol without a default',
      { MessageStructure: 'json', Message: '{"email":"email text"}' },
      'No default entry in JSON message body',
    ],
    [
      'a message for each protocol that is not JSON',
      { MessageStructure: 'json', Message: 'email text' },
      'JSON message body failed to parse',
    ],
    ['an unknown topic', { TopicArn: `${TOPIC}-other` }, 'Topic does not exist'],
  ])('rejects %s', async (_, input, message) => {
    await expect(publish(input)).rejects.toThrow(message);
  });

  test('rejects a caller that may not publish', async () => {
    await expect(publish({}, [allow('sns:GetTopicAttributes')])).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('with a key requires that the publisher may use the key', async () => {
    standIn.account.sns.addTopic(TOPIC, KEY);
    await expect(publish({})).rejects.toThrow('is not authorized to perform: kms:GenerateDataKey');
    await publish({}, [allow('sns:Publish'), allow(['kms:GenerateDataKey', 'kms:Decrypt'], KEY)]);
    expect(standIn.account.notices).toHaveLength(1);
  });
});

describe('a key', () => {
  const statement = (principal: string): Statement => ({ ...allow('kms:*'), Principal: { AWS: principal } });
  const use = () => standIn.account.iam.authorize(standIn.caller([allow('kms:Decrypt', KEY)]), 'kms:Decrypt', KEY);

  test('that delegates to the account allows every role with the permission', () => {
    standIn.account.iam.setResourcePolicy(KEY, { Statement: statement('arn:aws:iam::123456789012:root') });
    expect(use).not.toThrow();
  });

  test('that names another role denies all others, even with the permission', () => {
    standIn.account.iam.setResourcePolicy(KEY, {
      Statement: statement('arn:aws:iam::123456789012:role/administrator'),
    });
    expect(use).toThrow('because no resource-based policy allows the kms:Decrypt action');
  });
});

describe('a rule', () => {
  const change = (state: string) => ({
    source: 'aws.codepipeline',
    detailType: 'CodePipeline Pipeline Execution State Change',
    resource: '*',
    detail: { pipeline: 'orders-pipeline', state },
  });
  const pattern = {
    source: ['aws.codepipeline'],
    'detail-type': ['CodePipeline Pipeline Execution State Change'],
    detail: { state: ['FAILED'] },
  };
  const target = 'arn:aws:lambda:us-east-1:123456789012:function:notify';

  test('without the permission to invoke its function adds a failed notice', () => {
    standIn.account.events.addRule('ends', { EventPattern: pattern, Targets: [{ Arn: target }] });
    standIn.account.events.emit(change('FAILED'));
    expect(standIn.account.notices).toEqual([expect.objectContaining({ error: `ends may not invoke ${target}` })]);
  });

  test('that does not match invokes nothing', () => {
    standIn.account.events.addRule('ends', { EventPattern: pattern, Targets: [{ Arn: target }] });
    standIn.account.events.emit(change('SUCCEEDED'));
    expect(standIn.account.notices).toEqual([]);
  });

  test('with an unknown pattern fails', () => {
    standIn.account.events.addRule('ends', {
      EventPattern: { ...pattern, detail: { state: [{ prefix: 'F' }] } },
      Targets: [],
    });
    expect(() => standIn.account.events.emit(change('FAILED'))).toThrow(
      'not rehearsed: the event pattern {"prefix":"F"}',
    );
  });
});

test('a build returns its phases and its failed tests', async () => {
  const phases = [{ name: 'PRE_BUILD', status: 'FAILED' as const, seconds: 1, message: 'exit status 1' }];
  const tests = { passed: 1, failed: 1, skipped: 0, failures: ['orders.test_priority: assert 3 == 2'] };
  standIn.account.codeBuild.add(
    'orders-build:1',
    { succeeded: false, phases, tests, exportedVariables: {}, notes: [], reports: [] },
    ['arn:aws:codebuild:us-east-1:123456789012:report-group/orders-build-UnitTests'],
  );
  const client = new CodeBuildClient(
    standIn.config(
      standIn.caller([
        allow('codebuild:BatchGetBuilds', 'arn:aws:codebuild:us-east-1:123456789012:project/orders-build'),
        allow('codebuild:DescribeTestCases', 'arn:aws:codebuild:us-east-1:123456789012:report-group/orders-build-*'),
      ]),
    ),
  );
  const { builds: [build] = [] } = await client.send(new BatchGetBuildsCommand({ ids: ['orders-build:1'] }));
  const { testCases } = await client.send(
    new DescribeTestCasesCommand({ reportArn: build.reportArns![0], filter: { status: 'FAILED' } }),
  );

  expect(build).toMatchObject({
    buildStatus: 'FAILED',
    phases: [{ phaseType: 'PRE_BUILD', contexts: [{ message: 'exit status 1' }] }],
  });
  expect(testCases).toEqual([
    expect.objectContaining({ name: 'orders.test_priority', status: 'FAILED', message: 'assert 3 == 2' }),
  ]);
});

test('a pipeline returns the actions of one run, the latest first', async () => {
  const { actions } = standIn.account.codePipeline;
  const runs = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
  for (const [actionName, pipelineExecutionId] of [
    ['first', runs[0]],
    ['second', runs[0]],
    ['other', runs[1]],
  ]) {
    const actionTypeId = { category: 'Build', owner: 'AWS', provider: 'CodeBuild', version: '1' };
    const input = { actionTypeId, configuration: {}, resolvedConfiguration: {} };
    actions.push({
      pipelineExecutionId,
      actionName,
      actionExecutionId: actionName,
      stageName: 'Build',
      lastUpdateTime: 1,
      startTime: 1,
      status: 'Succeeded',
      input,
    });
  }
  const client = new CodePipelineClient(standIn.config(standIn.caller([allow('codepipeline:ListActionExecutions')])));
  const { actionExecutionDetails = [] } = await client.send(
    new ListActionExecutionsCommand({ pipelineName: 'orders-pipeline', filter: { pipelineExecutionId: runs[0] } }),
  );

  expect(actionExecutionDetails.map(({ actionName }) => actionName)).toEqual(['second', 'first']);
});
