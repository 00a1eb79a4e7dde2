import { Context } from './condition';
import { MANAGED_POLICIES } from './managed-policies';
import { evaluate, evaluateForPrincipal, PolicyDocument, PolicyRequest, Statement, Verdict } from './policy';
import { AwsError, NotRehearsedError } from '../../base/aws-error';
import { list } from '../../base/list';

/** A role of the templates, with all its policies. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  readonly logicalId: string;
  readonly trust: PolicyDocument;
  readonly policies: PolicyDocument[];
}

/** The caller of an operation: a session of a role. */
export interface Caller {
  readonly role: Role;
  readonly session: string;
  /** Identifies the session in a signed request. */
  readonly accessKeyId: string;
}

/** The roles, their sessions and their permissions. */
export class Iam {
  private readonly roles = new Map<string, Role>();
  private readonly callers = new Map<string, Caller>();
  private readonly resourcePolicies = new Map<string, PolicyDocument>();

  constructor(private readonly accountId: string) {}

  addRole(role: Role): void {
    this.roles.set(role.arn, role);
  }

  attach(roleName: string, document: PolicyDocument): void {
    this.roleByName(roleName).policies.push(document);
  }

  /** Attaches an AWS managed policy. Fails for an unknown one, because its permissions are unknown. */
  attachManaged(roleName: string, policyArn: string): void {
    const known = MANAGED_POLICIES[policyArn.replace(/^arn:[^:]+:iam::aws:policy\//, '')];
    if (!known) {
      throw new NotRehearsedError(
        `the managed policy ${policyArn} of the role ${roleName}. ` +
          `Rehearsed are ${Object.keys(MANAGED_POLICIES).join(', ')}`,
      );
    }
    known.forEach((document) => this.attach(roleName, document));
  }

  /** Adds a statement to the policy of a function. */
  addResourceStatement(resourceArn: string, statement: Statement): void {
    const before = this.resourcePolicies.get(resourceArn);
    this.resourcePolicies.set(resourceArn, { Statement: [...list(before?.Statement), statement] });
  }

  /** Whether the policy of a resource allows an action of a service. */
  serviceMay(service: string, action: string, resource: string, context: Context): boolean {
    const policy = this.resourcePolicies.get(resource);
    return policy !== undefined && evaluateForPrincipal(policy, service, { action, resource, context }) === 'allow';
  }

  /** Sets the policy of a bucket, a key, a topic or a repository. */
  setResourcePolicy(resourceArn: string, document: PolicyDocument): void {
    this.resourcePolicies.set(resourceArn, document);
  }

  role(arn: string): Role {
    const role = this.roles.get(arn);
    if (!role) {
      throw new NotRehearsedError(`the role ${arn}: no template contains it, so its policies are unknown`);
    }
    return role;
  }

  /** Whether a service may assume a role on behalf of a resource. */
  trusts(roleArn: string, service: string, sourceArn: string): boolean {
    const request = {
      action: 'sts:AssumeRole',
      resource: '*',
      context: { 'aws:SourceAccount': this.accountId, 'aws:SourceArn': sourceArn },
    };
    return evaluateForPrincipal(this.role(roleArn).trust, service, request) === 'allow';
  }

  /** Returns a session of a role that a service assumes. */
  assume(roleArn: string, service: string, sourceArn: string, session: string): Caller {
    if (!this.trusts(roleArn, service, sourceArn)) {
      throw new AwsError(
        403,
        'AccessDenied',
        `${service} is not authorized to perform: sts:AssumeRole on resource: ${roleArn} ` +
          `(for ${sourceArn}). Check the trust policy of the role.`,
      );
    }
    return this.session(this.role(roleArn), session);
  }

  /** Returns a session of a role that another role assumes. */
  assumeBy(caller: Caller, roleArn: string, session: string): Caller {
    const role = this.role(roleArn);
    const request = { action: 'sts:AssumeRole', resource: roleArn, context: this.contextOf(caller) };
    const own = evaluate(caller.role.policies, request);
    const trust = evaluateForPrincipal(role.trust, caller.role.arn, request);
    const account = evaluateForPrincipal(role.trust, `arn:aws:iam::${this.accountId}:root`, request);
    if (own === 'deny' || trust === 'deny' || !(trust === 'allow' || (account === 'allow' && own === 'allow'))) {
      throw this.denied(caller, request, own);
    }
    return this.session(role, session);
  }

  callerOf(accessKeyId: string): Caller {
    const caller = this.callers.get(accessKeyId);
    if (!caller) {
      throw new AwsError(
        403,
        'UnrecognizedClientException',
        `the access key ${accessKeyId} does not belong to a role of the templates`,
      );
    }
    return caller;
  }

  /** Throws as AWS does if neither the policies of the role nor those of the resource allow an action. */
  authorize(caller: Caller, action: string, resource: string, context: Context = {}): void {
    const request: PolicyRequest = { action, resource, context: { ...this.contextOf(caller), ...context } };
    const own = evaluate(caller.role.policies, request);
    const policy = this.resourcePolicyOf(resource);
    const theirs = policy ? evaluateForPrincipal(policy, caller.role.arn, request) : 'silent';
    if (own === 'deny') {
      throw this.denied(caller, request, own);
    }
    if (theirs === 'deny') {
      throw this.denied(caller, request, own, 'with an explicit deny in a resource-based policy');
    }
    if (policy && action.startsWith('kms:') && theirs !== 'allow' && !this.delegates(policy, request)) {
      throw this.denied(caller, request, own, `because no resource-based policy allows the ${action} action`);
    }
    if (own !== 'allow' && theirs !== 'allow') {
      throw this.denied(caller, request, own);
    }
  }

  /** Whether the policy of a key delegates to the policies of the roles. Otherwise they have no effect on the key. */
  private delegates(policy: PolicyDocument, request: PolicyRequest): boolean {
    return evaluateForPrincipal(policy, `arn:aws:iam::${this.accountId}:root`, request) === 'allow';
  }

  private resourcePolicyOf(resource: string): PolicyDocument | undefined {
    return this.resourcePolicies.get(resource) ?? this.resourcePolicies.get(resource.replace(/\/.*$/, ''));
  }

  private contextOf(caller: Caller): Context {
    return {
      'aws:PrincipalAccount': this.accountId,
      'aws:PrincipalArn': caller.role.arn,
      'aws:ResourceAccount': this.accountId,
      'aws:SecureTransport': 'true', // the loopback stands for TLS
      's3:TlsVersion': '1.3',
    };
  }

  private session(role: Role, session: string): Caller {
    const accessKeyId = `ASIA${Buffer.from(`${role.name}/${session}`).toString('hex').toUpperCase()}`;
    const caller = { role, session, accessKeyId };
    this.callers.set(accessKeyId, caller);
    return caller;
  }

  private denied(caller: Caller, request: PolicyRequest, own: Verdict, because?: string): AwsError {
    const reason =
      because ??
      (own === 'deny'
        ? 'with an explicit deny in an identity-based policy'
        : `because no identity-based policy allows the ${request.action} action`);
    const user = `arn:aws:sts::${this.accountId}:assumed-role/${caller.role.name}/${caller.session}`;
    return new AwsError(
      403,
      'AccessDeniedException',
      `User: ${user} is not authorized to perform: ${request.action} on resource: ${request.resource} ${reason}`,
    );
  }

  private roleByName(name: string): Role {
    const role = [...this.roles.values()].find((candidate) => candidate.name === name);
    if (!role) {
      throw new NotRehearsedError(`a policy for the role ${name}, which no template contains`);
    }
    return role;
  }
}
