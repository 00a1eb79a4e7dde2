import { createHash } from 'node:crypto';
import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import {
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListTagsCommand,
  PublishVersionCommand,
  TagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { publishVersion } from '../../../../src/handlers/release/steps/publish-version';
import { awsError, inputsOf, PLACEHOLDER_DESCRIPTION, stepInput, zipOf } from '../fixtures';
import { startVirtualTime } from '../virtual-time';

jest.mock('node:timers/promises', () => jest.requireActual('../virtual-time'));

const lambda = mockClient(LambdaClient);
const s3 = mockClient(S3Client);
const ssm = mockClient(SSMClient);

const PACKAGE = zipOf({ 'app.py': 'def handler(event, context): pass' });
const CODE_SHA_256 = createHash('sha256').update(PACKAGE).digest('base64');
const COMMON = {
  FunctionName: 'inventory-allocation',
  FunctionArn: 'arn:fn',
  State: 'Active' as const,
  RevisionId: 'r1',
};
const CONFIGURATION = { Runtime: 'python3.13' as const, Handler: 'app.handler', Role: 'arn:role' };
const LIVE = { ...COMMON, ...CONFIGURATION, Version: '3', Description: 'commit 1a2b3c', CodeSha256: CODE_SHA_256 };

/** Lambda's download of the live package. */
let download: http.Server;
let requests = 0;
let answer = () => ({ status: 200, body: PACKAGE });

beforeAll(async () => {
  download = http.createServer((_, response) => {
    requests++;
    const { status, body } = answer();
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => download.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => download.close(resolve)));

beforeEach(() => {
  startVirtualTime();
  requests = 0;
  answer = () => ({ status: 200, body: PACKAGE });
  jest.spyOn(console, 'log').mockImplementation();
  [lambda, s3, ssm].forEach((mock) => mock.reset());
  latestIs({ ...COMMON, ...CONFIGURATION, CodeSha256: 'newer' });
  lambda.on(GetFunctionConfigurationCommand, { Qualifier: '3' }).resolves(LIVE);
  lambda.on(GetAliasCommand).resolves({ FunctionVersion: '3' });
  lambda.on(PublishVersionCommand).resolves({ Version: '5' });
  lambda.on(GetFunctionConfigurationCommand, { Qualifier: '5' }).resolves({ ...LIVE, Version: '5' });
  const Location = () => `http://127.0.0.1:${(download.address() as AddressInfo).port}/`;
  lambda.on(GetFunctionCommand).callsFake(async () => ({ Code: { Location: Location() } }));
  lambda.on(ListTagsCommand).resolves({ Tags: { 'cdk-lambda-ci-cd-pipeline:project': 'inventory' } });
  s3.on(PutObjectCommand).resolves({ VersionId: 'v1' });
});

function latestIs(latest: object): void {
  lambda.on(GetFunctionConfigurationCommand, { Qualifier: undefined }).resolves(latest);
}

function publish(wanted: object, configurationOnly = 'true') {
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: JSON.stringify({ ...CONFIGURATION, ...wanted }) } });
  const parameters = { step: 'publish', configurationOnly };
  return publishVersion(stepInput(parameters, {}, { CONFIGURATION_PARAMETER: '/p' }));
}

test('publishes the live code, byte for byte, with the description of the live version', async () => {
  const { summary, variables } = await publish({ MemorySize: 256 });

  expect(summary).toBe(
    'published version 5; the alias live points to version 3; ' +
      'it has the code of version 3 with another configuration: MemorySize',
  );
  expect(variables).toEqual({ CurrentVersion: '3', TargetVersion: '5', CodeSha256: CODE_SHA_256 });
  const [upload] = inputsOf(s3, PutObjectCommand);
  expect(upload).toMatchObject({ ChecksumSHA256: CODE_SHA_256, ContentLength: PACKAGE.length });
  expect(inputsOf(lambda, UpdateFunctionConfigurationCommand)).toMatchObject([{ MemorySize: 256 }]);
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toMatchObject([{ S3Key: upload.Key, S3ObjectVersion: 'v1' }]);
  expect(inputsOf(lambda, PublishVersionCommand)).toMatchObject([{ Description: 'commit 1a2b3c' }]);
});

