import { Calls } from '../../../../rehearsal/account/iam/calls';
import { Iam } from '../../../../rehearsal/account/iam/iam';
import { Statement } from '../../../../rehearsal/account/iam/policy';
import { Clock } from '../../../../rehearsal/base/clock';
import { allow, trust } from '../../support/stand-in';

const ROLE = 'arn:aws:iam::123456789012:role/build';
const PROJECT = 'arn:aws:codebuild:us-east-1:123456789012:project/demo';

function iamWith(statements: Statement[], trustPolicy = trust('codebuild.amazonaws.com')): Iam {
  const iam = new Iam('123456789012');
  iam.addRole({
    arn: ROLE,
    name: 'build',
    logicalId: 'BuildRole',
    trust: trustPolicy,
    policies: [{ Statement: statements }],
  });
  return iam;
}

function session(iam: Iam) {
  return iam.assume(ROLE, 'codebuild.amazonaws.com', PROJECT, 'build-1');
}

test('denies an action that no policy allows, with the message of AWS', () => {
  const iam = iamWith([]);
  expect(() => iam.authorize(session(iam), 's3:GetObject', 'arn:aws:s3:::bucket/key')).toThrow(
    'User: arn:aws:sts::123456789012:assumed-role/build/build-1 is not authorized to perform: s3:GetObject ' +
      'on resource: arn:aws:s3:::bucket/key because no identity-based policy allows the s3:GetObject action',
  );
});

test('denies an action that one policy denies and another one allows', () => {
  const iam = iamWith([allow('s3:*'), { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' }]);
  expect(() => iam.authorize(session(iam), 's3:GetObject', 'arn:aws:s3:::bucket/key')).toThrow(
    'with an explicit deny in an identity-based policy',
  );
});

test('allows an action that only the policy of the bucket allows', () => {
  const iam = iamWith([]);
  iam.setResourcePolicy('arn:aws:s3:::bucket', {
    Statement: { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/*' },
  });
  expect(() => iam.authorize(session(iam), 's3:GetObject', 'arn:aws:s3:::bucket/a/b')).not.toThrow();
});

test('denies an action that the policy of the bucket denies', () => {
  const iam = iamWith([allow('s3:*')]);
  iam.setResourcePolicy('arn:aws:s3:::bucket', {
    Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::bucket/*' },
  });
  expect(() => iam.authorize(session(iam), 's3:GetObject', 'arn:aws:s3:::bucket/key')).toThrow(
    'explicit deny in a resource-based policy',
  );
});

test('allows a service to assume a role that trusts it', () => {
  expect(session(iamWith([])).role.logicalId).toBe('BuildRole');
});

test('denies the role to other services', () => {
  expect(() => iamWith([]).assume(ROLE, 'lambda.amazonaws.com', PROJECT, 's')).toThrow(
    'lambda.amazonaws.com is not authorized to perform: sts:AssumeRole',
  );
});

test('checks the source of the session against the conditions of the trust policy', () => {
  const statement: Statement = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: 'codebuild.amazonaws.com' },
    Condition: { ArnEquals: { 'aws:SourceArn': PROJECT } },
  };
  const iam = iamWith([], { Statement: statement });
  expect(iam.trusts(ROLE, 'codebuild.amazonaws.com', PROJECT)).toBe(true);
  expect(iam.trusts(ROLE, 'codebuild.amazonaws.com', `${PROJECT}-other`)).toBe(false);
});

test('allows a role to assume another role that names it', () => {
  const iam = iamWith([]);
  const other = 'arn:aws:iam::123456789012:role/action';
  iam.addRole({
    arn: other,
    name: 'action',
    logicalId: 'ActionRole',
    policies: [],
    trust: { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ROLE } } },
  });
  expect(iam.assumeBy(session(iam), other, 's').role.name).toBe('action');
});

test('requires a permission if the other role names only the account', () => {
  const other = 'arn:aws:iam::123456789012:role/action';
  const account: Statement = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { AWS: 'arn:aws:iam::123456789012:root' },
  };
  const withOther = (iam: Iam) => {
    iam.addRole({ arn: other, name: 'action', logicalId: 'ActionRole', policies: [], trust: { Statement: account } });
    return iam;
  };
  const [without, allowed] = [withOther(iamWith([])), withOther(iamWith([allow('sts:AssumeRole', other)]))];
  expect(() => without.assumeBy(session(without), other, 's')).toThrow('not authorized to perform: sts:AssumeRole');
  expect(allowed.assumeBy(session(allowed), other, 's').role.name).toBe('action');
});

test('attaches known managed policies', () => {
  const iam = iamWith([]);
  iam.attachManaged('build', 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole');
  expect(() =>
    iam.authorize(session(iam), 'logs:PutLogEvents', 'arn:aws:logs:us-east-1:123456789012:log-group:a:log-stream:b'),
  ).not.toThrow();
});

test('fails for an unknown managed policy', () => {
  expect(() => iamWith([]).attachManaged('build', 'arn:aws:iam::aws:policy/PowerUserAccess')).toThrow(
    'not rehearsed: the managed policy arn:aws:iam::aws:policy/PowerUserAccess',
  );
});

test('fails for a role that no template contains', () => {
  expect(() => iamWith([]).role('arn:aws:iam::123456789012:role/other')).toThrow('not rehearsed: the role');
});

test('records each call with its role and its result', () => {
  const iam = iamWith([allow('s3:GetObject')]);
  const calls = new Calls(new Clock(5), iam);
  calls.check(session(iam), 's3:GetObject', 'arn:aws:s3:::bucket/key');
  expect(() => calls.check(session(iam), 's3:PutObject', 'arn:aws:s3:::bucket/key')).toThrow();
  expect(calls.made).toEqual([
    { time: 5, role: 'BuildRole', action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/key', allowed: true },
    {
      time: 5,
      role: 'BuildRole',
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::bucket/key',
      allowed: false,
      error: 'AccessDeniedException',
    },
  ]);
});
