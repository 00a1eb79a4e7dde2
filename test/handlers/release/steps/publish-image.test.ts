import {
  CreateFunctionCommand,
  FunctionConfiguration,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListTagsCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { publishVersion } from '../../../../src/handlers/release/steps/publish-version';
import { awsError, inputsOf, stepInput, storeArtifact, zipOf } from '../fixtures';
import { startVirtualTime } from '../virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('../virtual-time'));

const lambda = mockClient(LambdaClient);
const s3 = mockClient(S3Client);
const ssm = mockClient(SSMClient);
const DIGEST = `sha256:${'a'.repeat(64)}`;
const IMAGE_URI = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/inventory@${DIGEST}`;
/** The function; undefined if there is none. */
let latest: FunctionConfiguration | undefined;

beforeEach(() => {
  startVirtualTime();
  jest.spyOn(console, 'log').mockImplementation();
  lambda.reset();
  s3.reset();
  ssm.reset();
  lambda.on(ListTagsCommand).resolves({ Tags: { 'cdk-lambda-ci-cd-pipeline:project': 'inventory' } });
  latest = {
    FunctionName: 'inventory-allocation',
    PackageType: 'Image',
    Role: 'arn:aws:iam::123456789012:role/inventory',
    MemorySize: 128,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    CodeSha256: 'a-hash',
    RevisionId: 'r1',
    Architectures: ['x86_64'],
  };
  lambda.on(GetFunctionConfigurationCommand).callsFake(async () => {
    if (!latest) {
      throw awsError('ResourceNotFoundException');
    }
    return latest;
  });
  lambda.on(GetFunctionCommand).resolves({ Code: { ResolvedImageUri: `inventory@sha256:${'b'.repeat(64)}` } });
  lambda.on(UpdateFunctionCodeCommand).resolves({});
  lambda.on(PublishVersionCommand).resolves({ Version: '3' });
  lambda.on(GetAliasCommand).resolves({ FunctionVersion: '2' });
  s3.on(PutObjectCommand).resolves({});
  storeArtifact(s3, 'BuildOutput', imageDetail(IMAGE_URI));
});

const imageDetail = (ImageURI: string) => zipOf({ 'imageDetail.json': JSON.stringify({ ImageURI }) });
const publish = () => publishVersion(stepInput({ step: 'publish' }));

function publishWith(configuration: object) {
  ssm.on(GetParameterCommand).resolves({
    Parameter: {
      Value: JSON.stringify({
        PackageType: 'Image',
        Role: 'arn:aws:iam::123456789012:role/inventory',
        ...configuration,
      }),
    },
  });
  return publishVersion(stepInput({ step: 'publish' }, {}, { CONFIGURATION_PARAMETER: '/p' }));
}

test('updates the function to the digest of the image and publishes it', async () => {
  expect(await publish()).toEqual({
    summary: 'published version 3; the alias live points to version 2',
    variables: { CurrentVersion: '2', TargetVersion: '3', CodeSha256: DIGEST },
  });
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toEqual([
    { FunctionName: 'inventory-allocation', ImageUri: IMAGE_URI, RevisionId: 'r1' },
  ]);
  expect(inputsOf(lambda, PublishVersionCommand)).toMatchObject([{ CodeSha256: 'a-hash' }]);
});

test('updates nothing when the function already runs that digest', async () => {
  lambda.on(GetFunctionCommand).resolves({ Code: { ResolvedImageUri: IMAGE_URI } });
  lambda.on(PublishVersionCommand).resolves({ Version: '2' });
  expect((await publish()).summary).toBe('nothing has changed since version 2, to which the alias live points');
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toEqual([]);
});

test('uses the image of the source when there is no build', async () => {
  storeArtifact(s3, 'SourceOutput', imageDetail(IMAGE_URI));
  const inputArtifacts = [
    {
      name: 'SourceOutput',
      location: { s3Location: { bucketName: 'artifacts', objectKey: 'inventory-pipeline/SourceOutput/abc' } },
    },
  ];
  await publishVersion(stepInput({ step: 'publish' }, { inputArtifacts }));
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toMatchObject([{ ImageUri: IMAGE_URI }]);
});

test('applies the configuration of an image function', async () => {
  await publishWith({ MemorySize: 512, Layers: [], SnapStart: { ApplyOn: 'None' } });
  expect(inputsOf(lambda, UpdateFunctionConfigurationCommand)).toEqual([
    { FunctionName: 'inventory-allocation', RevisionId: 'r1', MemorySize: 512 },
  ]);
});

describe('the overrides of the image', () => {
  const updates = () => inputsOf(lambda, UpdateFunctionConfigurationCommand);
  const overridden = { ImageConfigResponse: { ImageConfig: { Command: ['app.handler'] } } };

  test('are applied', async () => {
    await publishWith({ ImageConfig: { Command: ['app.handler'] } });
    expect(updates()).toMatchObject([{ ImageConfig: { Command: ['app.handler'] } }]);
  });

  test('are not applied again', async () => {
    latest = { ...latest, ...overridden };
    await publishWith({ ImageConfig: { Command: ['app.handler'] } });
    expect(updates()).toEqual([]);
  });

  test('are removed when the stack has none', async () => {
    latest = { ...latest, ...overridden };
    await publishWith({ ImageConfig: {} });
    expect(updates()).toMatchObject([{ ImageConfig: {} }]);
  });

  test('are removed one by one', async () => {
    latest = { ...latest, ImageConfigResponse: { ImageConfig: { Command: ['a'], WorkingDirectory: '/b' } } };
    await publishWith({ ImageConfig: { Command: ['a'] } });
    expect(updates()).toMatchObject([{ ImageConfig: { Command: ['a'] } }]);
  });
});

test('creates the missing function from its first image', async () => {
  latest = undefined;
  lambda.on(CreateFunctionCommand).callsFake(async () => {
    latest = {
      FunctionName: 'inventory-allocation',
      PackageType: 'Image',
      Role: 'arn:aws:iam::123456789012:role/inventory',
      State: 'Active',
      CodeSha256: 'a-hash',
    };
  });
  lambda.on(GetFunctionCommand).resolves({ Code: { ResolvedImageUri: IMAGE_URI } });
  lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException'));
  lambda.on(PublishVersionCommand).resolves({ Version: '1' });
  expect((await publishWith({ Layers: [] })).summary).toBe('published version 1; there is no alias live yet');
  const [created] = inputsOf(lambda, CreateFunctionCommand);
  expect(created).toMatchObject({ PackageType: 'Image', Code: { ImageUri: IMAGE_URI } });
  expect(created).not.toHaveProperty('Layers');
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toEqual([]);
});

test('does not create an image function that another stack owns', async () => {
  latest = undefined;
  await expect(publish()).rejects.toThrow('The function inventory-allocation does not exist');
});

test.each([
  [
    'a tag',
    JSON.stringify({ ImageURI: 'inventory:latest' }),
    "must be pinned by its digest, like <repository>@sha256:<64 hex digits>, got 'inventory:latest'",
  ],
  ['no JSON', 'inventory:latest', 'imageDetail.json must be JSON like'],
])('fails when the image is %s', async (_, text, message) => {
  storeArtifact(s3, 'BuildOutput', zipOf({ 'imageDetail.json': text }));
  await expect(publish()).rejects.toThrow(message);
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toEqual([]);
});

test('fails when the build of an image function returns a package', async () => {
  storeArtifact(s3, 'BuildOutput', zipOf({ 'app.py': '' }));
  await expect(publish()).rejects.toThrow(
    'The function inventory-allocation runs container images, ' +
      "but the build's output contains no imageDetail.json. It contains app.py.",
  );
});

test('fails when the build of a package function returns an image', async () => {
  latest = { ...latest, PackageType: 'Zip', Handler: 'app.handler', Runtime: 'python3.13' };
  await expect(publish()).rejects.toThrow(
    `The function inventory-allocation runs a package, but the build's output is the container image ${IMAGE_URI}.`,
  );
});

test('fails when the stack wants the other package type', async () => {
  latest = { ...latest, PackageType: 'Zip' };
  await expect(publishWith({})).rejects.toThrow('is of the package type Zip, but the stack wants Image');
});
