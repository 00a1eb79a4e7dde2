import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateAliasCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { Outcome } from '../../../../src/handlers/release/job/job';
import { createFunction } from '../../../../src/handlers/release/steps/create-function';
import { awsError, inputsOf, PLACEHOLDER_DESCRIPTION, stepInput, storeArtifact, zipOf } from '../fixtures';
import { secondsPassed, startVirtualTime } from '../virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('../virtual-time'));

const cloudFormation = mockClient(CloudFormationClient);
const lambda = mockClient(LambdaClient);
const s3 = mockClient(S3Client);
const TEMPLATE = 'Resources: {}';
const STACK_ID = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/inventory-function/1';
/** The status of the stack; undefined if it does not exist. */
let status: string | undefined;

beforeEach(() => {
  startVirtualTime();
  jest.spyOn(console, 'log').mockImplementation();
  [cloudFormation, lambda, s3].forEach((mock) => mock.reset());
  process.env.AWS_REGION = 'eu-west-1';
  status = undefined;
  cloudFormation.on(DescribeStacksCommand).callsFake(async () => {
    if (!status) {
      throw awsError('ValidationError', 'Stack with id inventory-function does not exist');
    }
    return { Stacks: [{ StackName: 'inventory-function', StackId: STACK_ID, StackStatus: status }] };
  });
  cloudFormation.on(CreateStackCommand).callsFake(async () => {
    status = 'CREATE_COMPLETE';
    return { StackId: STACK_ID };
  });
  cloudFormation.on(DescribeStackEventsCommand).resolves({ StackEvents: [] });
  lambda
    .on(GetFunctionConfigurationCommand)
    .resolves({ FunctionName: 'inventory-allocation', State: 'Active', LastUpdateStatus: 'Successful' });
  lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException'));
  lambda.on(PublishVersionCommand).resolves({ Version: '1' });
  lambda.on(CreateAliasCommand).resolves({});
  storeSource({ 'env/function.yml': TEMPLATE, 'env/parameters.json': '{"Table": "stock"}' });
});

const storeSource = (files: Record<string, string>) => storeArtifact(s3, 'SourceOutput', zipOf(files));
const inputArtifacts = [
  {
    name: 'SourceOutput',
    location: { s3Location: { bucketName: 'artifacts', objectKey: 'inventory-pipeline/SourceOutput/abc' } },
  },
];

function create(parameters: object = {}, continuation?: object): Promise<Outcome> {
  const given = {
    step: 'create',
    templatePath: 'env/function.yml',
    parametersPath: 'env/parameters.json',
    stackName: 'inventory-function',
    ...parameters,
  };
  const continuationToken = continuation && JSON.stringify(continuation);
  return createFunction(
    stepInput(given, { inputArtifacts, continuationToken }, { CLOUDFORMATION_ROLE: 'arn:cloudformation-role' }),
  );
}

test('creates the stack with its role, and an alias on the code of the template', async () => {
  expect((await create()).summary).toBe(
    'the stack inventory-function created the function inventory-allocation from env/function.yml; ' +
      'the alias live points to version 1',
  );
  expect(inputsOf(cloudFormation, CreateStackCommand)).toEqual([
    {
      StackName: 'inventory-function',
      TemplateBody: TEMPLATE,
      Parameters: [{ ParameterKey: 'Table', ParameterValue: 'stock' }],
      Tags: [],
      RoleARN: 'arn:cloudformation-role',
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      OnFailure: 'DELETE',
      ClientRequestToken: '11111111-abcd-1111-abcd-111111abcdef',
    },
  ]);
  expect(inputsOf(lambda, PublishVersionCommand)).toMatchObject([{ Description: PLACEHOLDER_DESCRIPTION }]);
  expect(inputsOf(lambda, CreateAliasCommand)).toMatchObject([{ Name: 'live', FunctionVersion: '1' }]);
});

test('fails before the build when the template has another runtime than the build', async () => {
  lambda.on(GetFunctionConfigurationCommand).resolves({ FunctionName: 'inventory-allocation', Runtime: 'nodejs22.x' });
  await expect(create({ runtime: 'nodejs24.x', architecture: 'x86_64' })).rejects.toThrow(
    'The build makes packages for nodejs24.x on x86_64, but the function inventory-allocation has the runtime nodejs22.x',
  );
  expect(inputsOf(lambda, CreateAliasCommand)).toEqual([]);
});

