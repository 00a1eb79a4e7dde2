import { AwsError } from '../../base/aws-error';
import type { Account } from '../account';
import { invalidParameter, violation } from './errors';
import { AddPermissionInput } from './input';
import { qualifierOf } from './names';

/** Adds a permission. The rehearsal does not evaluate it, because none of its callers needs it. */
export function addPermission(account: Account, input: AddPermissionInput) {
  if (!/^[a-zA-Z0-9-_]+$/.test(input.StatementId)) {
    throw violation(
      input.StatementId,
      'statementId',
      'Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)',
    );
  }
  const fn = account.lambda.get(input.FunctionName);
  const qualifier = qualifierOf(input);
  checkQualifier(account, input, qualifier);
  const statement = `${qualifier ?? ''} ${input.StatementId}`;
  if (fn.permissions.includes(statement)) {
    throw new AwsError(
      409,
      'ResourceConflictException',
      `The statement id (${input.StatementId}) provided already exists. ` +
        'Please provide a new statement id, or remove the existing statement.',
    );
  }
  fn.permissions.push(statement);
  const arn = account.lambda.arn(input);
  return { Statement: JSON.stringify(statementOf(input, qualifier ? `${arn}:${qualifier}` : arn)) };
}

function checkQualifier(account: Account, input: AddPermissionInput, qualifier?: string): void {
  if (qualifier === '$LATEST') {
    throw invalidParameter('We currently do not support adding policies for $LATEST.');
  }
  const fn = account.lambda.get(input.FunctionName);
  if (qualifier && /^\d+$/.test(qualifier)) {
    account.lambda.version(fn, qualifier);
  } else if (qualifier && !fn.aliases[qualifier]) {
    const arn = `${account.lambda.arn(input)}:${qualifier}`;
    throw new AwsError(404, 'ResourceNotFoundException', `Cannot find alias arn: ${arn}`);
  }
}

/** The statement in the policy of the function. */
function statementOf(input: AddPermissionInput, resource: string) {
  const equal = given({
    'AWS:SourceAccount': input.SourceAccount,
    'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType,
    'aws:PrincipalOrgID': input.PrincipalOrgID,
    'lambda:EventSourceToken': input.EventSourceToken,
  });
  const like = given({ 'AWS:SourceArn': input.SourceArn });
  const bool = given({ 'lambda:InvokedViaFunctionUrl': input.InvokedViaFunctionUrl?.toString() });
  const conditions = given({ StringEquals: equal, Bool: bool, ArnLike: like });
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principalOf(input.Principal),
    Action: input.Action,
    Resource: resource,
    ...(conditions ? { Condition: conditions } : {}),
  };
}

function principalOf(principal: string) {
  if (principal === '*') {
    return '*';
  }
  if (/^\d{12}$/.test(principal)) {
    return { AWS: `arn:aws:iam::${principal}:root` };
  }
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}

/** The entries that have a value; undefined when none has one. */
function given<T>(entries: Record<string, T | undefined>): Record<string, T> | undefined {
  const found = Object.entries(entries).filter((entry): entry is [string, T] => entry[1] !== undefined);
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
