import { Context } from './condition';
import { decide, documentsOf } from './decision';
import { ManagedPolicies } from './managed-policies';
import { evaluate, evaluateForPrincipal, mentions, PolicyDocument, PolicyRequest, Statement } from './policy';
import { Caller, Role } from './role';
import { AwsError, NotRehearsedError } from '../../base/aws-error';
import { list } from '../../base/list';

export type { Caller, Role } from './role';

/** The trust policy of a role that no template contains. */
const ANYBODY: PolicyDocument = { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' } };

/** Reports a call that policies without a known document decide. */
export type OnUnknown = (what: string, isOwn: boolean) => void;

/** The roles, their sessions and their permissions. */
export class Iam {
  private readonly roles = new Map<string, Role>();
  private readonly callers = new Map<string, Caller>();
  private readonly resourcePolicies = new Map<string, PolicyDocument>();
  private own?: ReadonlySet<string>;
  readonly managed = new ManagedPolicies();

  constructor(
    private readonly accountId: string,
    private readonly region = 'us-east-1',
    private readonly onUnknown: OnUnknown = () => undefined,
  ) {}

  /**
   * Sets the roles of the pipelines (by ARN): unknown permissions of these make the rehearsal fail, and those of all
   * other roles, such as the role of the target function, are not checked. Until then, all roles are of the pipelines.
   */
  setOwnRoles(arns: Iterable<string>): void {
    this.own = new Set(arns);
  }

  addRole(role: Role): void {
    this.roles.set(role.arn, role);
  }

  attach(roleName: string, document: PolicyDocument): void {
    this.roleByName(roleName)?.policies.push(document);
  }

  attachManaged(roleName: string, policyArn: string): void {
    this.roleByName(roleName)?.managed?.push(policyArn);
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
    if (!role && !this.isOwn(arn)) {
      return { arn, name: arn.split('/').at(-1)!, logicalId: arn, trust: ANYBODY, policies: [], isUnknown: true };
    }
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
    const own = evaluate(documentsOf(caller.role, this.managed), request);
    const trust = evaluateForPrincipal(role.trust, caller.role.arn, request);
    const account = evaluateForPrincipal(role.trust, `arn:aws:iam::${this.accountId}:root`, request);
    if (own === 'deny' || trust === 'deny' || !(trust === 'allow' || (account === 'allow' && own === 'allow'))) {
      throw this.denied(
        caller,
        request,
        own === 'deny'
          ? 'with an explicit deny in an identity-based policy'
          : `because no identity-based policy allows the ${request.action} action`,
      );
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

  /**
   * Throws as AWS does if the policies of the role and of the resource do not allow an action. Returns the policy whose
   * document is unknown if the decision depends on it.
   */
  authorize(caller: Caller, action: string, resource: string, context: Context = {}): string | undefined {
    const request: PolicyRequest = { action, resource, context: { ...this.contextOf(caller), ...context } };
    const unknown = this.decide(caller, request);
    if (unknown) {
      const { arn, logicalId } = caller.role;
      this.onUnknown(
        `${unknown} of the role ${logicalId}: pass its document with --policy <name>=<file.json>`,
        this.isOwn(arn),
      );
    }
    return unknown;
  }

  /** Throws if no policy of a role allows an action on any resource. */
  authorizeAction(caller: Caller, action: string): void {
    const { role } = caller;
    const isKnown = !role.isUnknown && (role.managed ?? []).every((arn) => this.managed.find(arn));
    if (isKnown && !documentsOf(role, this.managed).some((document) => mentions(document, action))) {
      const request = { action, resource: '*', context: {} };
      throw this.denied(caller, request, `because no identity-based policy allows the ${action} action`);
    }
  }

  private decide(caller: Caller, request: PolicyRequest): string | undefined {
    if (caller.role.isUnknown) {
      return 'the policies, which no template contains,';
    }
    try {
      const resourcePolicy = this.resourcePolicyOf(request.resource);
      const { accountId, managed } = this;
      const { isAllowed, reason = '', unknown } = decide({ caller, request, resourcePolicy, accountId, managed });
      if (!isAllowed) {
        throw this.denied(caller, request, reason);
      }
      return unknown;
    } catch (error) {
      if (error instanceof NotRehearsedError && !this.isOwn(caller.role.arn)) {
        return error.what;
      }
      throw error;
    }
  }

  /** Whether a role belongs to a pipeline. */
  isOwn(roleArn: string): boolean {
    return this.own?.has(roleArn) ?? true;
  }

  private resourcePolicyOf(resource: string): PolicyDocument | undefined {
    return this.resourcePolicies.get(resource) ?? this.resourcePolicies.get(resource.replace(/\/.*$/, ''));
  }

  private contextOf(caller: Caller): Context {
    return {
      'aws:PrincipalAccount': this.accountId,
      'aws:PrincipalArn': caller.role.arn,
      'aws:RequestedRegion': this.region,
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

  private denied(caller: Caller, request: PolicyRequest, reason: string): AwsError {
    const user = `arn:aws:sts::${this.accountId}:assumed-role/${caller.role.name}/${caller.session}`;
    return new AwsError(
      403,
      'AccessDeniedException',
      `User: ${user} is not authorized to perform: ${request.action} on resource: ${request.resource} ${reason}`,
    );
  }

  /** Returns the role with this name, or undefined if no template contains it. */
  private roleByName(name: string): Role | undefined {
    return [...this.roles.values()].find((candidate) => candidate.name === name);
  }
}