test('keeps the alias of the template', async () => {
  lambda.on(GetAliasCommand).resolves({ FunctionVersion: '4' });
  expect((await create()).summary).toContain('the alias live points to version 4');
  expect(inputsOf(lambda, PublishVersionCommand)).toEqual([]);
});

test('needs no parameter file', async () => {
  await create({ parametersPath: undefined });
  expect(inputsOf(cloudFormation, CreateStackCommand)).toMatchObject([{ Parameters: [] }]);
});

test('passes a large template through the bucket', async () => {
  s3.on(PutObjectCommand).resolves({});
  storeSource({ 'env/function.yml': `${TEMPLATE}\n# ${'x'.repeat(51_200)}`, 'env/parameters.json': '{}' });
  await create();
  const [{ Key }] = inputsOf(s3, PutObjectCommand);
  expect(Key).toMatch(/^inventory\/templates\/[0-9a-f]{64}$/);
  expect(inputsOf(cloudFormation, CreateStackCommand)[0]).toMatchObject({
    TemplateURL: `https://artifacts.s3.eu-west-1.amazonaws.com/${Key}`,
  });
  expect(inputsOf(cloudFormation, CreateStackCommand)[0]).not.toHaveProperty('TemplateBody');
});

test('returns a continuation while CloudFormation creates the stack', async () => {
  cloudFormation.on(CreateStackCommand).callsFake(async () => {
    status = 'CREATE_IN_PROGRESS';
    return { StackId: STACK_ID };
  });
  const outcome = await create();
  expect(outcome).toMatchObject({
    summary: 'the stack inventory-function is CREATE_IN_PROGRESS',
    continuation: { stackId: STACK_ID },
  });
  expect(secondsPassed()).toBeLessThanOrEqual(60);
  status = 'CREATE_COMPLETE';
  expect((await create({}, outcome.continuation)).continuation).toBeUndefined();
  expect(inputsOf(cloudFormation, CreateStackCommand)).toHaveLength(1);
});

test('waits for a stack that another delivery of the job started', async () => {
  status = 'CREATE_IN_PROGRESS';
  expect((await create()).continuation).toMatchObject({ stackId: STACK_ID });
  expect(inputsOf(cloudFormation, CreateStackCommand)).toEqual([]);
});

test('continues when somebody else creates the stack at the same time', async () => {
  cloudFormation.on(CreateStackCommand).callsFake(async () => {
    status = 'CREATE_COMPLETE';
    throw awsError('AlreadyExistsException');
  });
  expect((await create()).summary).toContain('created the function');
});

test('deletes the rest of a failed stack, and then creates the stack', async () => {
  status = 'ROLLBACK_COMPLETE';
  cloudFormation.on(DeleteStackCommand).callsFake(async () => {
    status = undefined;
  });
  expect((await create()).summary).toContain('created the function');
  expect(inputsOf(cloudFormation, DeleteStackCommand)).toEqual([{ StackName: STACK_ID }]);
});

test('fails with the first resource that failed when CloudFormation has deleted the rest', async () => {
  cloudFormation.on(CreateStackCommand).callsFake(async () => {
    status = 'DELETE_COMPLETE';
    return { StackId: STACK_ID };
  });
  cloudFormation.on(DescribeStackEventsCommand).resolves({
    StackEvents: [
      {
        LogicalResourceId: 'Queue',
        ResourceType: 'AWS::SQS::Queue',
        ResourceStatus: 'CREATE_FAILED',
        ResourceStatusReason: 'User is not authorized to perform: sqs:CreateQueue',
      },
    ] as never,
  });
  await expect(create()).rejects.toMatchObject({
    type: 'JobFailed',
    message:
      'CloudFormation could not create the stack inventory-function from env/function.yml: ' +
      'Queue (AWS::SQS::Queue) failed: User is not authorized to perform: sqs:CreateQueue. ' +
      "CloudFormation deleted the resources that it had created. CloudFormation's role lacks that permission: " +
      "add it to permissions of TargetFunction.createFromTemplate and deploy the pipeline's stack, " +
      'or remove the resource from the template.',
  });
  expect(inputsOf(cloudFormation, DescribeStackEventsCommand)).toMatchObject([{ StackName: STACK_ID }]);
});

