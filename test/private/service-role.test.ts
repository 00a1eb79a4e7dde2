import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { nameDefaultPolicy, serviceRole } from '../../src/private/service-role';

const assumedBy = new iam.ServicePrincipal('codedeploy.amazonaws.com');
const statements = () => [new iam.PolicyStatement({ actions: ['lambda:GetAlias'], resources: ['*'] })];

test('a role has its statements in the policy that is named after it', () => {
  const stack = new Stack();
  serviceRole(stack, 'Role', { assumedBy, description: 'shifts', statements: statements() });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Description: 'shifts', Policies: [{ PolicyName: 'RolePolicy', PolicyDocument: Match.anyValue() }] });
});

test('a role without statements has no policy', () => {
  const stack = new Stack();
  serviceRole(stack, 'Role', { assumedBy, description: 'rests', statements: [] });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Policies: Match.absent() });
});

test('a role of the user\'s gets the statements, and no other role is made', () => {
  const stack = new Stack();
  const own = new iam.Role(stack, 'Own', { assumedBy });
  expect(serviceRole(stack, 'Role', { role: own, assumedBy, description: '', statements: statements() })).toBe(own);
  Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 1);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [Match.objectLike({ Action: 'lambda:GetAlias' })] } });
});

describe('the policy of later grants', () => {
  const withPolicy = (stack: Stack) => {
    const role = new iam.Role(stack, 'Role', { assumedBy });
    role.addToPolicy(statements()[0]);
    return role;
  };
  const policyName = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))[0].Properties.PolicyName;

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
