import { createHash } from 'node:crypto';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { placeholderPackage } from '../../../../src/handlers/release/code/placeholder';
import { createFunction } from '../../../../src/handlers/release/steps/create-function';
import { awsError, inputsOf, PLACEHOLDER_DESCRIPTION, stepInput, storeArtifact, zipOf } from '../fixtures';
import { secondsPassed, startVirtualTime } from '../virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('../virtual-time'));

const lambda = mockClient(LambdaClient);
const s3 = mockClient(S3Client);
const ssm = mockClient(SSMClient);
const CONFIGURATION = {
  Runtime: 'python3.13',
  Handler: 'app.handler',
  Role: 'arn:aws:iam::123456789012:role/inventory',
  MemorySize: 512,
  SnapStart: { ApplyOn: 'PublishedVersions' },
};
const NOT_READY = awsError(
  'InvalidParameterValueException',
  'The role defined for the function cannot be assumed by Lambda.',
);

beforeEach(() => {
  startVirtualTime();
  jest.spyOn(console, 'log').mockImplementation();
  lambda.reset();
  ssm.reset();
  ssm
    .on(GetParameterCommand, { Name: '/inventory/configuration' })
    .resolves({ Parameter: { Value: JSON.stringify(CONFIGURATION) } });
  lambda.on(CreateFunctionCommand).resolves({});
  lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Active', LastUpdateStatus: 'Successful' });
  lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException'));
  lambda.on(PublishVersionCommand).resolves({ Version: '1' });
  lambda.on(CreateAliasCommand).resolves({});
});

const create = () =>
  createFunction(stepInput({ step: 'create' }, {}, { CONFIGURATION_PARAMETER: '/inventory/configuration' }));

test('creates the function with the configuration of the stack, and an alias on placeholder code', async () => {
  expect((await create()).summary).toBe(
    'created the function inventory-allocation with placeholder code; its alias live points to version 1',
  );
  expect(inputsOf(lambda, CreateFunctionCommand)).toMatchObject([
    {
      FunctionName: 'inventory-allocation',
      Runtime: 'python3.13',
      Role: 'arn:aws:iam::123456789012:role/inventory',
      MemorySize: 512,
      PackageType: 'Zip',
    },
  ]);
  expect(inputsOf(lambda, PublishVersionCommand)).toMatchObject([{ Description: PLACEHOLDER_DESCRIPTION }]);
  expect(inputsOf(lambda, CreateAliasCommand)).toMatchObject([{ Name: 'live', FunctionVersion: '1' }]);
});

test('creates no snapshot of placeholder code', async () => {
  await create();
  expect(inputsOf(lambda, CreateFunctionCommand)[0]).not.toHaveProperty('SnapStart');
});

test('waits until the function is active before it publishes', async () => {
  lambda
    .on(GetFunctionConfigurationCommand)
    .resolvesOnce({ State: 'Pending' })
    .resolvesOnce({ State: 'Pending' })
    .resolves({ State: 'Active' });
  await create();
  expect(secondsPassed()).toBe(4);
});

test.each([
  NOT_READY.message,
  'The provided execution role does not have permissions to call CreateNetworkInterface on EC2',
  'Your request has been throttled by EC2, please make sure you have enough API rate limit.',
  'Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant.',
])('waits while Lambda rejects a new role, network or key: %s', async (message) => {
  const error = awsError('InvalidParameterValueException', message);
  lambda.on(CreateFunctionCommand).rejectsOnce(error).rejectsOnce(error).resolves({});
  expect((await create()).summary).toContain('created the function');
});

test('waits while Lambda does not find the new function yet', async () => {
  lambda
    .on(GetFunctionConfigurationCommand)
    .rejectsOnce(awsError('ResourceNotFoundException'))
    .rejectsOnce(awsError('ResourceNotFoundException'))
    .resolves({ State: 'Active' });
  expect((await create()).summary).toContain('created the function');
  expect(secondsPassed()).toBe(4);
});

test('fails when Lambda still does not find the function after a while', async () => {
  lambda.on(GetFunctionConfigurationCommand).rejects(awsError('ResourceNotFoundException'));
  await expect(create()).rejects.toThrow('The function inventory-allocation no longer exists: somebody deleted it');
  expect(secondsPassed()).toBe(20);
});

test('sends no field that has the value of a new function anyway', async () => {
  await createWith({
    Description: '',
    Environment: { Variables: {} },
    Layers: [],
    VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
    DeadLetterConfig: { TargetArn: '' },
    FileSystemConfigs: [],
    KMSKeyArn: '',
  });
  expect(Object.keys(inputsOf(lambda, CreateFunctionCommand)[0]).sort()).toEqual([
    'Code',
    'FunctionName',
    'Handler',
    'MemorySize',
    'PackageType',
    'Publish',
    'Role',
    'Runtime',
    'Tags',
  ]);
});

test('fails when Lambda still rejects the role after a minute', async () => {
  lambda.on(CreateFunctionCommand).rejects(NOT_READY);
  await expect(create()).rejects.toThrow('Lambda rejected the execution role for 60 seconds');
  expect(secondsPassed()).toBe(60);
});

