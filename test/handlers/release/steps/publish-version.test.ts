import { createHash } from 'node:crypto';
import {
  FunctionConfiguration,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListTagsCommand,
  PublishVersionCommand,
  TagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { parseAppSpec } from '../../../../src/handlers/release/deployment/app-spec';
import { publishVersion } from '../../../../src/handlers/release/steps/publish-version';
import { awsError, contentsOf, inputsOf, openZip, stepInput, storeArtifact, zipOf } from '../fixtures';
import { secondsPassed, startVirtualTime } from '../virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('../virtual-time'));

const lambda = mockClient(LambdaClient);
const s3 = mockClient(S3Client);
const ssm = mockClient(SSMClient);
const PACKAGE = zipOf({ 'app.py': 'def handler(event, context): pass' });
/** The function, which the updates change. */
let latest: FunctionConfiguration;

beforeEach(() => {
  startVirtualTime();
  jest.spyOn(console, 'log').mockImplementation();
  lambda.reset();
  s3.reset();
  ssm.reset();
  latest = {
    FunctionName: 'inventory-allocation',
    Runtime: 'python3.13',
    Handler: 'app.handler',
    Role: 'arn:aws:iam::123456789012:role/inventory',
    MemorySize: 128,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    CodeSha256: 'old',
    RevisionId: 'r1',
    Architectures: ['x86_64'],
  };
  lambda.on(GetFunctionConfigurationCommand).callsFake(async () => latest);
  lambda.on(UpdateFunctionConfigurationCommand).callsFake(async ({ FunctionName, RevisionId, ...fields }) => {
    latest = { ...latest, ...fields, RevisionId: 'r2' };
  });
  lambda.on(UpdateFunctionCodeCommand).callsFake(async () => {
    latest = { ...latest, CodeSha256: codeSha256(), RevisionId: 'r3' };
  });
  lambda.on(PublishVersionCommand).resolves({ Version: '3' });
  lambda.on(ListTagsCommand).resolves({ Tags: OWN });
  lambda.on(GetAliasCommand).resolves({ FunctionVersion: '2' });
  s3.on(PutObjectCommand).resolves({ VersionId: 'v1' });
  storeArtifact(s3, 'BuildOutput', PACKAGE);
});

const codeSha256 = () => createHash('sha256').update(PACKAGE).digest('base64');
const publish = () => publishVersion(stepInput({ step: 'publish', description: 'commit 1a2b3c' }));

function publishWith(configuration: object) {
  ssm.on(GetParameterCommand).resolves({
    Parameter: {
      Value: JSON.stringify({
        Runtime: 'python3.13',
        Handler: 'app.handler',
        Role: 'arn:aws:iam::123456789012:role/inventory',
        ...configuration,
      }),
    },
  });
  return publishVersion(stepInput({ step: 'publish' }, {}, { CONFIGURATION_PARAMETER: '/p' }));
}

test('uploads the package, updates the code and publishes it', async () => {
  const outcome = await publish();
  expect(outcome).toEqual({
    summary: 'published version 3; the alias live points to version 2',
    variables: { CurrentVersion: '2', TargetVersion: '3', CodeSha256: codeSha256() },
  });
  const key = inputsOf(s3, PutObjectCommand)[0].Key;
  expect(key).toBe(`inventory/packages/${Buffer.from(codeSha256(), 'base64').toString('hex')}.zip`);
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toMatchObject([
    { S3Bucket: 'artifacts', S3Key: key, S3ObjectVersion: 'v1', RevisionId: 'r1' },
  ]);
  expect(inputsOf(lambda, PublishVersionCommand)).toMatchObject([
    { CodeSha256: codeSha256(), RevisionId: 'r3', Description: 'commit 1a2b3c' },
  ]);
});

test('writes the AppSpec to the artifact and to the bucket', async () => {
  await publish();
  const [, artifact, object] = inputsOf(s3, PutObjectCommand);
  expect(artifact.Key).toBe('inventory-pipeline/AppSpecFile/abc');
  expect(object).toMatchObject({ Bucket: 'artifacts', Key: 'appspec.yml' });
  const contents = await contentsOf(await openZip(artifact.Body));
  expect(contents).toEqual({ 'appspec.yml': object.Body.toString() });
  expect(parseAppSpec(object.Body.toString())).toMatchObject({ currentVersion: '2', targetVersion: '3' });
});

test('encrypts its objects with the key of the pipeline', async () => {
  await publishVersion(stepInput({ step: 'publish' }, { encryptionKey: { id: 'arn:key' } }));
  expect(inputsOf(s3, PutObjectCommand)).toHaveLength(3);
  for (const input of inputsOf(s3, PutObjectCommand)) {
    expect(input).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'arn:key' });
  }
});

