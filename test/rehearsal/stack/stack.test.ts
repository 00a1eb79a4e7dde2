import { deployStacks } from '../../../rehearsal/stack/stack';
import { Resource, StackTemplate } from '../../../rehearsal/template/form';
import { StandIn } from '../support/stand-in';

let standIn: StandIn;

beforeEach(async () => {
  standIn = await StandIn.start();
});

afterEach(() => standIn.stop());

const ROLE: Resource = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
    },
  },
};

function deploy(Resources: Record<string, Resource>, Outputs = {}, others: StackTemplate[] = []) {
  const stack = (stackName: string) => ({
    stackName,
    template: { Resources, Outputs },
    folder: '/',
    account: '123456789012',
    region: 'us-east-1',
  });
  return standIn.account.clock.run(() => deployStacks(standIn.account, [...others, stack('Demo')]));
}

function fn(code: string, options = {}): Record<string, Resource> {
  return {
    // Before the role that the function needs, because the order of a template has no meaning
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'orders',
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { ZipFile: code },
        ...options,
      },
    },
    Role: ROLE,
  };
}

function versioned(code: string): Record<string, Resource> {
  return {
    ...fn(code),
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } },
    Alias: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: 'Function' },
        Name: 'live',
        FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
      },
    },
  };
}

function live() {
  return standIn.account.lambda.get('orders');
}

describe('the function of a stack', () => {
  test('gets its code and configuration', async () => {
    await deploy(fn('exports.handler = async () => 1;', { MemorySize: 256 }));

    expect(live().latest.configuration).toMatchObject({
      MemorySize: 256,
      Role: expect.stringContaining('role/Demo-Role'),
    });
  });

  test('keeps the code from the pipeline when the stack is deployed again', async () => {
    await deploy(fn('exports.handler = async () => 1;'));
    const { packageHash } = live().latest;
    live().latest = { ...live().latest, packageHash: 'from the pipeline' };

    await deploy(fn('exports.handler = async () => 1;', { MemorySize: 512 }));

    expect(live().latest).toMatchObject({ packageHash: 'from the pipeline', configuration: { MemorySize: 512 } });
    expect(packageHash).not.toBe('from the pipeline');
  });

  test('gets new code if the stack has new code', async () => {
    await deploy(fn('exports.handler = async () => 1;'));
    const { packageHash } = live().latest;
    await deploy(fn('exports.handler = async () => 2;'));

    expect(live().latest.packageHash).not.toBe(packageHash);
  });
});

describe('the alias of a stack', () => {
  test('points to the version of the stack', async () => {
    await deploy(versioned('exports.handler = async () => 1;'));

    expect(live().aliases.live).toMatchObject({ version: '1', weights: {} });
  });

  test('keeps the version from the pipeline when the stack is deployed again', async () => {
    await deploy(versioned('exports.handler = async () => 1;'));
    live().aliases.live = { ...live().aliases.live, version: '7' };

    await deploy(versioned('exports.handler = async () => 1;'));

    expect(live().aliases.live.version).toBe('7');
    expect(live().versions).toHaveLength(1);
  });
});

test('imports a value from another stack', async () => {
  const other: StackTemplate = {
    stackName: 'Other',
    template: {
      Resources: { Bucket: { Type: 'AWS::S3::Bucket' } },
      Outputs: { Bucket: { Value: { Ref: 'Bucket' }, Export: { Name: 'bucket' } } },
    },
    folder: '/',
    account: '123456789012',
    region: 'us-east-1',
  };
  const parameter: Resource = {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: 'name', Type: 'String', Value: { 'Fn::ImportValue': 'bucket' } },
  };

  await deploy({ Parameter: parameter }, {}, [other]);

  expect(Object.keys(standIn.account.state.buckets)[0]).toMatch(/^other-bucket-/);
});

test('fails for resources that depend on each other', async () => {
  const parameter = (other: string): Resource => ({
    Type: 'AWS::SSM::Parameter',
    Properties: { Type: 'String', Value: { Ref: other } },
  });
  await expect(deploy({ A: parameter('B'), B: parameter('A') })).rejects.toThrow('circular dependency between A, B');
});

test('fails for an unknown attribute', async () => {
  const parameter: Resource = {
    Type: 'AWS::SSM::Parameter',
    Properties: { Type: 'String', Value: { 'Fn::GetAtt': ['Role', 'Other'] } },
  };
  await expect(deploy({ Role: ROLE, Parameter: parameter })).rejects.toThrow(
    'not rehearsed: the attribute Other of Role (AWS::IAM::Role)',
  );
});

test('attaches a policy with a resource of its own to a role', async () => {
  const policy: Resource = {
    Type: 'AWS::IAM::Policy',
    Properties: {
      Roles: [{ Ref: 'Role' }],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] },
    },
  };
  await deploy({ Policy: policy, Role: { ...ROLE, Properties: { ...ROLE.Properties, RoleName: 'named' } } });
  const { iam } = standIn.account;
  const caller = iam.assume(
    'arn:aws:iam::123456789012:role/named',
    'lambda.amazonaws.com',
    'arn:aws:lambda:us-east-1:123456789012:function:x',
    's',
  );

  expect(() => iam.authorize(caller, 's3:GetObject', 'arn:aws:s3:::a/b')).not.toThrow();
});
