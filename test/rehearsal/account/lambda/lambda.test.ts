import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  TagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { Statement } from '../../../../rehearsal/account/iam/policy';
import { chooseVersion } from '../../../../rehearsal/account/lambda/invocations';
import { zipTexts } from '../../../../rehearsal/base/zip';
import { allow, StandIn } from '../../support/stand-in';

const FunctionName = 'orders';
const ROLE = 'arn:aws:iam::123456789012:role/orders-role';

let standIn: StandIn;

beforeEach(async () => {
  standIn = await StandIn.start();
});

afterEach(() => standIn.stop());

function client(statements: Statement[] = [allow(['lambda:*', 'iam:PassRole', 's3:*'])]): LambdaClient {
  return new LambdaClient(standIn.config(standIn.caller(statements)));
}

function zip(result: string): Buffer {
  return zipTexts({
    'index.js': `exports.handler = async (event, context) => [${result}, context.functionVersion];`,
  });
}

async function create(lambda: LambdaClient, options = {}) {
  standIn.role('orders-role', 'lambda.amazonaws.com', []);
  const created = await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: ROLE,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Code: { ZipFile: await zip('1') },
      ...options,
    }),
  );
  await standIn.later();
  return created;
}

test('a function decrypts its environment with its own role', async () => {
  const lambda = client([allow(['lambda:*', 'iam:PassRole', 'kms:*'])]);
  const KMSKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/1';
  await create(lambda, { KMSKeyArn, Environment: { Variables: { GREETING: 'hello' } } });
  const invoke = () => standIn.account.clock.run(() => lambda.send(new InvokeCommand({ FunctionName })));

  await expect(invoke()).rejects.toMatchObject({ name: 'KMSAccessDeniedException' });
  standIn.role('orders-role', 'lambda.amazonaws.com', [allow('kms:Decrypt', KMSKeyArn)]);
  await expect(invoke()).resolves.toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
});

test('a failed asynchronous invocation is repeated after one and two minutes', async () => {
  const lambda = client();
  await create(lambda, { Code: { ZipFile: zipTexts({ 'index.js': 'exports.handler = async () => x;' }) } });
  const { clock, state } = standIn.account;
  await clock.run(async () => {
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event' }));
    await clock.sleep(600_000);
  });
  const [first, ...later] = state.samples.map(({ time }) => time);
  expect(later.map((time) => time - first)).toEqual([60_000, 180_000]);
});

describe('creating a function', () => {
  test('takes a while until the function is active', async () => {
    const lambda = client();
    standIn.role('orders-role', 'lambda.amazonaws.com', []);
    const created = await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: ROLE,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Code: { ZipFile: await zip('1') },
      }),
    );
    expect(created.State).toBe('Pending');
    await standIn.later();

    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));

    expect(Configuration).toMatchObject({
      State: 'Active',
      LastUpdateStatus: 'Successful',
      MemorySize: 128,
      Timeout: 3,
      Architectures: ['x86_64'],
      Version: '$LATEST',
    });
    expect(Configuration!.RevisionId).not.toBe(created.RevisionId);
  });

  test.each([
    [
      'more than 50 tags',
      { Tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, 'x'])) },
      'Number of tags exceeds resource tag limit.',
    ],
    [
      'a runtime that Lambda never had',
      { Runtime: 'cobol85' },
      "Value cobol85 at 'runtime' failed to satisfy constraint",
    ],
    ['a role that is no ARN', { Role: 'orders-role' }, "Value 'orders-role' at 'role' failed to satisfy constraint"],
  ])('fails with %s', async (_, options, message) => {
    await expect(create(client(), options)).rejects.toThrow(message);
  });

  test('requires iam:PassRole for the role', async () => {
    await expect(create(client([allow('lambda:*')]))).rejects.toThrow(
      `is not authorized to perform: iam:PassRole on resource: ${ROLE}`,
    );
  });

  test('supports a condition for the service that receives the role', async () => {
    const lambda = client([
      allow('lambda:*'),
      allow('iam:PassRole', ROLE, { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }),
    ]);
    await expect(create(lambda)).resolves.toMatchObject({ FunctionName });
  });

  test('fails if Lambda may not assume the role', async () => {
    standIn.role('other-role', 'codebuild.amazonaws.com', []);
    await expect(create(client(), { Role: 'arn:aws:iam::123456789012:role/other-role' })).rejects.toThrow(
      'The role defined for the function cannot be assumed by Lambda.',
    );
  });

  test('fails if the function exists', async () => {
    const lambda = client();
    await create(lambda);
    await expect(create(lambda)).rejects.toMatchObject({ name: 'ResourceConflictException' });
  });

  test('fails for a package that is not a zip', async () => {
    await expect(create(client(), { Code: { ZipFile: Buffer.from('text') } })).rejects.toThrow(
      'Could not unzip uploaded file',
    );
  });

  test('fails for a reserved environment variable', async () => {
    await expect(create(client(), { Environment: { Variables: { AWS_REGION: 'x' } } })).rejects.toThrow(
      'Reserved keys used in this request: AWS_REGION',
    );
  });

  test('fails in a VPC if the role may not create network interfaces', async () => {
    const lambda = client([allow(['lambda:*', 'iam:PassRole', 'ec2:*'])]);
    await expect(
      create(lambda, { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] } }),
    ).rejects.toThrow('permissions to call CreateNetworkInterface');
  });

  test('requires a permission for each layer', async () => {
    const layer = 'arn:aws:lambda:us-east-1:123456789012:layer:tools:1';
    await expect(
      create(client([allow(['lambda:CreateFunction', 'iam:PassRole'])]), { Layers: [layer] }),
    ).rejects.toThrow(`lambda:GetLayerVersion on resource: ${layer}`);
  });
});

