import { meetsCondition } from '../../../../rehearsal/account/iam/condition';
import { evaluate, evaluateForPrincipal, Statement } from '../../../../rehearsal/account/iam/policy';

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:orders';

function evaluateRole(statements: Statement[], action: string, resource: string, context = {}) {
  return evaluate([{ Statement: statements }], { action, resource, context });
}

describe('the policies of a role', () => {
  test.each<[string, Statement[], string, string, string]>([
    [
      'allow the action on the resource',
      [{ Effect: 'Allow', Action: 'lambda:GetAlias', Resource: FUNCTION }],
      'lambda:GetAlias',
      FUNCTION,
      'allow',
    ],
    [
      'are silent about another action',
      [{ Effect: 'Allow', Action: 'lambda:GetAlias', Resource: FUNCTION }],
      'lambda:UpdateAlias',
      FUNCTION,
      'silent',
    ],
    [
      'are silent about another resource',
      [{ Effect: 'Allow', Action: 'lambda:*', Resource: FUNCTION }],
      'lambda:GetAlias',
      `${FUNCTION}s`,
      'silent',
    ],
    [
      'are silent about a qualified ARN',
      [{ Effect: 'Allow', Action: 'lambda:*', Resource: FUNCTION }],
      'lambda:GetFunction',
      `${FUNCTION}:live`,
      'silent',
    ],
    [
      'support wildcards in the resource',
      [{ Effect: 'Allow', Action: 'lambda:*', Resource: `${FUNCTION}:*` }],
      'lambda:GetFunction',
      `${FUNCTION}:live`,
      'allow',
    ],
    [
      'ignore the case of actions',
      [{ Effect: 'Allow', Action: 'LAMBDA:getalias', Resource: '*' }],
      'lambda:GetAlias',
      FUNCTION,
      'allow',
    ],
    [
      'support a question mark for one character',
      [{ Effect: 'Allow', Action: 'lambda:GetAlia?', Resource: '*' }],
      'lambda:GetAlias',
      FUNCTION,
      'allow',
    ],
    [
      'deny despite an allowance',
      [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'lambda:*', Resource: '*' },
      ],
      'lambda:GetAlias',
      FUNCTION,
      'deny',
    ],
    ['support NotAction', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], 'iam:PassRole', FUNCTION, 'silent'],
    [
      'support NotResource',
      [{ Effect: 'Deny', Action: '*', NotResource: FUNCTION }],
      'lambda:GetAlias',
      'arn:aws:s3:::bucket/key',
      'deny',
    ],
    [
      'require * for an action without resources',
      [{ Effect: 'Allow', Action: 'codepipeline:*', Resource: FUNCTION }],
      'codepipeline:PutJobSuccessResult',
      '*',
      'silent',
    ],
    [
      'match a dot in an ARN literally',
      [{ Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::a.b/*' }],
      's3:GetObject',
      'arn:aws:s3:::aXb/key',
      'silent',
    ],
  ])('%s', (_, statements, action, resource, expected) => {
    expect(evaluateRole(statements, action, resource)).toBe(expected);
  });

  test('fail for a policy variable, which is not rehearsed', () => {
    expect(() =>
      evaluateRole(
        [{ Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::${aws:username}' }],
        's3:GetObject',
        'arn:aws:s3:::a',
      ),
    ).toThrow('policy variable');
  });
});

describe('the policy of a resource', () => {
  const request = {
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::bucket/key',
    context: { 'aws:SecureTransport': 'true' },
  };
  const role = 'arn:aws:iam::123456789012:role/build';

  test('denies nothing over a secure connection', () => {
    const policy = {
      Statement: {
        Effect: 'Deny' as const,
        Principal: { AWS: '*' },
        Action: 's3:*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    };
    expect(evaluateForPrincipal(policy, role, request)).toBe('silent');
  });

  test('denies all roles of an account', () => {
    const policy = {
      Statement: {
        Effect: 'Deny' as const,
        Principal: { AWS: 'arn:aws:iam::123456789012:root' },
        Action: 's3:*',
        Resource: '*',
      },
    };
    expect(evaluateForPrincipal(policy, role, request)).toBe('deny');
  });

  test('delegates an allowance for the account to the policies of the role', () => {
    const policy = {
      Statement: {
        Effect: 'Allow' as const,
        Principal: { AWS: 'arn:aws:iam::123456789012:root' },
        Action: 's3:*',
        Resource: '*',
      },
    };
    expect(evaluateForPrincipal(policy, role, request)).toBe('silent');
  });

  test('allows the service that a trust policy names', () => {
    const policy = {
      Statement: { Effect: 'Allow' as const, Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    };
    const assume = { action: 'sts:AssumeRole', resource: '*', context: {} };
    expect(evaluateForPrincipal(policy, 'lambda.amazonaws.com', assume)).toBe('allow');
    expect(evaluateForPrincipal(policy, 'codedeploy.amazonaws.com', assume)).toBe('silent');
  });
});

describe('conditions', () => {
  const context = {
    'iam:PassedToService': 'lambda.amazonaws.com',
    'aws:SourceArn': 'arn:aws:codebuild:us-east-1:123456789012:project/demo',
    's3:TlsVersion': '1.3',
  };

  test.each<[string, Record<string, Record<string, unknown>>, boolean]>([
    ['none', {}, true],
    ['StringEquals', { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }, true],
    [
      'StringEquals of a list',
      { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'lambda.amazonaws.com'] } },
      true,
    ],
    ['StringEquals of another value', { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } }, false],
    ['a key in another case', { StringEquals: { 'IAM:passedtoservice': 'lambda.amazonaws.com' } }, true],
    ['StringNotEquals of all values', { StringNotEquals: { 'iam:PassedToService': ['a', 'b'] } }, true],
    [
      'StringNotEquals with a matching value',
      { StringNotEquals: { 'iam:PassedToService': ['a', 'lambda.amazonaws.com'] } },
      false,
    ],
    ['StringLike', { StringLike: { 'iam:PassedToService': 'lambda.*' } }, true],
    [
      'ArnEquals with a wildcard',
      { ArnEquals: { 'aws:SourceArn': 'arn:aws:codebuild:*:123456789012:project/*' } },
      true,
    ],
    ['ArnLike of another project', { ArnLike: { 'aws:SourceArn': 'arn:aws:codebuild:*:*:project/other' } }, false],
    ['a missing key', { StringEquals: { 'aws:SourceAccount': '123456789012' } }, false],
    ['a missing key with IfExists', { StringEqualsIfExists: { 'aws:SourceAccount': '1' } }, true],
    ['a missing key that must be missing', { Null: { 'aws:SourceAccount': 'true' } }, true],
    ['an older TLS version', { NumericLessThan: { 's3:TlsVersion': 1.2 } }, false],
    [
      'two operators, of which one fails',
      { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' }, Bool: { 'aws:SecureTransport': 'true' } },
      false,
    ],
  ])('%s', (_, condition, expected) => {
    expect(meetsCondition(condition, context)).toBe(expected);
  });

  test('fail for an unknown operator', () => {
    expect(() => meetsCondition({ IpAddress: { 'aws:SourceArn': '10.0.0.0/8' } }, context)).toThrow(
      'not rehearsed: the condition operator IpAddress',
    );
  });

  test('fail for an unknown key', () => {
    expect(() => meetsCondition({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }, context)).toThrow(
      'not rehearsed: the condition key aws:PrincipalOrgID',
    );
  });
});
