import { Duration } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ApprovalOptions } from '../src';
import { pipelineWith } from './support/stacks';
import { flat, resourcesOf, stage, stageNames, statementsOf } from './support/template-queries';

const approved = (...approvals: ApprovalOptions[]) => pipelineWith({ approvals }).template;

describe('approvals', () => {
  test.each([undefined, []])('are none by default: %j', (approvals) => {
    expect(stageNames(pipelineWith({ approvals }).template)).not.toContain('Approve');
  });

  test('stand between the build and the deployment', () => {
    expect(stageNames(approved({}))).toEqual([
      'Source',
      'CheckLambdaFunction',
      'CreateLambdaFunction',
      'Build',
      'Approve',
      'Deploy',
    ]);
  });

  test('are pending one after the other, in the given order', () => {
    const { Actions } = stage(approved({}, { actionName: 'ReleaseManager' }, {}), 'Approve');
    expect(Actions.map(({ Name, RunOrder }) => [Name, RunOrder])).toEqual([
      ['Approval1', 1],
      ['ReleaseManager', 2],
      ['Approval3', 3],
    ]);
  });

  test('of one person have no number', () => {
    expect(
      stage(approved({}), 'Approve').Actions.map(({ Name, ActionTypeId }) => [
        Name,
        ActionTypeId.Category,
        ActionTypeId.Provider,
      ]),
    ).toEqual([['Approval', 'Approval', 'Manual']]);
  });

  test('say what to look at', () => {
    const [{ Configuration }] = stage(
      approved({ additionalInformation: 'read the report', externalEntityLink: 'https://example.com/report' }),
      'Approve',
    ).Actions;
    expect(Configuration).toMatchObject({
      CustomData: 'read the report',
      ExternalEntityLink: 'https://example.com/report',
    });
  });

  test('end after a time', () => {
    expect(stage(approved({ timeout: Duration.hours(4) }), 'Approve').Actions[0]).toMatchObject({
      TimeoutInMinutes: 240,
    });
  });

  test('tell a topic, which the pipeline may publish to', () => {
    const { template } = pipelineWith((stack) => ({
      approvals: [{ notificationTopic: new sns.Topic(stack, 'Topic') }],
    }));
    expect(flat(stage(template, 'Approve').Actions[0].Configuration.NotificationArn)).toMatch(/^\$\{Topic/);
    expect(resourcesOf(statementsOf(template, 'PipelineCodePipelineServiceRole'), 'sns:Publish')[0]).toMatch(
      /^\$\{Topic/,
    );
  });
});

describe('fails when', () => {
  test.each([
    [
      'an action has spaces in its name',
      { actionName: 'Release Manager' },
      'actionName of approvals must be 1 to 100 letters, digits, and . @ _ -, got "Release Manager"; ' +
        'remove the spaces, for example "ReleaseManager"',
    ],
    [
      'the information is too long',
      { additionalInformation: 'x'.repeat(1001) },
      'additionalInformation of approvals must be 1 to 1000 characters, got ',
    ],
    [
      'the link is none',
      { externalEntityLink: 'example.com' },
      'externalEntityLink of approvals must be a link that starts with https:// or http://, got "example.com"; use the full URL',
    ],
    [
      'the time is too short',
      { timeout: Duration.minutes(1) },
      "timeout of approvals must be between 5 minutes and 60 days (CodePipeline's limits), got 1 minute; " +
        'for example Duration.days(7)',
    ],
  ])('%s', (_, approval, message) => {
    expect(() => approved(approval)).toThrow(message);
  });

  test('two approvals have one name', () => {
    expect(() => approved({ actionName: 'Boss' }, { actionName: 'Boss' })).toThrow(
      'actionName of approvals must be unique, got "Boss" twice; rename one of the two',
    );
  });

  test('there are more than a stage has actions', () => {
    expect(() => approved(...Array.from({ length: 51 }, () => ({})))).toThrow(
      "approvals must be a list of at most 50 approvals (CodePipeline's limit for a stage), got 51 approvals; " +
        'combine some of them',
    );
  });
});
