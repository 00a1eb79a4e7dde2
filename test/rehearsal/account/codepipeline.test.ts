import {
  CodePipelineClient,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
  PutJobSuccessResultCommandInput,
} from '@aws-sdk/client-codepipeline';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { allow, StandIn } from '../support/stand-in';

let standIn: StandIn;

beforeEach(async () => {
  standIn = await StandIn.start();
});

afterEach(() => standIn.stop());

function client(resource = '*'): CodePipelineClient {
  return new CodePipelineClient(standIn.config(standIn.caller([allow('codepipeline:*', resource)])));
}

describe('a job', () => {
  test('succeeds with variables', async () => {
    const { id, result } = standIn.account.codePipeline.startJob();
    await client().send(
      new PutJobSuccessResultCommand({
        jobId: id,
        outputVariables: { FunctionExists: 'true' },
        executionDetails: { summary: 'it exists', percentComplete: 100 },
      }),
    );

    expect(await result).toMatchObject({
      succeeded: true,
      outputVariables: { FunctionExists: 'true' },
      summary: 'it exists',
      percentComplete: 100,
    });
  });

  test('continues with a continuation token', async () => {
    const { id, result } = standIn.account.codePipeline.startJob();
    await client().send(new PutJobSuccessResultCommand({ jobId: id, continuationToken: '{"deploymentId":"d-1"}' }));

    expect((await result).continuationToken).toBe('{"deploymentId":"d-1"}');
  });

  test('fails with a type and a message', async () => {
    const { id, result } = standIn.account.codePipeline.startJob();
    await client().send(
      new PutJobFailureResultCommand({
        jobId: id,
        failureDetails: { type: 'ConfigurationError', message: 'no handler' },
      }),
    );

    expect(await result).toMatchObject({
      succeeded: false,
      failure: { type: 'ConfigurationError', message: 'no handler' },
    });
  });

  test('accepts only one result', async () => {
    const { id } = standIn.account.codePipeline.startJob();
    await client().send(new PutJobSuccessResultCommand({ jobId: id }));
    await expect(client().send(new PutJobSuccessResultCommand({ jobId: id }))).rejects.toMatchObject({
      name: 'InvalidJobStateException',
    });
  });

  test('accepts no result after its end', async () => {
    const { id } = standIn.account.codePipeline.startJob();
    standIn.account.codePipeline.endJob(id);
    await expect(client().send(new PutJobSuccessResultCommand({ jobId: id }))).rejects.toMatchObject({
      name: 'InvalidJobStateException',
    });
  });

  test('fails if it does not exist', async () => {
    await expect(client().send(new PutJobSuccessResultCommand({ jobId: 'other' }))).rejects.toMatchObject({
      name: 'JobNotFoundException',
    });
  });

  test.each<[string, Partial<PutJobSuccessResultCommandInput>, string]>([
    ['an empty variable', { outputVariables: { Alias: '' } }, 'must not be empty'],
    ['a variable with a dot in its name', { outputVariables: { 'a.b': 'c' } }, 'may contain only letters'],
    [
      'variables with a continuation token',
      { continuationToken: 'x', outputVariables: { a: 'b' } },
      'cannot be combined',
    ],
    [
      'a continuation token that is too long',
      { continuationToken: 'x'.repeat(2049) },
      'must have 1 to 2048 characters, got 2049',
    ],
  ])('rejects %s', async (_, input, message) => {
    const { id } = standIn.account.codePipeline.startJob();
    await expect(client().send(new PutJobSuccessResultCommand({ jobId: id, ...input }))).rejects.toThrow(message);
  });

  test('rejects a failure message that is too long', async () => {
    const { id } = standIn.account.codePipeline.startJob();
    const command = new PutJobFailureResultCommand({
      jobId: id,
      failureDetails: { type: 'JobFailed', message: 'x'.repeat(5001) },
    });
    await expect(client().send(command)).rejects.toThrow('must have 1 to 5000 characters, got 5001');
  });

  test('requires a permission for *', async () => {
    const { id } = standIn.account.codePipeline.startJob();
    const narrow = client('arn:aws:codepipeline:us-east-1:123456789012:demo-pipeline');
    await expect(narrow.send(new PutJobSuccessResultCommand({ jobId: id }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

describe('a parameter', () => {
  const ssm = (resource: string) =>
    new SSMClient(standIn.config(standIn.caller([allow('ssm:GetParameter', resource)])));

  test('is found by its name', async () => {
    standIn.account.ssm.addParameter('/demo/configuration', 'String', '{}');
    const { Parameter } = await ssm('arn:aws:ssm:us-east-1:123456789012:parameter/demo/configuration').send(
      new GetParameterCommand({ Name: '/demo/configuration' }),
    );
    expect(Parameter).toMatchObject({ Name: '/demo/configuration', Value: '{}', Type: 'String' });
  });

  test('is denied to callers without the permission', async () => {
    standIn.account.ssm.addParameter('configuration', 'String', '{}');
    await expect(
      ssm('arn:aws:ssm:us-east-1:123456789012:parameter/other').send(
        new GetParameterCommand({ Name: 'configuration' }),
      ),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('fails if it is missing', async () => {
    await expect(ssm('*').send(new GetParameterCommand({ Name: 'other' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
  });
});

describe('a request', () => {
  test('for a service that is not rehearsed fails, and so does the rehearsal', async () => {
    const { accessKeyId } = standIn.caller([], 'ReleaseRole');
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/dynamodb/aws4_request`;
    const { status } = await fetch(standIn.account.endpoint, { method: 'POST', headers: { authorization } });
    expect(status).toBe(400);
    expect([...standIn.account.refused]).toEqual(['the service dynamodb (called by ReleaseRole)']);
  });

  test('with an unknown access key fails', async () => {
    const caller = { ...standIn.caller([]), accessKeyId: 'AKIAOTHER' };
    await expect(
      new SSMClient(standIn.config(caller)).send(new GetParameterCommand({ Name: 'a' })),
    ).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });
});
