import { IResource, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { IConstruct } from 'constructs';
import { isKnown, refuse, requirePattern } from './validation';

/** Refuses a resource of another account or Region than the pipeline's, also if only the ARN shows the place. */
export function requireSamePlace(scope: IConstruct, prop: string, resource: IResource, arn: string): void {
  const [, , , regionOfArn, accountOfArn] = isKnown(arn) ? arn.split(':') : [];
  const { account, region } = Stack.of(scope);
  const { env } = resource;
  requireEqual(prop, 'Region', region, [env.region, regionOfArn]);
  requireEqual(prop, 'account', account, [env.account, accountOfArn]);
}

function requireEqual(prop: string, what: string, expected: string, given: (string | undefined)[]): void {
  const other = given.find((value) => value && isKnown(value) && value !== expected);
  if (other && isKnown(expected)) {
    refuse({
      prop,
      allowed: `in the ${what} of the pipeline, ${expected}`,
      described: other,
      remedy: `use one in that ${what}, or create the pipeline in a stack of the other ${what}`,
    });
  }
}

/** Refuses a version, an alias, and a qualified ARN, because their types are functions too. */
export function requireFunctionItself(prop: string, fn: lambda.IFunction, reason: string, remedy: string): void {
  const isQualified = isKnown(fn.functionArn) && fn.functionArn.split(':').length > 7;
  if ((fn as Partial<lambda.IVersion>).lambda || isQualified) {
    refuse({
      prop,
      allowed: `the function itself, because ${reason}`,
      described: isQualified ? fn.functionArn : `the version or alias ${fn.node.path}`,
      remedy,
    });
  }
}

/** Refuses the alias of a key, because neither policies nor Lambda's configuration can refer to a key by its alias. */
export function requireKeyItself(prop: string, key: kms.IKey | undefined): void {
  const isAlias = key && ('aliasName' in key || (isKnown(key.keyArn) && key.keyArn.includes(':alias/')));
  if (isAlias) {
    refuse({
      prop,
      allowed: 'a key, because policies cannot refer to a key by its alias',
      described: `the alias ${key.node.path}`,
      remedy: 'use the key itself, for example kms.Key.fromKeyArn(this, "Key", keyArn)',
    });
  }
}

/** Refuses a FIFO topic. */
export function requireStandardTopic(prop: string, topic: sns.ITopic): void {
  const { topicArn, fifo } = topic;
  requirePattern(fifo ? `${topic.node.path}.fifo` : topicArn, /^(?!.*\.fifo$)/, {
    prop,
    allowed: 'a standard topic, because neither approvals nor email can use a FIFO topic',
    remedy: 'use a standard topic',
  });
}