describe('reading a function', () => {
  test('distinguishes a missing function from a denial', async () => {
    await expect(client().send(new GetFunctionConfigurationCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(client([]).send(new GetFunctionConfigurationCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test('omits empty settings', async () => {
    const lambda = client();
    await create(lambda, { Layers: [], DeadLetterConfig: { TargetArn: '' } });

    const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));

    expect(configuration).not.toHaveProperty('Environment');
    expect(configuration).not.toHaveProperty('Layers');
    expect(configuration).not.toHaveProperty('DeadLetterConfig');
  });

  test('returns a version or the version of an alias', async () => {
    await standIn.functionWithTwoVersions(FunctionName);
    const lambda = client();

    expect((await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: '2' }))).Version).toBe(
      '2',
    );
    expect((await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: 'live' }))).Version).toBe(
      '1',
    );
  });

  test('checks a qualified call against the qualified ARN', async () => {
    await standIn.functionWithTwoVersions(FunctionName);
    const lambda = client([allow('lambda:*', 'arn:aws:lambda:us-east-1:123456789012:function:orders')]);

    await expect(lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: '2' }))).rejects.toThrow(
      'function:orders:2',
    );
  });
});

describe('changing a function', () => {
  test('fails while another change is in progress', async () => {
    const lambda = client();
    await create(lambda);
    const changed = await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 256 }));
    expect(changed.LastUpdateStatus).toBe('InProgress');

    await expect(lambda.send(new PublishVersionCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'ResourceConflictException',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test('fails for an outdated revision', async () => {
    const lambda = client();
    const { RevisionId } = await create(lambda);
    await expect(
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: await zip('2'), RevisionId })),
    ).rejects.toMatchObject({ name: 'PreconditionFailedException', $metadata: { httpStatusCode: 412 } });
  });

  test('reads code from an object that the caller may read', async () => {
    standIn.account.s3.addBucket('artifacts', true);
    const writer = standIn.caller([allow('s3:*')]);
    await standIn.account.perform(writer, 's3', 'PutObject', {
      Bucket: 'artifacts',
      Key: 'a.zip',
      Body: await zip('2'),
    });
    const lambda = client();
    const { CodeSha256 } = await create(lambda);

    const changed = await lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName, S3Bucket: 'artifacts', S3Key: 'a.zip' }),
    );

    expect(changed.CodeSha256).not.toBe(CodeSha256);
    await standIn.later();
    const withoutS3 = client([allow('lambda:*')]);
    await expect(
      withoutS3.send(new UpdateFunctionCodeCommand({ FunctionName, S3Bucket: 'artifacts', S3Key: 'a.zip' })),
    ).rejects.toThrow('Your access has been denied by S3');
  });

  test('adds a permission to an alias only once', async () => {
    await standIn.functionWithTwoVersions(FunctionName);
    const add = () =>
      client().send(
        new AddPermissionCommand({
          FunctionName,
          Qualifier: 'live',
          StatementId: 'Api',
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
        }),
      );
    expect(JSON.parse((await add()).Statement!)).toMatchObject({ Sid: 'Api' });
    await expect(add()).rejects.toMatchObject({ name: 'ResourceConflictException' });
  });

  test('adds tags', async () => {
    const lambda = client();
    const { FunctionArn } = await create(lambda);
    await lambda.send(new TagResourceCommand({ Resource: FunctionArn, Tags: { team: 'shop' } }));
    expect((await lambda.send(new GetFunctionCommand({ FunctionName }))).Tags).toEqual({ team: 'shop' });
  });
});

describe('publishing', () => {
  test('creates no version without a change', async () => {
    const lambda = client();
    await create(lambda);

    expect((await lambda.send(new PublishVersionCommand({ FunctionName, Description: 'one' }))).Version).toBe('1');
    expect((await lambda.send(new PublishVersionCommand({ FunctionName, Description: 'two' }))).Version).toBe('1');
  });

  test('creates a version if only the configuration changed', async () => {
    const lambda = client();
    await create(lambda);
    await lambda.send(new PublishVersionCommand({ FunctionName }));
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 256 }));
    await standIn.later();

    const published = await lambda.send(new PublishVersionCommand({ FunctionName, Description: 'more memory' }));

    expect(published).toMatchObject({ Version: '2', MemorySize: 256, Description: 'more memory', State: 'Active' });
    const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
    expect(Versions!.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '2']);
  });

  test('fails if the hash of the code differs', async () => {
    const lambda = client();
    await create(lambda);
    await expect(lambda.send(new PublishVersionCommand({ FunctionName, CodeSha256: 'AAAA' }))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('is different from current CodeSHA256 in $LATEST'),
    });
  });
});

