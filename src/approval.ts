import { Duration } from 'aws-cdk-lib';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { refuse, requireDuration, requirePattern } from './private/validation';

/** Somebody who has to say yes between the build and the deployment. */
export interface ApprovalOptions {
  /**
   * Name of the action.
   *
   * @default - `Approval`, with a number when there are several
   */
  readonly actionName?: string;

  /**
   * What the person who decides should know or look at: 1000 characters at most.
   *
   * @default - none
   */
  readonly additionalInformation?: string;

  /**
   * Link to what is to be reviewed, beginning with `https://` or `http://`.
   *
   * @default - none
   */
  readonly externalEntityLink?: string;

  /**
   * Topic that is told when an approval is waited for.
   *
   * @default - none; `notifications` tells of waiting approvals too
   */
  readonly notificationTopic?: sns.ITopic;

  /**
   * How long is waited for the answer, from 5 minutes on; after that the run fails.
   *
   * @default Duration.days(7)
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html
   */
  readonly timeout?: Duration;
}

/**
 * The actions of the stage `Approve`, one after the other in the order given.
 *
 * @internal
 */
export function approvalActions(approvals: ApprovalOptions[]): actions.ManualApprovalAction[] {
  const names = approvals.map(
    ({ actionName }, index) => actionName ?? (approvals.length > 1 ? `Approval${index + 1}` : 'Approval'),
  );
  validate(approvals, names);
  return approvals.map(
    (approval, index) =>
      new actions.ManualApprovalAction({ ...approval, actionName: names[index], runOrder: index + 1 }),
  );
}

function validate(approvals: ApprovalOptions[], names: string[]): void {
  if (approvals.length > 50) {
    refuse({
      prop: 'approvals',
      allowed: 'at most 50',
      given: approvals.length,
      remedy: 'a stage of CodePipeline has no more actions',
    });
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) {
    refuse({
      prop: 'actionName of approvals',
      allowed: 'different in each',
      given: `${twice} twice`,
      remedy: 'rename one of them',
    });
  }
  for (const { actionName, additionalInformation, externalEntityLink, timeout } of approvals) {
    requirePattern(actionName, /^[A-Za-z0-9.@_-]{1,100}$/, {
      prop: 'actionName of approvals',
      allowed: '1 to 100 letters, digits and . @ _ -',
      remedy: 'leave the spaces out, for example "ReleaseManager"',
    });
    requirePattern(additionalInformation, /^[\s\S]{1,1000}$/, {
      prop: 'additionalInformation of approvals',
      allowed: '1 to 1000 characters',
      remedy: 'put the rest behind externalEntityLink',
    });
    requirePattern(externalEntityLink, /^https?:\/\/\S+$/, {
      prop: 'externalEntityLink of approvals',
      allowed: 'a link that begins with https:// or http://',
      remedy: 'give the whole address',
    });
    requireDuration(
      'timeout of approvals',
      timeout,
      Duration.minutes(5),
      Duration.days(60),
      'CodePipeline takes no other',
    );
  }
}
