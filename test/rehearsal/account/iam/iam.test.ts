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

const LOG = 'arn:aws:logs:us-east-1:123456789012:log-group:a:log-stream:b';
const MANAGED = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const COMPANY = 'arn:aws:iam::123456789012:policy/company/Baseline';

/** The role of a build with managed policies and a boundary, and the reports about unknown policies. */
function iamWithManaged(options: { managed?: string[]; boundary?: string; statements?: Statement[]; isOwn?: boolean }) {
  const reports: [string, boolean][] = [];
  const iam = new Iam('123456789012', 'us-east-1', (what, isOwn) => reports.push([what, isOwn]));
  const { managed, boundary, statements = [], isOwn = true } = options;
  iam.addRole({
    arn: ROLE,
    name: 'build',
    logicalId: 'BuildRole',
    trust: trust('codebuild.amazonaws.com'),
    policies: [{ Statement: statements }],
    managed,
    boundary,
  });
  iam.setOwnRoles(isOwn ? [ROLE] : []);
  return { iam, reports, call: (action: string, resource = LOG) => iam.authorize(session(iam), action, resource) };
}

describe('a managed policy', () => {
  test('of AWS allows its actions', () => {
    const { call, reports } = iamWithManaged({ managed: [MANAGED] });
    expect(() => call('logs:PutLogEvents')).not.toThrow();
    expect(reports).toEqual([]);
  });

  test.each(['service-role/AmazonAPIGatewayPushToCloudWatchLogs', 'CloudWatchLambdaInsightsExecutionRolePolicy'])(
    '%s, which a construct of the CDK attaches, is known',
    (name) => {
      const { call } = iamWithManaged({ managed: [`arn:aws:iam::aws:policy/${name}`] });
      expect(() => call('s3:GetObject', 'arn:aws:s3:::bucket/key')).toThrow('no identity-based policy allows');
    },
  );

  test('of a template allows its actions', () => {
    const { iam, call } = iamWithManaged({ managed: [COMPANY] });
    iam.managed.add(COMPANY, { Statement: allow('s3:GetObject') });
    expect(() => call('s3:GetObject', 'arn:aws:s3:::bucket/key')).not.toThrow();
  });

  test.each(['Baseline', 'company/Baseline', COMPANY])('of the user is known by %s', (name) => {
    const { iam, call, reports } = iamWithManaged({ managed: [COMPANY] });
    iam.managed.give(name, { Statement: allow('s3:GetObject') });
    expect(() => call('s3:PutObject', 'arn:aws:s3:::bucket/key')).toThrow('no identity-based policy allows');
    expect(reports).toEqual([]);
  });

  test('without a known document does not matter while another policy allows the call', () => {
    const { call, reports } = iamWithManaged({ managed: [COMPANY], statements: [allow('s3:GetObject')] });
    call('s3:GetObject', 'arn:aws:s3:::bucket/key');
    expect(reports).toEqual([]);
  });

  test.each([
    ['of a pipeline', true],
    ['of a function', false],
  ])('without a known document, of a role %s, is reported when it decides', (_, isOwn) => {
    const { call, reports } = iamWithManaged({ managed: [COMPANY], isOwn });
    call('s3:GetObject', 'arn:aws:s3:::bucket/key');
    expect(reports).toEqual([
      [
        `the managed policy ${COMPANY} of the role BuildRole: pass its document with --policy <name>=<file.json>`,
        isOwn,
      ],
    ]);
  });
});

describe('a permissions boundary', () => {
  const withBoundary = (document?: Statement, statements = [allow('*')]) => {
    const parts = iamWithManaged({ boundary: COMPANY, statements });
    if (document) {
      parts.iam.managed.add(COMPANY, { Statement: document });
    }
    return parts;
  };

  test('limits the policies of a role', () => {
    const { call } = withBoundary(allow('logs:*'));
    expect(() => call('logs:PutLogEvents')).not.toThrow();
    expect(() => call('s3:GetObject', 'arn:aws:s3:::bucket/key')).toThrow(
      'because no permissions boundary allows the s3:GetObject action',
    );
  });

  test('allows nothing by itself', () => {
    const { call } = withBoundary(allow('*'), []);
    expect(() => call('logs:PutLogEvents')).toThrow('because no identity-based policy allows');
  });

  test('denies', () => {
    const { call } = withBoundary({ Effect: 'Deny', Action: '*', Resource: '*' });
    expect(() => call('logs:PutLogEvents')).toThrow('with an explicit deny in a permissions boundary');
  });

  test('without a known document is reported, and does not stop the call', () => {
    const { call, reports } = withBoundary();
    call('logs:PutLogEvents');
    expect(reports[0][0]).toContain(`the permissions boundary ${COMPANY} of the role BuildRole`);
  });
});

describe('a role that belongs to no pipeline', () => {
  test('may be in no template: its calls are not checked', () => {
    const { iam, reports } = iamWithManaged({ isOwn: false });
    const other = iam.assume('arn:aws:iam::123456789012:role/other', 'lambda.amazonaws.com', PROJECT, 'f');
    iam.authorize(other, 's3:GetObject', 'arn:aws:s3:::bucket/key');
    expect(reports[0]).toEqual([expect.stringContaining('of the role arn:aws:iam::123456789012:role/other'), false]);
  });

  test('may have a condition that is not rehearsed: the call is not checked', () => {
    const condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } };
    const { call, reports } = iamWithManaged({ statements: [allow('s3:*', '*', condition)], isOwn: false });
    call('s3:GetObject', 'arn:aws:s3:::bucket/key');
    expect(reports[0][0]).toContain('the condition key aws:PrincipalOrgID of the role BuildRole');
  });

  test('must have an action of another service in one of its policies', () => {
    const { iam } = iamWithManaged({ statements: [allow('dynamodb:GetItem', 'arn:aws:dynamodb:*:*:table/a')] });
    expect(() => iam.authorizeAction(session(iam), 'dynamodb:GetItem')).not.toThrow();
    expect(() => iam.authorizeAction(session(iam), 'dynamodb:PutItem')).toThrow(
      'because no identity-based policy allows the dynamodb:PutItem action',
    );
  });
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
