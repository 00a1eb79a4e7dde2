import { CfnResource, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { createServiceRole, nameDefaultPolicy } from '../../src/private/service-role';

const assumedBy = new iam.ServicePrincipal('codedeploy.amazonaws.com');
const statements = () => [new iam.PolicyStatement({ actions: ['lambda:GetAlias'], resources: ['*'] })];

test('a role has its statements in the policy that is named after it', () => {
  const stack = new Stack();
  createServiceRole(stack, 'Role', { assumedBy, description: 'shifts', statements: statements() });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
    Description: 'shifts',
    Policies: [{ PolicyName: 'RolePolicy', PolicyDocument: Match.anyValue() }],
  });
});

test('a role without statements has no policy', () => {
  const stack = new Stack();
  createServiceRole(stack, 'Role', { assumedBy, description: 'rests', statements: [] });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Policies: Match.absent() });
});

test("a role of the user's gets the statements, and no other role is made", () => {
  const stack = new Stack();
  const own = new iam.Role(stack, 'Own', { assumedBy });
  expect(createServiceRole(stack, 'Role', { role: own, assumedBy, description: '', statements: statements() })).toBe(
    own,
  );
  Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 1);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [Match.objectLike({ Action: 'lambda:GetAlias' })] },
  });
});

test('an immutable role causes a warning with the missing policy', () => {
  const stack = new Stack();
  new CfnResource(stack, 'Topic', { type: 'AWS::SNS::Topic' }); // a stack has one resource at least
  const fixed = iam.Role.fromRoleArn(stack, 'Own', 'arn:aws:iam::111122223333:role/own', { mutable: false });
  createServiceRole(stack, 'Role', { role: fixed, assumedBy, description: '', statements: statements() });
  Annotations.fromStack(stack).hasWarning(
    '*',
    Match.stringLikeRegexp(
      'this app cannot change the role that is used as Role; add this policy to the role:\\n[\\s\\S]*lambda:GetAlias',
    ),
  );
});

test.each([
  ['of the app', (stack: Stack) => new iam.Role(stack, 'Own', { assumedBy })],
  ['that is imported', (stack: Stack) => iam.Role.fromRoleArn(stack, 'Own', 'arn:aws:iam::111122223333:role/own')],
])('a role %s that can be changed causes no warning', (_, role) => {
  const stack = new Stack();
  createServiceRole(stack, 'Role', { role: role(stack), assumedBy, description: '', statements: statements() });
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

describe('the policy of later grants', () => {
  const withPolicy = (stack: Stack) => {
    const role = new iam.Role(stack, 'Role', { assumedBy });
    role.addToPolicy(statements()[0]);
    return role;
  };
  const policyName = (stack: Stack) =>
    Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))[0].Properties.PolicyName;

  test('is named after the role', () => {
    const stack = new Stack();
    nameDefaultPolicy(stack, withPolicy(stack));
    expect(policyName(stack)).toBe('RolePolicy');
  });

  test('keeps its name on a role from elsewhere', () => {
    const stack = new Stack();
    nameDefaultPolicy(new Stack(), withPolicy(stack));
    expect(policyName(stack)).toMatch(/^RoleDefaultPolicy/);
  });

  test('need not be there', () => {
    const stack = new Stack();
    expect(() => nameDefaultPolicy(stack, new iam.Role(stack, 'Role', { assumedBy }))).not.toThrow();
  });
});
