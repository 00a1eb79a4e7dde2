import { ManagedPolicies } from './managed-policies';
import { evaluate, evaluateForPrincipal, PolicyDocument, PolicyRequest, Verdict } from './policy';
import { Caller, Role } from './role';

/** The result of the evaluation of all policies of a request. */
export interface Decision {
  readonly isAllowed: boolean;
  /** Why the request is denied, in the words of AWS. */
  readonly reason?: string;
  /** The policy without a known document that could change the decision. */
  readonly unknown?: string;
}

/** What decides about a request: the caller's policies, the policy of the resource, and the account of both. */
export interface Question {
  readonly caller: Caller;
  readonly request: PolicyRequest;
  readonly resourcePolicy?: PolicyDocument;
  readonly accountId: string;
  readonly managed: ManagedPolicies;
}

/**
 * Decides as AWS does within one account:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(question: Question): Decision {
  const { caller, request, resourcePolicy, managed } = question;
  const own = evaluate(documentsOf(caller.role, managed), request);
  const boundary = evaluateBoundary(caller.role, managed, request);
  const theirs = resourcePolicy ? evaluateForPrincipal(resourcePolicy, caller.role.arn, request) : 'silent';
  const denial = denialIn({ own, boundary, theirs }, question);
  if (denial) {
    return { isAllowed: false, reason: denial };
  }
  if (own === 'allow' || theirs === 'allow') {
    return boundary === 'silent'
      ? { isAllowed: false, reason: `because no permissions boundary allows the ${request.action} action` }
      : { isAllowed: true, unknown: boundary === undefined ? boundaryText(caller.role) : undefined };
  }
  const unknown = caller.role.managed?.find((arn) => !managed.find(arn));
  return unknown === undefined
    ? { isAllowed: false, reason: `because no identity-based policy allows the ${request.action} action` }
    : { isAllowed: true, unknown: `the managed policy ${unknown}` };
}

/** Returns the documents of all policies of a role that are known. */
export function documentsOf(role: Role, managed: ManagedPolicies): PolicyDocument[] {
  return [...role.policies, ...(role.managed ?? []).flatMap((arn) => managed.find(arn) ?? [])];
}

/** Returns `allow` without a boundary, and undefined for one whose document is unknown. */
function evaluateBoundary(role: Role, managed: ManagedPolicies, request: PolicyRequest): Verdict | undefined {
  if (role.boundary === undefined) {
    return 'allow';
  }
  const document = managed.find(role.boundary);
  return document && evaluate([document], request);
}

interface Verdicts {
  readonly own: Verdict;
  readonly boundary?: Verdict;
  readonly theirs: Verdict;
}

/** Returns the reason for a denial that nothing can override. */
function denialIn({ own, boundary, theirs }: Verdicts, question: Question): string | undefined {
  const { request, resourcePolicy } = question;
  if (own === 'deny') {
    return 'with an explicit deny in an identity-based policy';
  }
  if (boundary === 'deny') {
    return 'with an explicit deny in a permissions boundary';
  }
  if (theirs === 'deny') {
    return 'with an explicit deny in a resource-based policy';
  }
  if (resourcePolicy && request.action.startsWith('kms:') && theirs !== 'allow' && !delegates(question)) {
    return `because no resource-based policy allows the ${request.action} action`;
  }
  return undefined;
}

/** Whether the policy of a key delegates to the policies of the roles. Otherwise they have no effect on the key. */
function delegates({ resourcePolicy, accountId, request }: Question): boolean {
  return evaluateForPrincipal(resourcePolicy!, `arn:aws:iam::${accountId}:root`, request) === 'allow';
}

function boundaryText({ boundary }: Role): string {
  return `the permissions boundary ${boundary}`;
}
