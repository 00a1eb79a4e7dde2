import { Duration } from 'aws-cdk-lib';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { requireSamePlace, requireStandardTopic } from './private/given-resource';
import { refuse, requireDuration, requirePattern } from './private/validation';

/** An approval between the build and the deployment. */
export interface ApprovalOptions {
  /**
   * Name of the action.
   *
   * @default - `Approval`, followed by a number when there are several approvals
   */
  readonly actionName?: string;

  /**
   * Information for the reviewer: at most 1000 characters.
   *
   * @default - none
   */
  readonly additionalInformation?: string;

  /**
   * Link to what the reviewer should look at, starting with `https://` or `http://`.
   *
   * @default - none
   */
  readonly externalEntityLink?: string;

  /**
   * Topic that receives a notification when the approval is pending.
   *
   * @default - none; `notifications` covers pending approvals too
   */
  readonly notificationTopic?: sns.ITopic;

  /**
   * How long to wait for a decision: between 5 minutes and 60 days. The run fails after that.
   *
   * @default Duration.days(7)
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html
   */
  readonly timeout?: Duration;
}

/**
 * Creates the actions of the stage `Approve`, which run one after the other.
 *
 * @internal
 */
export function createApprovalActions(scope: Construct, approvals: ApprovalOptions[]): actions.ManualApprovalAction[] {
  const names = approvals.map(
    ({ actionName }, index) => actionName ?? (approvals.length > 1 ? `Approval${index + 1}` : 'Approval'),
  );
  validate(approvals, names);
  for (const { notificationTopic } of approvals) {
    if (notificationTopic) {
      requireStandardTopic('notificationTopic of approvals', notificationTopic);
      requireSamePlace(scope, 'notificationTopic of approvals', notificationTopic, notificationTopic.topicArn);
    }
  }
  return approvals.map(
    (approval, index) =>
      new actions.ManualApprovalAction({ ...approval, actionName: names[index], runOrder: index + 1 }),
  );
}

function validate(approvals: ApprovalOptions[], names: string[]): void {
  if (approvals.length > 50) {
    refuse({
      prop: 'approvals',
      allowed: "a list of at most 50 approvals (CodePipeline's limit for a stage)",
      described: `${approvals.length} approvals`,
      remedy: 'combine some of them',
    });
  }
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate) {
    refuse({
      prop: 'actionName of approvals',
      allowed: 'unique',
      described: `"${duplicate}" twice`,
      remedy: 'rename one of the two',
    });
  }
  approvals.forEach(validateApproval);
}

function validateApproval({ actionName, additionalInformation, externalEntityLink, timeout }: ApprovalOptions): void {
  requirePattern(actionName, /^[A-Za-z0-9.@_-]{1,100}$/, {
    prop: 'actionName of approvals',
    allowed: '1 to 100 letters, digits, and . @ _ -',
    remedy: 'remove the spaces, for example "ReleaseManager"',
  });
  requirePattern(additionalInformation, /^[\s\S]{1,1000}$/, {
    prop: 'additionalInformation of approvals',
    allowed: '1 to 1000 characters',
    remedy: 'publish the text elsewhere and link to it with externalEntityLink',
  });
  requirePattern(externalEntityLink, /^https?:\/\/\S+$/, {
    prop: 'externalEntityLink of approvals',
    allowed: 'a link that starts with https:// or http://',
    remedy: 'use the full URL',
  });
  if (timeout?.isUnresolved()) {
    refuse({
      prop: 'timeout of approvals',
      allowed: 'known at synthesis, because the CDK checks the timeout of an approval',
      given: timeout,
      remedy: 'for example Duration.days(7)',
    });
  }
  requireDuration('timeout of approvals', timeout, {
    min: Duration.minutes(5),
    max: Duration.days(60),
    source: "CodePipeline's limits",
    unit: 'minutes',
    remedy: 'for example Duration.days(7)',
  });
}
