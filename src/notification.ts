import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { isKnown, refuse, requirePattern } from './private/validation';

/** What people are told of. */
export enum NotificationEvent {
  /** A run failed before the deployment: the source, the check, the creation or the build with its tests. */
  BUILD_FAILED = 'BUILD_FAILED',
  /** A run failed at the deployment, whatever became of the alias. */
  DEPLOYMENT_FAILED = 'DEPLOYMENT_FAILED',
  /** A deployment was rolled back. */
  ROLLED_BACK = 'ROLLED_BACK',
  /** Somebody has to approve. */
  APPROVAL_NEEDED = 'APPROVAL_NEEDED',
  /** A run went through. */
  SUCCEEDED = 'SUCCEEDED',
}

/** Whom to tell, and of what. Each notice says what happened with its cause: which test, which alarm, which error, and where to look. */
export interface NotificationOptions {
  /**
   * Topic that receives the notices. When it is encrypted, its key's policy has to let the release function use it, which a key of the same account does.
   *
   * @default - a new topic, when `emails` or `slackChannels` are given
   */
  readonly topic?: sns.ITopic;

  /**
   * Addresses that get the notices as text, after they have confirmed the subscription.
   *
   * @default - none
   */
  readonly emails?: string[];

  /**
   * Slack channels that get the notices, through Amazon Q Developer in chat applications (formerly AWS Chatbot).
   *
   * @default - none
   */
  readonly slackChannels?: chatbot.SlackChannelConfiguration[];

  /**
   * What to tell of.
   *
   * @default - everything but success
   */
  readonly events?: NotificationEvent[];
}

/**
 * Where the release function sends its notices.
 *
 * @internal
 */
export interface NotificationConfig {
  readonly topic: sns.ITopic;
  readonly events: NotificationEvent[];
}

/**
 * The topic with its subscriptions.
 *
 * @internal
 */
export function notification(scope: Construct, projectName: string, options: NotificationOptions): NotificationConfig {
  validate(options);
  const topic =
    options.topic ??
    new sns.Topic(scope, 'NotificationTopic', { displayName: displayName(projectName), enforceSSL: true });
  options.emails?.forEach((email) => topic.addSubscription(new subscriptions.EmailSubscription(email)));
  options.slackChannels?.forEach((channel) => channel.addNotificationTopic(topic));
  return {
    topic,
    events: options.events ?? [...failures(), NotificationEvent.APPROVAL_NEEDED],
  };
}

/**
 * The rules by which the ends of the runs, and the approvals that are waited for, reach the release function.
 *
 * @internal
 */
export function notificationRules(
  scope: Construct,
  pipeline: codepipeline.IPipeline,
  release: lambda.IFunction,
  { events: wanted }: NotificationConfig,
): void {
  const target = () => new targets.LambdaFunction(release, { retryAttempts: 2 });
  const states = [
    ...(wanted.some((event) => failures().includes(event)) ? ['FAILED'] : []),
    ...(wanted.includes(NotificationEvent.SUCCEEDED) ? ['SUCCEEDED'] : []),
  ];
  if (states.length > 0) {
    new events.Rule(scope, 'ExecutionNotificationRule', {
      description: 'Tells people how a run of the pipeline ended',
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
      description: 'Tells people that an approval is waited for',
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Action Execution State Change'],
        detail: { pipeline: [pipeline.pipelineName], state: ['STARTED'], type: { category: ['Approval'] } },
      },
      targets: [target()],
    });
  }
}

function failures(): NotificationEvent[] {
  return [NotificationEvent.BUILD_FAILED, NotificationEvent.DEPLOYMENT_FAILED, NotificationEvent.ROLLED_BACK];
}

/** A display name has 100 characters: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
function displayName(projectName: string): string {
  return isKnown(projectName) ? projectName.slice(0, 100) : projectName;
}

function validate({ topic, emails = [], slackChannels = [], events: wanted }: NotificationOptions): void {
  if (!topic && emails.length === 0 && slackChannels.length === 0) {
    refuse({
      prop: 'notifications',
      allowed: 'given with topic, emails or slackChannels',
      given: {},
      remedy: 'say who is to be told, or leave notifications out',
    });
  }
  if (wanted && wanted.length === 0) {
    refuse({
      prop: 'notifications.events',
      allowed: 'one event at least',
      given: wanted,
      remedy: 'leave notifications out to tell nobody',
    });
  }
  for (const email of emails) {
    requirePattern(email, /^[^\s@]+@[^\s@]+\.[^\s@]+$/, {
      prop: 'notifications.emails',
      allowed: 'e-mail addresses',
      remedy: 'for example "team@example.com"',
    });
  }
}
