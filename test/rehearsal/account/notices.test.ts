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

  test('takes the text of an e-mail from a message by protocol', async () => {
    await publish({
      Subject: 'subject',
      MessageStructure: 'json',
      Message: JSON.stringify({ default: 'text', email: 'letter', https: '{}' }),
    });
    expect(standIn.account.notices).toEqual([
      expect.objectContaining({ topic: TOPIC, subject: 'subject', text: 'letter' }),
    ]);
  });

  test.each([
    ['a subject of more than 100 characters', { Subject: 'x'.repeat(101) }, 'Invalid parameter: Subject'],
    ['a subject that is not ASCII', { Subject: 'Größe' }, 'Invalid parameter: Subject'],
    [
      'a message by protocol without a default',
      { MessageStructure: 'json', Message: '{"email":"letter"}' },
      'No default entry in JSON message body',
    ],
    [
      'a message by protocol that is no JSON',
      { MessageStructure: 'json', Message: 'letter' },
      'JSON message body failed to parse',
    ],
    ['a topic that is not there', { TopicArn: `${TOPIC}-other` }, 'Topic does not exist'],
  ])('refuses %s', async (_, input, message) => {
    await expect(publish(input)).rejects.toThrow(message);
  });

  test('refuses who may not publish', async () => {
    await expect(publish({}, [allow('sns:GetTopicAttributes')])).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('with a key wants the key of the publisher too', async () => {
    standIn.account.sns.addTopic(TOPIC, KEY);
    await expect(publish({})).rejects.toThrow('is not authorized to perform: kms:GenerateDataKey');
    await publish({}, [allow('sns:Publish'), allow(['kms:GenerateDataKey', 'kms:Decrypt'], KEY)]);
    expect(standIn.account.notices).toHaveLength(1);
  });
});

describe('a key', () => {
  const statement = (principal: string): Statement => ({ ...allow('kms:*'), Principal: { AWS: principal } });
  const use = () => standIn.account.iam.authorize(standIn.caller([allow('kms:Decrypt', KEY)]), 'kms:Decrypt', KEY);

  test('that leaves the decision to the account is used by whoever may', () => {
    standIn.account.iam.setResourcePolicy(KEY, { Statement: statement('arn:aws:iam::123456789012:root') });
    expect(use).not.toThrow();
  });

  test('that names somebody else is used by nobody else, whatever the role says', () => {
    standIn.account.iam.setResourcePolicy(KEY, {
      Statement: statement('arn:aws:iam::123456789012:role/administrator'),
    });
    expect(use).toThrow('because no resource-based policy allows the kms:Decrypt action');
  });
});

describe('a rule', () => {
  const happening = (state: string) => ({
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

  test('that the function does not let in can not tell it, and that is said', () => {
    standIn.account.events.addRule('ends', { EventPattern: pattern, Targets: [{ Arn: target }] });
    standIn.account.events.tell(happening('FAILED'));
    expect(standIn.account.notices).toEqual([expect.objectContaining({ error: `ends may not invoke ${target}` })]);
  });

  test('that does not match tells nobody', () => {
    standIn.account.events.addRule('ends', { EventPattern: pattern, Targets: [{ Arn: target }] });
    standIn.account.events.tell(happening('SUCCEEDED'));
    expect(standIn.account.notices).toEqual([]);
  });

  test('with a pattern that is not known is refused', () => {
    standIn.account.events.addRule('ends', {
      EventPattern: { ...pattern, detail: { state: [{ prefix: 'F' }] } },
      Targets: [],
    });
    expect(() => standIn.account.events.tell(happening('FAILED'))).toThrow(
      'not rehearsed: the event pattern {"prefix":"F"}',
    );
  });
});

test('a build tells its phases and the tests that failed', async () => {
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

test('a pipeline tells the actions of one run, the latest first', async () => {
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