test('waits while Lambda does not find the new version yet', async () => {
  lambda
    .on(GetFunctionConfigurationCommand, { Qualifier: '3' })
    .rejectsOnce(awsError('ResourceNotFoundException'))
    .resolves({ State: 'Active' });
  expect((await publish()).summary).toContain('published version 3');
  expect(secondsPassed()).toBe(2);
});

test('never touches the alias', async () => {
  await publish();
  expect(inputsOf(lambda, UpdateAliasCommand)).toEqual([]);
});

test('uploads and updates nothing when the package is unchanged', async () => {
  latest = { ...latest, CodeSha256: codeSha256() };
  lambda.on(PublishVersionCommand).resolves({ Version: '2' });
  const { summary } = await publish();
  expect(summary).toBe('nothing has changed since version 2, to which the alias live points');
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toEqual([]);
  expect(inputsOf(s3, PutObjectCommand).map((input) => input.Key)).toEqual([
    'inventory-pipeline/AppSpecFile/abc',
    'appspec.yml',
  ]);
});

test('uses the new version as the current one when there is no alias', async () => {
  lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException'));
  expect((await publish()).variables).toMatchObject({ CurrentVersion: 'none', TargetVersion: '3' });
  expect(parseAppSpec(inputsOf(s3, PutObjectCommand)[2].Body.toString())).toMatchObject({
    currentVersion: '3',
    targetVersion: '3',
  });
});

test('applies the configuration before the code, and only the fields that differ', async () => {
  await publishWith({ MemorySize: 512, Environment: { Variables: { STOCK: 'x' } }, Layers: [] });
  expect(inputsOf(lambda, UpdateFunctionConfigurationCommand)).toEqual([
    {
      FunctionName: 'inventory-allocation',
      RevisionId: 'r1',
      MemorySize: 512,
      Environment: { Variables: { STOCK: 'x' } },
    },
  ]);
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toMatchObject([{ RevisionId: 'r2' }]);
});

const OWN = { 'cdk-lambda-ci-cd-pipeline:project': 'inventory' };

