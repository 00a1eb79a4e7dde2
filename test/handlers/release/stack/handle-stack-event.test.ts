import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetFunctionConfigurationCommandOutput,
  LambdaClient,
  ListTagsCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { placeholderHash } from '../../../../src/handlers/release/code/placeholder';
import { handleStackEvent } from '../../../../src/handlers/release/stack/handle-stack-event';
import { StackEvent } from '../../../../src/handlers/release/stack/stack-event';
import { awsError, ENVIRONMENT_VARIABLES, inputsOf, PLACEHOLDER_DESCRIPTION } from '../fixtures';
import { secondsPassed, startVirtualTime } from '../virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('../virtual-time'));

const lambda = mockClient(LambdaClient);
const fetchMock = jest.fn();
const environment = process.env;
const RELEASE_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:inventory-release';
const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:inventory-allocation';
const CONFIGURATION = {
  Runtime: 'python3.13',
  Handler: 'app.handler',
  Role: 'arn:aws:iam::123456789012:role/new',
  Timeout: 30,
  Architectures: ['x86_64'],
};
const OWN = { 'cdk-lambda-ci-cd-pipeline:project': 'inventory' };
/** The function as it is in the account, and its version 1. */
let found: Partial<GetFunctionConfigurationCommandOutput> | undefined;
let version: Partial<GetFunctionConfigurationCommandOutput>;

beforeEach(() => {
  startVirtualTime();
  process.env = { ...ENVIRONMENT_VARIABLES };
  jest.spyOn(console, 'log').mockImplementation();
  fetchMock.mockReset().mockResolvedValue({ ok: true, status: 200 });
  global.fetch = fetchMock;
  found = undefined;
  version = { Description: PLACEHOLDER_DESCRIPTION };
  lambda.reset();
  lambda.on(GetFunctionConfigurationCommand).callsFake(async ({ Qualifier }) => {
    if (!found) {
      throw awsError('ResourceNotFoundException', 'Function not found', 404);
    }
    const common = { FunctionName: 'inventory-allocation', FunctionArn: FUNCTION_ARN, State: 'Active' };
    return { ...common, ...found, ...(Qualifier ? version : {}) };
  });
  lambda.on(CreateFunctionCommand).callsFake(async () => {
    found = { CodeSha256: placeholderHash('python3.13', 'app.handler'), Role: CONFIGURATION.Role };
    return {};
  });
  lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException', 'no alias', 404));
  lambda.on(PublishVersionCommand).resolves({ Version: '1' });
  lambda.on(ListTagsCommand).resolves({ Tags: OWN });
});

afterAll(() => {
  process.env = environment;
});

function stackEvent(given: Partial<StackEvent> = {}, properties: Record<string, string> = {}): StackEvent {
  return {
    RequestType: 'Create',
    ResponseURL: 'https://example.com/secret-url',
    StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Stock/1',
    RequestId: 'request-1',
    LogicalResourceId: 'FunctionWithAlias',
    ResourceProperties: {
      FunctionName: 'inventory-allocation',
      AliasName: 'live',
      Configuration: JSON.stringify(CONFIGURATION),
      ...properties,
    },
    ...given,
  };
}

const handle = async (event: StackEvent, seconds = 890) => {
  await handleStackEvent(event, RELEASE_ARN, Date.now() + seconds * 1000);
  return JSON.parse(fetchMock.mock.calls.at(-1)[1].body);
};
const created = () => inputsOf(lambda, CreateFunctionCommand);
const aliases = () => inputsOf(lambda, CreateAliasCommand);
const changes = () =>
  [UpdateFunctionConfigurationCommand, UpdateFunctionCodeCommand, UpdateAliasCommand, CreateAliasCommand].flatMap(
    (command) => inputsOf(lambda, command),
  );

/** The function exists with placeholder code, and its alias points to version 1. */
function placeholderExists(given: Partial<GetFunctionConfigurationCommandOutput> = {}): void {
  const hash = placeholderHash('python3.13', 'app.handler');
  found = { ...(CONFIGURATION as object), CodeSha256: hash, RevisionId: 'r1', ...given };
  lambda.on(GetAliasCommand).resolves({ FunctionVersion: '1', RevisionId: 'a1' });
}

describe('a missing function', () => {
  test('is created with the tag of the project, version 1, and the alias', async () => {
    const response = await handle(stackEvent());
    expect(response).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'inventory-allocation/live' });
    expect(created()).toMatchObject([{ FunctionName: 'inventory-allocation', Timeout: 30, Tags: OWN }]);
    expect(inputsOf(lambda, PublishVersionCommand)).toMatchObject([{ Description: PLACEHOLDER_DESCRIPTION }]);
    expect(aliases()).toMatchObject([{ Name: 'live', FunctionVersion: '1' }]);
  });

  test('has its names and ARNs in the response', async () => {
    expect((await handle(stackEvent())).Data).toEqual({
      FunctionName: 'inventory-allocation',
      FunctionArn: FUNCTION_ARN,
      AliasArn: `${FUNCTION_ARN}:live`,
    });
  });

  test('is created from the image that the stack names', async () => {
    const configuration = JSON.stringify({ PackageType: 'Image', Role: 'r' });
    await handle(stackEvent({}, { Configuration: configuration, InitialImage: 'repository:latest' }));
    expect(created()).toMatchObject([{ PackageType: 'Image', Code: { ImageUri: 'repository:latest' } }]);
  });

  test('of another stack is a failure that says what to do', async () => {
    const { Configuration, ...others } = stackEvent().ResourceProperties;
    const response = await handle(stackEvent({ ResourceProperties: others }));
    expect(response).toMatchObject({
      Status: 'FAILED',
      PhysicalResourceId: 'inventory-allocation/live',
      Reason: expect.stringContaining('its own stack creates it. Deploy that stack first'),
    });
  });
});