test('says that resources are left when the deletion fails, too', async () => {
  status = 'DELETE_FAILED';
  await expect(create({}, { stackId: STACK_ID, since: 0 })).rejects.toThrow(
    'The stack is DELETE_FAILED: delete the rest of it, by hand if necessary.',
  );
});

test('fails when the state of the stack needs a person', async () => {
  status = 'DELETE_FAILED';
  await expect(create()).rejects.toThrow('There is already a stack inventory-function, which is DELETE_FAILED');
});

test('fails when the stack takes longer than an hour', async () => {
  status = 'CREATE_IN_PROGRESS';
  await expect(create({}, { stackId: STACK_ID, since: Date.now() - 3_600_000 })).rejects.toMatchObject({
    type: 'SystemUnavailable',
  });
});

test('fails with the functions of the stack when none has the name', async () => {
  lambda.on(GetFunctionConfigurationCommand).rejects(awsError('ResourceNotFoundException'));
  cloudFormation.on(DescribeStackEventsCommand).resolves({
    StackEvents: [
      { ResourceType: 'AWS::Lambda::Function', ResourceStatus: 'CREATE_COMPLETE', PhysicalResourceId: 'stock' },
    ] as never,
  });
  await expect(create()).rejects.toThrow(
    'The stack inventory-function is CREATE_COMPLETE, but there is no Lambda function inventory-allocation: ' +
      'it created stock. Give the function that name in env/function.yml',
  );
});

test('fails with the files of the source when the template is missing', async () => {
  storeSource({ 'Backend/function.yml': TEMPLATE, 'Backend/other.yml': TEMPLATE });
  await expect(create()).rejects.toThrow(
    'The source does not contain env/function.yml; it contains Backend/function.yml. ' +
      'Correct the path in the stack, or push the file.',
  );
});

test('fails with the position of an error in the parameter file', async () => {
  storeSource({ 'env/function.yml': TEMPLATE, 'env/parameters.json': '{\n "A": 1,\n}' });
  await expect(create()).rejects.toThrow(
    'env/parameters.json is not JSON: line 3, column 1: there is a comma before the }',
  );
});

test.each([
  [
    'a parameter without a value',
    'ValidationError',
    'Parameters: [Table, Queue] must have values',
    'The template env/function.yml needs a value for the parameters Table, Queue, but env/parameters.json has none. ' +
      'Add "Table": "<value>", "Queue": "<value>" to the file',
  ],
  [
    'a value without a parameter',
    'ValidationError',
    'Parameters: [Tabel] do not exist in the template',
    'env/parameters.json has values for Tabel, but the template env/function.yml has no such parameters',
  ],
  [
    'a macro',
    'InsufficientCapabilitiesException',
    'Requires capabilities : [CAPABILITY_AUTO_EXPAND]',
    'needs [CAPABILITY_AUTO_EXPAND], but the pipeline runs no macros',
  ],
  [
    'an invalid template',
    'ValidationError',
    'Template format error: YAML not well-formed. (line 1, column 2)',
    'CloudFormation rejected the template env/function.yml: Template format error',
  ],
])('fails on %s', async (_, name, given, message) => {
  cloudFormation.on(CreateStackCommand).rejects(awsError(name, given));
  await expect(create()).rejects.toMatchObject({
    type: 'ConfigurationError',
    message: expect.stringContaining(message),
  });
});

test('names the parameter when there is no parameter file', async () => {
  cloudFormation.on(CreateStackCommand).rejects(awsError('ValidationError', 'Parameters: [Table] must have values'));
  await expect(create({ parametersPath: undefined })).rejects.toThrow(
    'but the pipeline has no parameter file. Give it a Default in the template, ' +
      'or set parametersPath to a file with {"Table": "<value>"}',
  );
});

test('treats a denial as an error, not as a missing stack', async () => {
  cloudFormation
    .on(DescribeStacksCommand)
    .rejects(awsError('AccessDenied', 'User: x is not authorized to perform: cloudformation:DescribeStacks', 403));
  await expect(create()).rejects.toThrow('cloudformation:DescribeStacks');
  expect(inputsOf(cloudFormation, CreateStackCommand)).toEqual([]);
});

test('fails without a role for CloudFormation', async () => {
  const input = stepInput(
    { step: 'create', templatePath: 'env/function.yml', stackName: 'inventory-function' },
    { inputArtifacts },
  );
  await expect(createFunction(input)).rejects.toThrow('The release function has no role for CloudFormation');
});