test('does not retry when another parameter is invalid', async () => {
  lambda.on(CreateFunctionCommand).rejects(awsError('InvalidParameterValueException', 'MemorySize'));
  await expect(create()).rejects.toThrow('MemorySize');
  expect(inputsOf(lambda, CreateFunctionCommand)).toHaveLength(1);
});

test('resumes where an earlier attempt stopped', async () => {
  const codeSha256 = createHash('sha256').update(placeholderPackage('python3.13', 'app.handler')).digest('base64');
  lambda.on(CreateFunctionCommand).rejects(awsError('ResourceConflictException', 'Function already exist'));
  lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Active', CodeSha256: codeSha256 });
  await create();
  expect(inputsOf(lambda, CreateAliasCommand)).toHaveLength(1);
});

test('publishes nothing when the alias exists', async () => {
  lambda.on(CreateFunctionCommand).rejects(awsError('ResourceConflictException'));
  lambda.on(GetAliasCommand).resolves({ FunctionVersion: '7' });
  expect((await create()).summary).toContain('already exists, and its alias live points to version 7');
  expect(inputsOf(lambda, PublishVersionCommand)).toEqual([]);
});

test("does not publish somebody's own code as a placeholder", async () => {
  lambda.on(CreateFunctionCommand).rejects(awsError('ResourceConflictException'));
  lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Active', CodeSha256: 'other' });
  expect((await create()).summary).toContain('already exists, with its own code');
  expect(inputsOf(lambda, PublishVersionCommand)).toEqual([]);
});

test('accepts an alias that another delivery of the job created', async () => {
  lambda.on(CreateAliasCommand).rejects(awsError('ResourceConflictException'));
  expect((await create()).summary).toContain('created the function');
});

test('fails when a stack owns the function', async () => {
  await expect(createFunction(stepInput({ step: 'create' }))).rejects.toMatchObject({
    type: 'ConfigurationError',
    message: expect.stringContaining('another stack owns it. Deploy that stack first'),
  });
});

test('fails when Lambda could not create the function', async () => {
  lambda.on(GetFunctionConfigurationCommand).resolves({
    FunctionName: 'inventory-allocation',
    State: 'Failed',
    StateReason: 'no subnet',
    StateReasonCode: 'InvalidSubnet',
  });
  await expect(create()).rejects.toThrow('no subnet (InvalidSubnet)');
});

test('fails when the function is not active in time', async () => {
  lambda
    .on(GetFunctionConfigurationCommand)
    .resolves({ State: 'Pending', StateReason: 'the function is being created' });
  await expect(create()).rejects.toMatchObject({
    type: 'SystemUnavailable',
    message: expect.stringContaining(
      'The function inventory-allocation is still pending (the function is being created) after 900 seconds',
    ),
  });
});

function createWith(configuration: object) {
  ssm
    .on(GetParameterCommand)
    .resolves({ Parameter: { Value: JSON.stringify({ ...CONFIGURATION, ...configuration }) } });
  const inputArtifacts = [
    {
      name: 'SourceOutput',
      location: { s3Location: { bucketName: 'artifacts', objectKey: 'inventory-pipeline/SourceOutput/abc' } },
    },
  ];
  return createFunction(
    stepInput({ step: 'create' }, { inputArtifacts }, { CONFIGURATION_PARAMETER: '/inventory/configuration' }),
  );
}

test('tags the function as one of the project, so that the stack knows its own placeholder', async () => {
  await createWith({ Tags: { team: 'stock' } });
  expect(inputsOf(lambda, CreateFunctionCommand)).toMatchObject([
    { Tags: { team: 'stock', 'cdk-lambda-ci-cd-pipeline:project': 'inventory' } },
  ]);
});

test('creates a function from the image of the source, and leaves the alias to the first deployment', async () => {
  const ImageURI = `inventory@sha256:${'a'.repeat(64)}`;
  storeArtifact(s3, 'SourceOutput', zipOf({ 'imageDetail.json': JSON.stringify({ ImageURI }) }));
  expect((await createWith({ PackageType: 'Image', Runtime: undefined, Handler: undefined, Layers: [] })).summary).toBe(
    `created the function inventory-allocation from the image ${ImageURI}; the first deployment creates the alias live`,
  );
  expect(inputsOf(lambda, CreateFunctionCommand)).toMatchObject([
    { PackageType: 'Image', Code: { ImageUri: ImageURI } },
  ]);
  expect(inputsOf(lambda, CreateAliasCommand)).toEqual([]);
});

test('leaves an image function to the build when the source is code', async () => {
  storeArtifact(s3, 'SourceOutput', zipOf({ Dockerfile: 'FROM scratch' }));
  expect((await createWith({ PackageType: 'Image' })).summary).toBe(
    'the function inventory-allocation will be created from its first image, after the build',
  );
  expect(inputsOf(lambda, CreateFunctionCommand)).toEqual([]);
});