test('downloads nothing if the function has the live code already', async () => {
  latestIs({ ...COMMON, ...CONFIGURATION, CodeSha256: CODE_SHA_256 });
  await publish({ MemorySize: 256 });
  expect(requests).toBe(0);
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toEqual([]);
});

test('publishes nothing if the live version has the configuration already', async () => {
  const { summary, variables } = await publish({});
  expect(summary).toBe(
    'nothing has changed since version 3, to which the alias live points; ' +
      'it already has the configuration of the stack',
  );
  expect(variables).toMatchObject({ CurrentVersion: '3', TargetVersion: '3' });
  expect(inputsOf(lambda, PublishVersionCommand)).toEqual([]);
  expect(inputsOf(lambda, TagResourceCommand)).toEqual([]);
});

test('fails before any change if the live code cannot run with the new configuration', async () => {
  await expect(publish({ Handler: 'other.handler' })).rejects.toThrow(
    /^The code of the live version 3 can't run with the new Handler: .*other.* push a commit or run: aws codepipeline start-pipeline-execution --name inventory-pipeline$/,
  );
  expect(inputsOf(lambda, UpdateFunctionConfigurationCommand)).toEqual([]);
});

test('downloads again after a failed download', async () => {
  answer = () => (requests === 1 ? { status: 503, body: Buffer.from('') } : { status: 200, body: PACKAGE });
  await publish({ MemorySize: 256 });
  expect(requests).toBe(2);
});

test('fails after five failed downloads, without the URL', async () => {
  answer = () => ({ status: 403, body: Buffer.from('') });
  await expect(publish({ MemorySize: 256 })).rejects.toThrow(
    'The code of version 3 could not be downloaded from Lambda (Error: HTTP status 403). Retry the stage.',
  );
  expect(requests).toBe(5);
});

test('fails if the download is not the code of the version', async () => {
  answer = () => ({ status: 200, body: zipOf({ 'app.py': 'other' }) });
  await expect(publish({ MemorySize: 256 })).rejects.toThrow(
    /^Lambda returned a package for version 3 whose SHA-256 is .+, but the version has .+\. Retry the stage\.$/,
  );
});

test('takes the image of the live version by its digest', async () => {
  const uri = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/inventory@sha256:${'a'.repeat(64)}`;
  latestIs({ ...COMMON, PackageType: 'Image', Role: 'arn:role' });
  lambda
    .on(GetFunctionConfigurationCommand, { Qualifier: '3' })
    .resolves({ ...COMMON, PackageType: 'Image', Role: 'arn:role', Version: '3' });
  lambda.on(GetFunctionCommand, { Qualifier: '3' }).resolves({ Code: { ResolvedImageUri: uri } });
  lambda.on(GetFunctionCommand, { Qualifier: undefined }).resolves({ Code: { ResolvedImageUri: 'other' } });
  ssm.on(GetParameterCommand).resolves({
    Parameter: { Value: JSON.stringify({ PackageType: 'Image', Role: 'arn:role', MemorySize: 256 }) },
  });
  const parameters = { step: 'publish', configurationOnly: 'true' };
  await publishVersion(stepInput(parameters, {}, { CONFIGURATION_PARAMETER: '/p' }));
  expect(inputsOf(lambda, UpdateFunctionCodeCommand)).toMatchObject([{ ImageUri: uri }]);
});

test('fails before the first release', async () => {
  lambda
    .on(GetFunctionConfigurationCommand, { Qualifier: '3' })
    .resolves({ ...LIVE, Description: PLACEHOLDER_DESCRIPTION });
  await expect(publish({ MemorySize: 256 })).rejects.toThrow(
    'The run has ConfigurationOnly=true, but the function inventory-allocation has no released code yet. ' +
      'Start the pipeline without ConfigurationOnly to release the code of the source.',
  );
});

test('fails if the function does not exist', async () => {
  lambda.on(GetAliasCommand).rejects(awsError('ResourceNotFoundException'));
  lambda.on(GetFunctionConfigurationCommand).rejects(awsError('ResourceNotFoundException'));
  await expect(publish({ MemorySize: 256 })).rejects.toThrow('has no released code yet');
});

test('rejects another value of the variable than true and false', async () => {
  await expect(publish({}, 'yes')).rejects.toThrow(
    "The variable ConfigurationOnly must be true or false, got 'yes'. " +
      'Start the pipeline again with one of these values.',
  );
});