describe('an alias', () => {
  test('accepts weights, and removes them', async () => {
    await standIn.functionWithTwoVersions(FunctionName);
    const lambda = client();
    await lambda.send(
      new UpdateAliasCommand({ FunctionName, Name: 'live', RoutingConfig: { AdditionalVersionWeights: { 2: 0.25 } } }),
    );
    expect((await lambda.send(new GetAliasCommand({ FunctionName, Name: 'live' }))).RoutingConfig).toEqual({
      AdditionalVersionWeights: { 2: 0.25 },
    });

    await lambda.send(
      new UpdateAliasCommand({
        FunctionName,
        Name: 'live',
        FunctionVersion: '2',
        RoutingConfig: { AdditionalVersionWeights: {} },
      }),
    );

    const alias = await lambda.send(new GetAliasCommand({ FunctionName, Name: 'live' }));
    expect(alias.FunctionVersion).toBe('2');
    expect(alias).not.toHaveProperty('RoutingConfig');
  });

  test('is checked against the ARN of the function', async () => {
    await standIn.functionWithTwoVersions(FunctionName);
    const lambda = client([allow('lambda:GetAlias', 'arn:aws:lambda:us-east-1:123456789012:function:orders:live')]);

    await expect(lambda.send(new GetAliasCommand({ FunctionName, Name: 'live' }))).rejects.toThrow(
      'on resource: arn:aws:lambda:us-east-1:123456789012:function:orders because',
    );
  });

  test.each([
    ['a version that does not exist', { FunctionVersion: '9' }, 'ResourceNotFoundException'],
    [
      'a weight for a version that does not exist',
      { RoutingConfig: { AdditionalVersionWeights: { 9: 0.1 } } },
      'ResourceNotFoundException',
    ],
    ['a weight above 1', { RoutingConfig: { AdditionalVersionWeights: { 2: 1.5 } } }, 'ValidationException'],
    [
      'a weight for its own version',
      { RoutingConfig: { AdditionalVersionWeights: { 1: 0.5 } } },
      'InvalidParameterValueException',
    ],
    ['an old revision', { RevisionId: 'old' }, 'PreconditionFailedException'],
  ])('rejects %s', async (_, change, name) => {
    await standIn.functionWithTwoVersions(FunctionName);
    await expect(
      client().send(new UpdateAliasCommand({ FunctionName, Name: 'live', ...change })),
    ).rejects.toMatchObject({ name });
  });

  test('fails if it already exists', async () => {
    await standIn.functionWithTwoVersions(FunctionName);
    const lambda = client();
    await expect(
      lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '2' })),
    ).rejects.toMatchObject({ name: 'ResourceConflictException' });
    expect((await lambda.send(new ListAliasesCommand({ FunctionName }))).Aliases).toHaveLength(1);
  });
});

describe('invoking', () => {
  test('runs the version that the alias points to', async () => {
    await standIn.functionWithTwoVersions(FunctionName);
    const result = await client().send(new InvokeCommand({ FunctionName, Qualifier: 'live' }));

    expect(result).toMatchObject({ StatusCode: 200, ExecutedVersion: '1' });
    expect(result.Payload!.transformToString()).toBe('1');
  });

  test('returns the error of a function', async () => {
    const lambda = client();
    await create(lambda, {
      Code: {
        ZipFile: await zipTexts({ 'index.js': 'exports.handler = async () => { throw new TypeError("no stock"); };' }),
      },
    });

    const result = await lambda.send(new InvokeCommand({ FunctionName }));

    expect(result.FunctionError).toBe('Unhandled');
    expect(JSON.parse(result.Payload!.transformToString())).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'no stock',
    });
  });

  test('passes the credentials of its role to the function', async () => {
    const lambda = client();
    await create(lambda, {
      Code: { ZipFile: await zipTexts({ 'index.js': 'exports.handler = async () => process.env.AWS_ACCESS_KEY_ID;' }) },
    });

    const key = JSON.parse((await lambda.send(new InvokeCommand({ FunctionName }))).Payload!.transformToString());

    expect(standIn.account.iam.callerOf(key).role.name).toBe('orders-role');
  });

  test('fails for an operation that is not rehearsed', async () => {
    await expect(client().send(new DeleteFunctionCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'NotRehearsed',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

test('distributes invocations evenly by the weights', () => {
  const chosen = Array.from({ length: 8 }, (_, invocations) =>
    chooseVersion({ version: '1', weights: { 2: 0.25 }, invocations }),
  );
  expect(chosen).toEqual(['1', '1', '1', '2', '1', '1', '1', '2']);
});
