import { NotRehearsedError } from '../../base/aws-error';
import { list } from '../../base/list';

/** The values of a request that the conditions of a policy can read, by key. */
export type Context = Record<string, string>;

/** The keys that requests of the rehearsal can have. A condition with another key is an error: its value is unknown. */
const KNOWN_KEYS = [
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:RequestedRegion',
  'aws:ResourceAccount',
  'aws:SecureTransport',
  'aws:SourceAccount',
  'aws:SourceArn',
  'iam:AssociatedResourceArn',
  'iam:PassedToService',
  'iam:PolicyARN',
  'kms:CallerAccount',
  'kms:ViaService',
  'lambda:Layer',
  's3:ResourceAccount',
  's3:TlsVersion',
  's3:x-amz-server-side-encryption',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
  'sts:AWSServiceName',
  'sts:ExternalId',
].map((key) => key.toLowerCase());

const OPERATORS: Record<string, (actual: string, expected: string) => boolean> = {
  StringEquals: (actual, expected) => actual === expected,
  StringEqualsIgnoreCase: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  StringLike: matchesPattern,
  ArnEquals: matchesPattern,
  ArnLike: matchesPattern,
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  NumericEquals: (actual, expected) => Number(actual) === Number(expected),
  NumericLessThan: (actual, expected) => Number(actual) < Number(expected),
  NumericLessThanEquals: (actual, expected) => Number(actual) <= Number(expected),
  NumericGreaterThan: (actual, expected) => Number(actual) > Number(expected),
  NumericGreaterThanEquals: (actual, expected) => Number(actual) >= Number(expected),
};

/** The operators that hold when none of the values match. */
const NEGATED: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
};

/** Whether a request meets the `Condition` of a statement. */
export function meetsCondition(
  condition: Record<string, Record<string, unknown>> | undefined,
  context: Context,
): boolean {
  return Object.entries(condition ?? {}).every(([operator, block]) =>
    Object.entries(block).every(([key, expected]) => meetsOperator(operator, key, list(expected).map(String), context)),
  );
}

function meetsOperator(written: string, key: string, expected: string[], context: Context): boolean {
  const actual = valueOf(key, context);
  if (written === 'Null') {
    return expected.includes(String(actual === undefined));
  }
  const operator = written.replace(/IfExists$/, '');
  const compare = OPERATORS[NEGATED[operator] ?? operator];
  if (!compare) {
    throw new NotRehearsedError(`the condition operator ${written} (on ${key})`);
  }
  if (actual === undefined) {
    return operator !== written || operator in NEGATED;
  }
  return expected.some((value) => compare(actual, value)) !== operator in NEGATED;
}

function valueOf(key: string, context: Context): string | undefined {
  const found = Object.keys(context).find((name) => name.toLowerCase() === key.toLowerCase());
  if (found) {
    return context[found];
  }
  if (!KNOWN_KEYS.includes(key.toLowerCase())) {
    throw new NotRehearsedError(`the condition key ${key}`);
  }
  return undefined;
}

/** Whether a text matches a pattern with `*` and `?`. */
export function matchesPattern(text: string, pattern: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${expression}$`, 's').test(text);
}
