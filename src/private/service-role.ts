import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Statement } from './statement';

/** What a service role allows, and whom. */
export interface ServiceRoleProps {
  /** A role that the user gave, which is used instead of a new one. */
  readonly role?: iam.IRole;
  readonly assumedBy: iam.IPrincipal;
  readonly description: string;
  readonly statements: iam.PolicyStatement[];
}

/** Creates a service role with the inline policy `<id>Policy`, or adds the statements to the role of the user. */
export function createServiceRole(scope: Construct, id: string, props: ServiceRoleProps): iam.IRole {
  const role = props.role ? addStatements(scope, id, props.role, props.statements) : createRole(scope, id, props);
  Statement.acknowledge(role, props.statements);
  return role;
}

function createRole(scope: Construct, id: string, { assumedBy, description, statements }: ServiceRoleProps): iam.Role {
  return new iam.Role(scope, id, {
    assumedBy,
    description,
    inlinePolicies: statements.length > 0 ? { [`${id}Policy`]: new iam.PolicyDocument({ statements }) } : undefined,
  });
}

function addStatements(scope: Construct, id: string, role: iam.IRole, statements: iam.PolicyStatement[]): iam.IRole {
  const missing = statements.filter((statement) => !isAdded(role, role.addToPrincipalPolicy(statement)));
  if (missing.length > 0) {
    warnAboutMissing(scope, id, missing);
  }
  return role;
}

/** Adds the permission to answer CodeDeploy to the role of a hook. An imported function may have no role in the app. */
export function addHookStatement(
  scope: Construct,
  prop: string,
  role: iam.IRole | undefined,
  statement: iam.PolicyStatement,
): void {
  if (role) {
    addStatements(scope, prop, role, [statement]);
  } else {
    warnAboutMissing(scope, prop, [statement]);
  }
}

/** The CDK reports `statementAdded` for every imported role, but creates a policy only for a mutable one. */
function isAdded(role: iam.IRole, { statementAdded, policyDependable }: iam.AddToPrincipalPolicyResult): boolean {
  return statementAdded && (role instanceof iam.Role || policyDependable instanceof iam.Policy);
}

/** Shows the owner of an immutable role which permissions to add. */
function warnAboutMissing(scope: Construct, id: string, statements: iam.PolicyStatement[]): void {
  const policy = Stack.of(scope).resolve(new iam.PolicyDocument({ statements }).toJSON());
  Annotations.of(scope).addWarningV2(
    `cdk-lambda-ci-cd-pipeline:${id}`,
    `this app cannot change the role that is used as ${id}; ` +
      `add this policy to the role:\n${JSON.stringify(policy, undefined, 2)}`,
  );
}

/** Names the policy of the CDK's own grants `<id of the role>Policy`. The policy of a user's role keeps its name. */
export function nameDefaultPolicy(scope: Construct, role: iam.IRole): void {
  const policy = role.node.tryFindChild('DefaultPolicy')?.node.defaultChild;
  if (role.node.scope === scope && policy instanceof iam.CfnPolicy) {
    policy.policyName = `${role.node.id}Policy`;
  }
}
