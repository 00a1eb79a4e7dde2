import {
  CloudFormationClient,
  CreateStackCommand,
  CreateStackCommandInput,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { Statement } from '../../../rehearsal/account/iam/policy';
import { allow, StandIn } from '../support/stand-in';

const TEMPLATE = `
Parameters:
  FunctionName: { Type: String }
  MemorySize: { Type: Number, Default: 128 }
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Ref FunctionName
      Description: !Sub 'the function & its <\${AWS::StackName}>'
      Runtime: nodejs20.x
      Handler: index.handler
      MemorySize: !Ref MemorySize
      Role: !GetAtt Role.Arn
      Code: { ZipFile: 'exports.handler = async () => 1;' }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: lambda.amazonaws.com } }]
`;

let standIn: StandIn;

beforeEach(async () => {
  standIn = await StandIn.start();
});

afterEach(() => standIn.stop());

function client(statements: Statement[] = [allow(['cloudformation:*', 'iam:PassRole'])]): CloudFormationClient {
  return new CloudFormationClient(standIn.config(standIn.caller(statements)));
}

function stack(
  options: Partial<CreateStackCommandInput> = {},
  role: Statement[] = [allow(['lambda:*', 'iam:*'])],
): CreateStackCommand {
  return new CreateStackCommand({
    StackName: 'orders-function',
    TemplateBody: TEMPLATE,
    Parameters: [{ ParameterKey: 'FunctionName', ParameterValue: 'orders' }],
    Capabilities: ['CAPABILITY_IAM'],
    RoleARN: standIn.role('deployer', 'cloudformation.amazonaws.com', role),
    OnFailure: 'DELETE',
    ...options,
  });
}

/** Creates a stack, waits until its creation has ended, and describes it. */
async function create(command: CreateStackCommand) {
  const cloudFormation = client();
  const { StackId } = await cloudFormation.send(command);
  await standIn.later(60_000);
  return (await cloudFormation.send(new DescribeStacksCommand({ StackName: StackId }))).Stacks![0];
}

async function events() {
  const { StackEvents } = await client().send(
    new DescribeStackEventsCommand({ StackName: standIn.account.state.stacks[0].id }),
  );
  return StackEvents!.map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`);
}

test('creates a stack, with the resources in the order of their references', async () => {
  expect((await create(stack())).StackStatus).toBe('CREATE_COMPLETE');

  expect(standIn.account.lambda.get('orders').latest.configuration).toMatchObject({
    MemorySize: 128,
    Description: 'the function & its <orders-function>',
  });
  expect(await events()).toEqual([
    'orders-function CREATE_COMPLETE',
    'Function CREATE_COMPLETE',
    'Function CREATE_IN_PROGRESS',
    'Function CREATE_IN_PROGRESS',
    'Role CREATE_COMPLETE',
    'Role CREATE_IN_PROGRESS',
    'Role CREATE_IN_PROGRESS',
    'orders-function CREATE_IN_PROGRESS',
  ]);
});

test('reads a template in JSON from S3', async () => {
  standIn.account.s3.addBucket('artifacts', true);
  const Body = Buffer.from(JSON.stringify({ Resources: { Group: { Type: 'AWS::Logs::LogGroup' } } }));
  await standIn.account.perform(standIn.caller([allow('s3:*')]), 's3', 'PutObject', {
    Bucket: 'artifacts',
    Key: 'a/t',
    Body,
  });
  const TemplateURL = 'https://artifacts.s3.us-east-1.amazonaws.com/a/t';
  const command = stack({ TemplateBody: undefined, TemplateURL, Parameters: [] }, [allow('logs:*')]);

  await expect(client().send(command)).rejects.toThrow('s3:GetObject');
  await client([allow(['cloudformation:*', 'iam:PassRole', 's3:GetObject'])]).send(command);
});

test('deletes the function if a later resource fails, and reports the reason', async () => {
  const { StackStatus, StackStatusReason } = await create(stack({}, [allow(['iam:*', 'lambda:GetFunction'])]));

  expect(StackStatus).toBe('DELETE_COMPLETE');
  expect(StackStatusReason).toContain(
    'is not authorized to perform: lambda:CreateFunction on resource: ' +
      'arn:aws:lambda:us-east-1:123456789012:function:orders',
  );
  expect((await events())[1]).toBe('Function CREATE_FAILED');
  expect(standIn.account.lambda.find('orders')).toBeUndefined();
});

test('creates a stack again whose first creation failed, with the same names', async () => {
  const Named = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'orders' } };
  const template = {
    Resources: { Named, Retained: { ...Named, Properties: { LogGroupName: 'more', RetentionInDays: 1 } } },
  };
  const input = { TemplateBody: JSON.stringify(template), Parameters: [] };
  const groups = ['logs:CreateLogGroup', 'logs:DescribeLogGroups', 'logs:GetDataProtectionPolicy'];
  const indexes = ['logs:DescribeIndexPolicies', 'logs:ListTagsForResource'];

  const failed = await create(stack(input, [allow([...groups, ...indexes])]));
  const created = await create(stack(input, [allow('logs:*')]));
  expect(failed.StackStatusReason).toContain('logs:PutRetentionPolicy');
  expect(created.StackStatus).toBe('CREATE_COMPLETE');
});

test('checks the managed policies of a role against the condition for them', async () => {
  const attach = (policy: string) => `ManagedPolicyArns: ['arn:aws:iam::aws:policy/${policy}']\n      `;
  const template = (policy: string) => TEMPLATE.replace('AssumeRole', `${attach(policy)}AssumeRole`);
  const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  const role = [
    allow(['lambda:*', 'iam:CreateRole', 'iam:GetRole', 'iam:PassRole']),
    allow('iam:AttachRolePolicy', '*', { ArnEquals: { 'iam:PolicyARN': basic } }),
  ];

  expect((await create(stack({ TemplateBody: template('AdministratorAccess') }, role))).StackStatusReason).toContain(
    'iam:AttachRolePolicy',
  );
  expect(
    (await create(stack({ TemplateBody: template('service-role/AWSLambdaBasicExecutionRole') }, role))).StackStatus,
  ).toBe('CREATE_COMPLETE');
});

test.each<[string, Partial<CreateStackCommandInput>, string, string]>([
  [
    'without a value for a parameter',
    { Parameters: [] },
    'ValidationError',
    'Parameters: [FunctionName] must have values',
  ],
  [
    'with an unknown parameter',
    { Parameters: [{ ParameterKey: 'A', ParameterValue: 'b' }] },
    'ValidationError',
    'Parameters: [A] do not exist in the template',
  ],
  [
    'without a capability',
    { Capabilities: [] },
    'InsufficientCapabilitiesException',
    'Requires capabilities : [CAPABILITY_IAM]',
  ],
  [
    'with a macro',
    { TemplateBody: `Transform: AWS::Serverless\n${TEMPLATE}` },
    'InsufficientCapabilitiesException',
    'CAPABILITY_AUTO_EXPAND',
  ],
  ['that is not YAML', { TemplateBody: '{[' }, 'ValidationError', 'Template format error'],
  ['without resources', { TemplateBody: '{}' }, 'ValidationError', 'At least one Resources member must be defined'],
])('rejects a template %s', async (_, options, name, message) => {
  await expect(client().send(stack(options))).rejects.toMatchObject({
    name,
    message: expect.stringContaining(message),
  });
});

test('requires iam:PassRole for the role', async () => {
  await expect(client([allow('cloudformation:*')]).send(stack())).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('iam:PassRole'),
  });
});

test('fails for a stack that already exists', async () => {
  await create(stack());
  await expect(client().send(stack())).rejects.toMatchObject({ name: 'AlreadyExistsException' });
});

test('fails for a stack that does not exist', async () => {
  await expect(client().send(new DescribeStacksCommand({ StackName: 'other' }))).rejects.toThrow(
    'Stack with id other does not exist',
  );
});

test('deletes a stack with its function', async () => {
  await create(stack());
  await client().send(new DeleteStackCommand({ StackName: 'orders-function' }));

  expect(standIn.account.lambda.find('orders')).toBeUndefined();
  await expect(client().send(new DescribeStacksCommand({ StackName: 'orders-function' }))).rejects.toThrow(
    'does not exist',
  );
});

test('restores the roles of its stacks in the next rehearsal', async () => {
  await create(stack());
  const { Role } = standIn.account.lambda.get('orders').latest.configuration;
  standIn.account.iam.addRole({ ...standIn.account.iam.role(Role!), logicalId: 'forgotten' });

  await standIn.account.clock.run(() => standIn.account.cloudFormation.restore());

  expect(standIn.account.iam.role(Role!).logicalId).toBe('Role');
});

test('fails for a resource type that is not rehearsed', async () => {
  await create(
    stack({ TemplateBody: '{ "Resources": { "Table": { "Type": "AWS::DynamoDB::Table" } } }', Parameters: [] }),
  );
  expect([...standIn.account.refused].join()).toContain('AWS::DynamoDB::Table Table in a template of the source');
});

test('fails for an operation that is not rehearsed', async () => {
  await expect(client().send(new ListStacksCommand({}))).rejects.toMatchObject({ name: 'NotRehearsed' });
});
