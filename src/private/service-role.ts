import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What a service role of the pipeline is made of. */
export interface ServiceRoleProps {
  /** A role of the user's, which is used instead. */
  readonly role?: iam.IRole;
  readonly assumedBy: iam.IPrincipal;
  readonly description: string;
  readonly statements: iam.PolicyStatement[];
}

/** The role of a service with its statements in the policy `<id>Policy`; a role of the user's gets the statements added. */
export function serviceRole(scope: Construct, id: string, props: ServiceRoleProps): iam.IRole {
  if (!props.role) {
    return new iam.Role(scope, id, {
      assumedBy: props.assumedBy,
      description: props.description,
      inlinePolicies:
        props.statements.length > 0
          ? { [`${id}Policy`]: new iam.PolicyDocument({ statements: props.statements }) }
          : undefined,
    });
  }
  const refused = props.statements.filter(
    (statement) => !isAdded(props.role!, props.role!.addToPrincipalPolicy(statement)),
  );
  if (refused.length > 0) {
    warnOfMissing(scope, id, refused);
  }
  return props.role;
}

/** The CDK says of each imported role that a statement was added, but only one that it may change gets a policy. */
function isAdded(role: iam.IRole, { statementAdded, policyDependable }: iam.AddToPrincipalPolicyResult): boolean {
  return statementAdded && (role instanceof iam.Role || policyDependable instanceof iam.Policy);
}

/** A role that can't be changed from here: whoever owns it needs to know what it has to allow. */
function warnOfMissing(scope: Construct, id: string, statements: iam.PolicyStatement[]): void {
  const policy = Stack.of(scope).resolve(new iam.PolicyDocument({ statements }).toJSON());
  Annotations.of(scope).addWarningV2(
    `cdk-lambda-ci-cd-pipeline:${id}`,
    `the role that is given for ${id} can't be changed from this app, and has to allow this policy:\n${JSON.stringify(policy, undefined, 2)}`,
  );
}

/** Gives the policy that the CDK's own grants went to the name `<id of the role>Policy`; a role of the user's keeps its own. */
export function nameDefaultPolicy(scope: Construct, role: iam.IRole): void {
  const policy = role.node.tryFindChild('DefaultPolicy')?.node.defaultChild;
  if (role.node.scope === scope && policy instanceof iam.CfnPolicy) {
    policy.policyName = `${role.node.id}Policy`;
  }
}
