import { Context, matchesPattern, meetsCondition } from './condition';
import { NotRehearsedError } from '../../base/aws-error';
import { list } from '../../base/list';

/** A policy document, resolved. */
export interface PolicyDocument {
  readonly Statement: Statement | Statement[];
}

/** A statement of a policy. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
  readonly Principal?: '*' | Record<string, string | string[]>;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** A request to evaluate. */
export interface PolicyRequest {
  readonly action: string;
  /** The ARN, or `*` for an action without resources. */
  readonly resource: string;
  readonly context: Context;
}

/** The result of the evaluation of policies. A denial overrides everything. */
export type Verdict = 'allow' | 'deny' | 'silent';

/** Evaluates the policies of an identity. */
export function evaluate(documents: readonly PolicyDocument[], request: PolicyRequest): Verdict {
  return verdict(documents, (statement) => covers(statement, request));
}

/** Evaluates the policy of a resource for a principal: an ARN, or the name of a service. */
export function evaluateForPrincipal(document: PolicyDocument, principal: string, request: PolicyRequest): Verdict {
  return verdict([document], (statement) => namesPrincipal(statement, principal) && covers(statement, request));
}

/** Whether a policy allows an action on some resource. */
export function mentions(document: PolicyDocument, action: string): boolean {
  return list(document.Statement).some((statement) => statement.Effect === 'Allow' && coversAction(statement, action));
}

function verdict(documents: readonly PolicyDocument[], applies: (statement: Statement) => boolean): Verdict {
  const effects = documents
    .flatMap((document) => list(document.Statement))
    .filter(applies)
    .map((statement) => statement.Effect);
  if (effects.includes('Deny')) {
    return 'deny';
  }
  return effects.includes('Allow') ? 'allow' : 'silent';
}

function covers(statement: Statement, request: PolicyRequest): boolean {
  return (
    coversAction(statement, request.action) &&
    coversResource(statement, request.resource) &&
    meetsCondition(statement.Condition, request.context)
  );
}

function coversAction({ Action, NotAction }: Statement, action: string): boolean {
  const matches = (pattern: string) => matchesPattern(action.toLowerCase(), pattern.toLowerCase());
  return NotAction ? !list(NotAction).some(matches) : list(Action).some(matches);
}

function coversResource(statement: Statement, resource: string): boolean {
  const patterns = [...list(statement.Resource), ...list(statement.NotResource)];
  const variable = patterns.find((pattern) => pattern.includes('${'));
  if (variable) {
    throw new NotRehearsedError(`the policy variable in ${variable}`);
  }
  const matches = (pattern: string) => matchesPattern(resource, pattern);
  if (statement.NotResource) {
    return !list(statement.NotResource).some(matches);
  }
  return statement.Resource === undefined || list(statement.Resource).some(matches); // a trust policy has none
}

/** An account in an `Allow` delegates to the policies of its identities. In a `Deny` it covers all of them. */
function namesPrincipal(statement: Statement, principal: string): boolean {
  if (statement.Principal === '*') {
    return true;
  }
  const account = principal.split(':')[4];
  const names = [principal, '*', ...(statement.Effect === 'Deny' ? [account, `arn:aws:iam::${account}:root`] : [])];
  return Object.values(statement.Principal ?? {})
    .flatMap((value) => list(value))
    .some((name) => names.includes(name));
}