test('tags the function before anything else changes', async () => {
  latest = { ...latest, FunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:inventory' };
  await publishWith({ Tags: { team: 'warehouse' }, MemorySize: 512 });
  expect(inputsOf(lambda, TagResourceCommand)).toEqual([
    { Resource: 'arn:aws:lambda:us-east-1:123456789012:function:inventory', Tags: { team: 'warehouse', ...OWN } },
  ]);
  expect(inputsOf(lambda, UpdateFunctionConfigurationCommand)[0]).not.toHaveProperty('Tags');
});

test('tags a function that it takes over, even without tags of the stack', async () => {
  await publishWith({});
  expect(inputsOf(lambda, TagResourceCommand)).toMatchObject([{ Tags: OWN }]);
});

test('takes over no function that somebody changed after the check, and changes nothing', async () => {
  lambda.on(ListTagsCommand).resolves({});
  await expect(publishWith({ MemorySize: 512 })).rejects.toThrow('it changes memorySize from 128 MB to 512 MB');
  expect(inputsOf(lambda, TagResourceCommand)).toEqual([]);
  expect(inputsOf(lambda, UpdateFunctionConfigurationCommand)).toEqual([]);
});

test('names the command that wakes an inactive function if Lambda rejects its update', async () => {
  latest = { ...latest, State: 'Inactive' };
  lambda.on(UpdateFunctionCodeCommand).rejects(awsError('ResourceConflictException', 'the state is Inactive', 409));
  await expect(publish()).rejects.toThrow(
    /because it is Inactive: the state is Inactive\. .*aws lambda invoke --function-name inventory-allocation/,
  );
});

test('does not tag a function that another stack owns', async () => {
  await publish();
  expect(inputsOf(lambda, TagResourceCommand)).toEqual([]);
});

test('does not update an unchanged configuration', async () => {
  await publishWith({ MemorySize: 128 });
  expect(inputsOf(lambda, UpdateFunctionConfigurationCommand)).toEqual([]);
});

test('does not update the configuration when another stack owns it', async () => {
  await publish();
  expect(inputsOf(ssm, GetParameterCommand)).toEqual([]);
  expect(inputsOf(lambda, UpdateFunctionConfigurationCommand)).toEqual([]);
});

test('logs no value of the configuration', async () => {
  await publishWith({ Environment: { Variables: { PASSWORD: 'hunter2' } } });
  expect(JSON.stringify((console.log as jest.Mock).mock.calls)).not.toContain('hunter2');
});

test('updates unchanged code when the architecture changes', async () => {
  latest = { ...latest, CodeSha256: codeSha256() };
  await publishWith({ Architectures: ['arm64'] });
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toMatchObject([{ Architectures: ['arm64'] }]);
});

test('waits for an update in progress', async () => {
  lambda
    .on(GetFunctionConfigurationCommand)
    .resolvesOnce(latest)
    .resolvesOnce(latest)
    .resolvesOnce({ ...latest, LastUpdateStatus: 'InProgress' })
    .callsFake(async () => latest);
  await publish();
  expect(secondsPassed()).toBe(2);
});

test('waits until the version is active', async () => {
  lambda
    .on(GetFunctionConfigurationCommand, { Qualifier: '3' })
    .resolvesOnce({ State: 'Pending' })
    .resolves({ State: 'Active' });
  await publish();
  expect(secondsPassed()).toBe(2);
});

test("fails when Lambda can't initialize the version", async () => {
  lambda.on(GetFunctionConfigurationCommand, { Qualifier: '3' }).resolves({
    FunctionName: 'f',
    Version: '3',
    State: 'Failed',
    StateReason: 'init error',
    StateReasonCode: 'FunctionError',
  });
  await expect(publish()).rejects.toThrow(
    'Version 3 of the function f is in the state Failed: init error (FunctionError)',
  );
});

test('fails when the update fails, and publishes nothing', async () => {
  lambda.on(UpdateFunctionCodeCommand).callsFake(async () => {
    latest = {
      ...latest,
      LastUpdateStatus: 'Failed',
      LastUpdateStatusReason: 'no subnet',
      LastUpdateStatusReasonCode: 'InvalidSubnet',
    };
  });
  await expect(publish()).rejects.toThrow(
    'Lambda could not update the function inventory-allocation: no subnet (InvalidSubnet)',
  );
  expect(inputsOf(lambda, PublishVersionCommand)).toEqual([]);
});

test('fails when somebody else changes the function in the meantime', async () => {
  lambda
    .on(UpdateFunctionCodeCommand)
    .rejects(awsError('PreconditionFailedException', 'The RevisionId provided does not match'));
  await expect(publish()).rejects.toThrow(
    'Somebody else changed the function inventory-allocation while the pipeline was publishing this release',
  );
  expect(inputsOf(lambda, PublishVersionCommand)).toEqual([]);
});

test('continues when another delivery of the same job changed the function', async () => {
  lambda.on(UpdateFunctionCodeCommand).callsFake(async () => {
    latest = { ...latest, CodeSha256: codeSha256(), RevisionId: 'r9' };
    throw awsError('PreconditionFailedException');
  });
  expect((await publish()).summary).toContain('published version 3');
  expect(inputsOf(lambda, PublishVersionCommand)).toMatchObject([{ RevisionId: 'r9' }]);
});

test('changes nothing when the package lacks the handler', async () => {
  storeArtifact(s3, 'BuildOutput', zipOf({ 'Backend/src/app.py': '', 'configuration/buildspec.yml': '' }));
  await expect(publish()).rejects.toThrow(
    'needs app.py at the root of the package, but the package contains Backend/src/app.py. Make the zip in that folder',
  );
  expect(inputsOf(s3, PutObjectCommand)).toEqual([]);
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toEqual([]);
});

test('accepts a zip with an extra top-level folder, and reports that', async () => {
  storeArtifact(s3, 'BuildOutput', zipOf({ 'Backend/src/app.py': 'def handler(event, context): pass' }));
  const { summary, variables } = await publish();
  expect(summary).toBe(
    'published version 3; the alias live points to version 2; ' +
      'the zip was made outside of Backend/src/, so its files were moved to the root of the package',
  );
  expect(variables).toMatchObject({ CodeSha256: codeSha256() });
});

test('names the source directory when a recipe built the package', async () => {
  storeArtifact(s3, 'BuildOutput', zipOf({ 'Backend/src/app.py': '', 'configuration/buildspec.yml': '' }));
  await expect(publishVersion(stepInput({ step: 'publish', sourceDirectory: '.' }))).rejects.toThrow(
    "Set buildProject.sourceDirectory: 'Backend/src'.",
  );
});

test('refuses a package that does not work, before anything changes', async () => {
  storeArtifact(s3, 'BuildOutput', zipOf({ 'app.py': 'import requests\ndef handler(event, context): pass' }));
  await expect(publish()).rejects.toThrow(
    "The package can't work on python3.13 (x86_64), so no version was published. " +
      'app.py imports requests (line 1), but the package does not contain it, and python3.13 does not bring it',
  );
  expect(inputsOf(s3, PutObjectCommand)).toEqual([]);
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toEqual([]);
});

test('reports what is uncertain in the summary', async () => {
  const text = 'import sys\nsys.path.insert(0, "vendor")\nimport requests\ndef handler(event, context): pass';
  storeArtifact(s3, 'BuildOutput', zipOf({ 'app.py': text }));
  expect((await publish()).summary).toContain(
    '; app.py imports requests (line 3), but the package does not contain it',
  );
});

test('uploads the package with its checksum, and again when S3 is not available', async () => {
  s3.on(PutObjectCommand)
    .rejectsOnce(awsError('SlowDown', 'Please reduce your request rate.', 503))
    .resolves({ VersionId: 'v2' });
  await publish();
  const [first, second] = inputsOf(s3, PutObjectCommand);
  expect(first).toMatchObject({ ChecksumSHA256: codeSha256(), ContentLength: PACKAGE.length });
  expect(second.Body).not.toBe(first.Body);
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toMatchObject([{ S3ObjectVersion: 'v2' }]);
});

test('requires the handler that the stack wants', async () => {
  await expect(publishWith({ Handler: 'main.handler' })).rejects.toThrow('The handler main.handler needs main.py');
});

test('fails when somebody deleted the function', async () => {
  lambda.on(GetFunctionConfigurationCommand).rejects(awsError('ResourceNotFoundException'));
  await expect(publish()).rejects.toThrow('The function inventory-allocation does not exist');
});

test('fails when an artifact is missing, and lists the artifacts', async () => {
  await expect(publishVersion(stepInput({ step: 'publish' }, { inputArtifacts: [] }))).rejects.toThrow(
    'The action needs the artifact BuildOutput or SourceOutput, but its artifacts are: none',
  );
});

test('names the object when S3 denies access', async () => {
  s3.on(PutObjectCommand).rejects(awsError('AccessDenied', 'Access Denied', 403));
  await expect(publish()).rejects.toMatchObject({
    type: 'PermissionError',
    message: expect.stringContaining('denied s3:PutObject on s3://artifacts/inventory/packages/'),
  });
});

describe('an alias on $LATEST', () => {
  const calls = () => lambda.calls().map(({ args: [{ constructor, input }] }) => ({ call: constructor.name, input }));
  const changes = () => calls().filter(({ call }) => /^(Publish|Update)/.test(call));

  beforeEach(() => {
    lambda
      .on(GetAliasCommand)
      .resolvesOnce({ FunctionVersion: '$LATEST', RevisionId: 'a1' })
      .resolves({ FunctionVersion: '2' });
    lambda.on(PublishVersionCommand).resolvesOnce({ Version: '2' }).resolves({ Version: '3' });
    lambda.on(UpdateAliasCommand).resolves({});
  });

  test('moves to a version of the code that is live, before the new code', async () => {
    await publish();
    expect(changes().map(({ call }) => call)).toEqual([
      'PublishVersionCommand',
      'UpdateAliasCommand',
      'UpdateFunctionCodeCommand',
      'PublishVersionCommand',
    ]);
    expect(changes()[0].input).toMatchObject({ CodeSha256: 'old', RevisionId: 'r1' });
    expect(changes()[1].input).toMatchObject({ Name: 'live', FunctionVersion: '2', RevisionId: 'a1' });
  });

  test('is mentioned in the summary', async () => {
    expect((await publish()).summary).toBe(
      'published version 3; the alias live points to version 2; the alias live pointed to $LATEST, so the pipeline ' +
        'first published the function as it was, as version 2, and moved the alias to that version',
    );
  });
});
