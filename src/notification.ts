import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { NoticeEvent } from './handlers/release/contract';
import { requireSamePlace, requireStandardTopic } from './private/given-resource';
import { isKnown, refuse, requirePattern } from './private/validation';

/** An event to notify people about. */
export enum NotificationEvent {
  /** A run failed before the deployment: in the source, the check, the creation, or the build with its tests. */
  BUILD_FAILED = 'BUILD_FAILED',
  /** A run failed during the deployment, wherever the alias points now. */
  DEPLOYMENT_FAILED = 'DEPLOYMENT_FAILED',
  /** A deployment was rolled back. */
  ROLLED_BACK = 'ROLLED_BACK',
  /** An approval is pending. */
  APPROVAL_NEEDED = 'APPROVAL_NEEDED',
  /** The function's configuration has changed, but no run could be started to release the change. */
  CONFIGURATION_PENDING = 'CONFIGURATION_PENDING',
  /** A run succeeded. */
  SUCCEEDED = 'SUCCEEDED',
}

/**
 * Who receives notifications, and about which events. Each notification contains what happened, the cause (for example
 * the failed test, the alarm, or the error), and where to look.
 */
export interface NotificationOptions {
  /**
   * Topic that receives the notifications. The policy of the key of an encrypted topic must allow the release function.
   * The key of the same account does.
   *
   * @default - a new topic, if `emails` or `slackChannels` are set
   */
  readonly topic?: sns.ITopic;

  /**
   * Email addresses that receive the notifications, after they confirm the subscription.
   *
   * @default - none
   */
  readonly emails?: string[];

  /**
   * Slack channels that receive the notifications, through Amazon Q Developer in chat applications (formerly AWS
   * Chatbot).
   *
   * @default - none
   */
  readonly slackChannels?: chatbot.SlackChannelConfiguration[];

  /**
   * Events to notify about.
   *
   * @default - every event except success
   */
  readonly events?: NotificationEvent[];
}

/**
 * Where the release function sends notices, and about which events.
 *
 * @internal
 */
export interface NotificationConfig {
  readonly topic: sns.ITopic;
  readonly events: NoticeEvent[];
}

/**
 * Creates the topic with its subscriptions, or uses the existing topic.
 *
 * @internal
 */
export function createNotificationTopic(
  scope: Construct,
  projectName: string,
  options: NotificationOptions,
): NotificationConfig {
  validate(options);
  if (options.topic) {
    requireStandardTopic('notifications.topic', options.topic);
    requireSamePlace(scope, 'notifications.topic', options.topic, options.topic.topicArn);
  }
  const topic =
    options.topic ??
    new sns.Topic(scope, 'NotificationTopic', { displayName: displayName(projectName), enforceSSL: true });
  options.emails?.forEach((email) => topic.addSubscription(new subscriptions.EmailSubscription(email)));
  options.slackChannels?.forEach((channel) => channel.addNotificationTopic(topic));
  return { topic, events: options.events ?? DEFAULT_EVENTS };
}

/**
 * Creates the rules that invoke the release function when a run ends and when an approval is pending. The release
 * function writes the notices: docs/decisions/026-notices-are-written-by-the-release-function.md.
 *
 * @internal
 */
export function createNotificationRules(
  scope: Construct,
  pipeline: codepipeline.IPipeline,
  release: lambda.IFunction,
  { events: wanted }: NotificationConfig,
): void {
  const target = () => new targets.LambdaFunction(release, { retryAttempts: 2 });
  const states = [
    ...(wanted.some((event) => FAILURES.includes(event)) ? ['FAILED'] : []),
    ...(wanted.includes(NotificationEvent.SUCCEEDED) ? ['SUCCEEDED'] : []),
  ];
  if (states.length > 0) {
    new events.Rule(scope, 'ExecutionNotificationRule', {
      description: 'Notifies people when a run of the pipeline ends',
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Pipeline Execution State Change'],
        detail: { pipeline: [pipeline.pipelineName], state: states },
      },
      targets: [target()],
    });
  }
  if (wanted.includes(NotificationEvent.APPROVAL_NEEDED)) {
    new events.Rule(scope, 'ApprovalNotificationRule', {
      description: 'Notifies people when an approval is pending',
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Action Execution State Change'],
        detail: { pipeline: [pipeline.pipelineName], state: ['STARTED'], type: { category: ['Approval'] } },
      },
      targets: [target()],
    });
  }
}

const FAILURES: NoticeEvent[] = [
  NotificationEvent.BUILD_FAILED,
  NotificationEvent.DEPLOYMENT_FAILED,
  NotificationEvent.ROLLED_BACK,
];

/** The events that need a person. */
const DEFAULT_EVENTS: NoticeEvent[] = [
  ...FAILURES,
  NotificationEvent.APPROVAL_NEEDED,
  NotificationEvent.CONFIGURATION_PENDING,
];

/** A display name has at most 100 characters: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
function displayName(projectName: string): string {
  return isKnown(projectName) ? projectName.slice(0, 100) : projectName;
}

function validate({ topic, emails = [], slackChannels = [], events: wanted }: NotificationOptions): void {
  if (!topic && emails.length === 0 && slackChannels.length === 0) {
    refuse({
      prop: 'notifications',
      allowed: 'set with topic, emails, or slackChannels',
      given: {},
      remedy: 'add a recipient, or omit notifications',
    });
  }
  if (wanted && wanted.length === 0) {
    refuse({
      prop: 'notifications.events',
      allowed: 'a list of at least one event',
      given: wanted,
      remedy: 'omit notifications to notify nobody',
    });
  }
  for (const email of emails) {
    requirePattern(email, /^[^\s@]+@[^\s@]+\.[^\s@]+$/, {
      prop: 'notifications.emails',
      allowed: 'a list of email addresses',
      remedy: 'for example "team@example.com"',
    });
  }
}
