import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { NotificationEvent, NotificationOptions } from '../src';
import { pipelineWith } from './support/stacks';
import {
  actionsOf,
  flat,
  propertiesOf,
  releaseFunctionOf,
  resourcesOf,
  statementsOf,
} from './support/template-queries';

const EMAILS = ['team@example.com'];
const told = (notifications: NotificationOptions | ((stack: Stack) => NotificationOptions)) =>
  pipelineWith((stack) => ({
    notifications: typeof notifications === 'function' ? notifications(stack) : notifications,
  })).template;
const rules = (template: Template) =>
  Object.values(
    template.findResources('AWS::Events::Rule', { Properties: { EventPattern: { source: ['aws.codepipeline'] } } }),
  ).map(({ Properties }) => Properties);
const release = (template: Template) => statementsOf(template, 'PipelineReleaseFunctionServiceRole');

describe('notifications', () => {
  const template = told({ emails: EMAILS });

  test('are none by default', () => {
    const minimal = pipelineWith().template;
    minimal.resourceCountIs('AWS::SNS::Topic', 0);
    expect(rules(minimal)).toEqual([]);
  });

  test('go to a topic of the stack, which takes nothing without TLS', () => {
    template.resourceCountIs('AWS::SNS::Topic', 1);
    expect(JSON.stringify(propertiesOf(template, 'AWS::SNS::TopicPolicy'))).toContain('aws:SecureTransport');
  });

  test('go from there to the addresses', () => {
    expect(propertiesOf(template, 'AWS::SNS::Subscription')).toMatchObject({
      Protocol: 'email',
      Endpoint: 'team@example.com',
    });
  });

  test("may go to a topic of the user's", () => {
    const own = told((stack) => ({
      topic: sns.Topic.fromTopicArn(stack, 'Own', 'arn:aws:sns:eu-west-1:111122223333:own'),
    }));
    own.resourceCountIs('AWS::SNS::Topic', 0);
    expect(releaseFunctionOf(own).Environment.Variables.NOTIFICATION_TOPIC).toBe(
      'arn:aws:sns:eu-west-1:111122223333:own',
    );
    expect(resourcesOf(release(own), 'sns:Publish')).toEqual(['arn:aws:sns:eu-west-1:111122223333:own']);
  });

  test('may go to an encrypted topic, whose key the release function may use', () => {
    const own = told((stack) => ({ topic: new sns.Topic(stack, 'Own', { masterKey: new kms.Key(stack, 'Key') }) }));
    expect(resourcesOf(release(own), 'kms:GenerateDataKey')).toEqual([expect.stringMatching(/^\$\{Key/)]);
  });

  test('may go to a Slack channel', () => {
    const slack = told((stack) => ({
      slackChannels: [
        new chatbot.SlackChannelConfiguration(stack, 'Slack', {
          slackChannelConfigurationName: 'team',
          slackWorkspaceId: 'T0',
          slackChannelId: 'C0',
        }),
      ],
    }));
    expect(propertiesOf(slack, 'AWS::Chatbot::SlackChannelConfiguration').SnsTopicArns.map(flat)).toEqual([
      expect.stringMatching(/^\$\{PipelineNotificationTopic/),
    ]);
  });

  test('are about everything but success', () => {
    expect(releaseFunctionOf(template).Environment.Variables.NOTIFICATION_EVENTS).toBe(
      'BUILD_FAILED,DEPLOYMENT_FAILED,ROLLED_BACK,APPROVAL_NEEDED,CONFIGURATION_PENDING',
    );
  });

  test('are about what is asked for', () => {
    expect(
      releaseFunctionOf(told({ emails: EMAILS, events: [NotificationEvent.SUCCEEDED] })).Environment.Variables
        .NOTIFICATION_EVENTS,
    ).toBe('SUCCEEDED');
  });

  test('are written by the release function, which the rules invoke', () => {
    expect(rules(template).flatMap(({ Targets }) => Targets.map(({ Arn }: { Arn: unknown }) => flat(Arn)))).toEqual([
      expect.stringMatching(/^\$\{PipelineReleaseFunction.*\.Arn\}$/),
      expect.stringMatching(/^\$\{PipelineReleaseFunction.*\.Arn\}$/),
    ]);
  });

  test('let the release function read why a run failed', () => {
    expect(actionsOf(release(template))).toEqual(
      expect.arrayContaining([
        'codepipeline:ListActionExecutions',
        'codebuild:BatchGetBuilds',
        'codebuild:DescribeTestCases',
        'sns:Publish',
      ]),
    );
  });

  test('of a build with a name of its own may be read too', () => {
    const { template: named } = pipelineWith({
      notifications: { emails: EMAILS },
      buildProject: { projectName: 'own-build' },
    });
    const project = Object.keys(named.findResources('AWS::CodeBuild::Project'))[0];
    expect(resourcesOf(release(named), 'codebuild:BatchGetBuilds')[0]).toMatch(
      new RegExp(`:project/(own-build|\\$\\{${project}\\})$`),
    );
  });
});

describe('the rules', () => {
  const states = (events: NotificationEvent[]) =>
    rules(told({ emails: EMAILS, events })).map(({ EventPattern }) => [
      EventPattern['detail-type'][0],
      EventPattern.detail.state,
      EventPattern.detail.type?.category,
    ]);
  const EXECUTION = 'CodePipeline Pipeline Execution State Change';

  test.each([
    ['failures', [NotificationEvent.BUILD_FAILED], [[EXECUTION, ['FAILED'], undefined]]],
    ['success', [NotificationEvent.SUCCEEDED], [[EXECUTION, ['SUCCEEDED'], undefined]]],
    [
      'both',
      [NotificationEvent.ROLLED_BACK, NotificationEvent.SUCCEEDED],
      [[EXECUTION, ['FAILED', 'SUCCEEDED'], undefined]],
    ],
    [
      'approvals',
      [NotificationEvent.APPROVAL_NEEDED],
      [['CodePipeline Action Execution State Change', ['STARTED'], ['Approval']]],
    ],
  ])('listen for %s when asked', (_, events, expected) => {
    expect(states(events)).toEqual(expected);
  });

  test('listen to this pipeline alone', () => {
    expect(rules(told({ emails: EMAILS })).map(({ EventPattern }) => flat(EventPattern.detail.pipeline[0]))).toEqual([
      expect.stringMatching(/CodePipeline|inventory-allocation-pipeline/),
      expect.stringMatching(/CodePipeline|inventory-allocation-pipeline/),
    ]);
  });
});

describe('fails when', () => {
  test('there is no recipient', () => {
    expect(() => told({})).toThrow(
      'notifications must be set with topic, emails, or slackChannels, got {}; add a recipient, or omit notifications',
    );
  });

  test('there is no event', () => {
    expect(() => told({ emails: EMAILS, events: [] })).toThrow(
      'notifications.events must be a list of at least one event, got []; omit notifications to notify nobody',
    );
  });

  test('an address is none', () => {
    expect(() => told({ emails: ['team'] })).toThrow(
      'notifications.emails must be a list of email addresses, got "team"; for example "team@example.com"',
    );
  });
});