describe('an existing function', () => {
  test('of somebody else only gets the alias, on a version of its code as it is', async () => {
    found = { CodeSha256: 'theirs', Role: 'theirs' };
    lambda.on(ListTagsCommand).resolves({});
    await handle(stackEvent());
    expect(created()).toEqual([]);
    expect(inputsOf(lambda, PublishVersionCommand)).toEqual([
      { FunctionName: 'inventory-allocation', Description: 'published for the alias live' },
    ]);
    expect(changes()).toMatchObject([{ Name: 'live', FunctionVersion: '1' }]);
  });

  test('with a release stays as it is', async () => {
    placeholderExists({ CodeSha256: 'released' });
    version = { Description: 'commit 1a2b3c' };
    expect(await handle(stackEvent())).toMatchObject({ Status: 'SUCCESS' });
    expect(changes()).toEqual([]);
    expect(inputsOf(lambda, PublishVersionCommand)).toEqual([]);
  });

  test('with unreleased code of a failed run stays as it is', async () => {
    placeholderExists({ CodeSha256: 'published by a run that failed' });
    version = { Description: PLACEHOLDER_DESCRIPTION, CodeSha256: 'placeholder' };
    await handle(stackEvent());
    expect(changes()).toEqual([]);
  });

  test('with the placeholder of this project gets the execution role of the new attempt', async () => {
    placeholderExists({ Role: 'arn:aws:iam::123456789012:role/deleted' });
    lambda.on(PublishVersionCommand).resolves({ Version: '2' });
    await handle(stackEvent());
    expect(changes()).toMatchObject([
      { Role: 'arn:aws:iam::123456789012:role/new' },
      { FunctionVersion: '2', RevisionId: 'a1' },
    ]);
  });

  test('with the placeholder of this project, and no alias yet, gets the alias', async () => {
    placeholderExists();
    lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException', 'no alias', 404));
    await handle(stackEvent());
    expect(inputsOf(lambda, PublishVersionCommand)).toMatchObject([{ Description: PLACEHOLDER_DESCRIPTION }]);
    expect(changes()).toMatchObject([{ Name: 'live', FunctionVersion: '1' }]);
  });
});

describe('a request', () => {
  test('to update changes nothing, and has the same attributes', async () => {
    const before = await handle(stackEvent());
    lambda.resetHistory();
    const after = await handle(stackEvent({ RequestType: 'Update', PhysicalResourceId: 'inventory-allocation/live' }));
    expect(after.Data).toEqual(before.Data);
    expect(lambda.calls()).toEqual([]);
  });

  test('to update the name of the alias creates that alias', async () => {
    placeholderExists({ CodeSha256: 'released' });
    lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException', 'no alias', 404));
    const update = stackEvent({ RequestType: 'Update', PhysicalResourceId: 'inventory-allocation/old' });
    expect(await handle(update)).toMatchObject({ PhysicalResourceId: 'inventory-allocation/live' });
    expect(aliases()).toMatchObject([{ Name: 'live' }]);
  });

  test('to delete deletes nothing', async () => {
    const event = stackEvent({ RequestType: 'Delete', PhysicalResourceId: 'inventory-allocation/live' });
    expect(await handle(event)).toMatchObject({ Status: 'SUCCESS' });
    expect(lambda.calls()).toEqual([]);
  });
});

describe('the response', () => {
  test('is sent again until CloudFormation takes it', async () => {
    fetchMock.mockRejectedValueOnce(new Error('ECONNRESET')).mockResolvedValueOnce({ ok: false, status: 503 });
    await handle(stackEvent());
    expect(fetchMock).toHaveBeenCalledTimes(3);
  });

  test('comes in time when the function stays pending', async () => {
    found = { State: 'Pending', StateReason: 'the network is being set up' };
    expect((await handle(stackEvent())).Reason).toContain('is still pending (the network is being set up)');
    expect(secondsPassed()).toBeLessThan(300);
  });

  test('has at most 4096 bytes', async () => {
    lambda.on(CreateFunctionCommand).rejects(awsError('InvalidParameterValueException', '語'.repeat(9000)));
    await handle(stackEvent());
    expect(Buffer.byteLength(fetchMock.mock.calls[0][1].body)).toBeLessThan(4096);
  });

  test.each([
    ['the role is not ready', 'InvalidParameterValueException', 'The role cannot be assumed by Lambda.'],
    ['a call is denied', 'AccessDeniedException', 'not authorized to perform: lambda:CreateFunction on resource: f'],
    ['AWS is unavailable', 'ServiceException', 'try again'],
    ['the request is invalid', 'InvalidParameterValueException', 'no such subnet'],
  ])('says what to do with the stack, and not with a run, when %s', async (_, name, message) => {
    lambda.on(CreateFunctionCommand).rejects(awsError(name, message));
    const { Reason } = await handle(stackEvent());
    expect(Reason).toMatch(/^Could not create the function inventory-allocation and its alias live\. /);
    expect(Reason).not.toMatch(/run the pipeline|retry the stage/i);
  });

  test('is sent to a URL that no log shows', async () => {
    const log = jest.spyOn(console, 'log');
    await handle(stackEvent());
    expect(log.mock.calls.flat().join('\n')).not.toContain('secret-url');
  });
});
