import { Readable } from 'node:stream';
import { GetObjectCommand, GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { AwsStub } from 'aws-sdk-client-mock';
import { readSettings, Settings } from '../../../src/handlers/release/base/settings';
import { ByteSource, collect } from '../../../src/handlers/release/code/bytes/byte-source';
import { ZipArchive } from '../../../src/handlers/release/code/zip/zip-archive';
import { writeZip } from '../../../src/handlers/release/code/zip/zip-writer';
import { JobEvent, readJob, StepInput } from '../../../src/handlers/release/job/job';

/** The environment of a release function. */
export const ENVIRONMENT_VARIABLES = {
  PROJECT_NAME: 'inventory',
  FUNCTION_NAME: 'inventory-allocation',
  ALIAS_NAME: 'live',
  ARTIFACT_BUCKET: 'artifacts',
  APPLICATION_NAME: 'inventory-app',
  DEPLOYMENT_GROUP_NAME: 'inventory-group',
  BAKE_TIME_SECONDS: '300',
  AWS_LAMBDA_FUNCTION_NAME: 'inventory-release',
};

/** The settings from that environment, with other variables if given. */
export function settingsWith(variables: Record<string, string> = {}): Settings {
  return readSettings({ ...ENVIRONMENT_VARIABLES, ...variables });
}

/** The description of the version that the release function publishes with placeholder code. */
export const PLACEHOLDER_DESCRIPTION = '[placeholder] created before the first release';

/** A job event as CodePipeline sends it. */
export function jobEvent(parameters: object, data: Partial<JobEvent['data']> = {}): JobEvent {
  return {
    id: '11111111-abcd-1111-abcd-111111abcdef',
    data: {
      actionConfiguration: { configuration: { UserParameters: JSON.stringify(parameters) } },
      inputArtifacts: [artifact('BuildOutput'), artifact('AppSpecFile')],
      outputArtifacts: [artifact('AppSpecFile')],
      ...data,
    },
  };
}

function artifact(name: string) {
  return {
    name,
    location: { type: 'S3', s3Location: { bucketName: 'artifacts', objectKey: `inventory-pipeline/${name}/abc` } },
  };
}

/** The input of a step, with fifteen minutes left. */
export function stepInput(
  parameters: object,
  data: Partial<JobEvent['data']> = {},
  variables: Record<string, string> = {},
): StepInput {
  return {
    job: readJob(jobEvent(parameters, data)),
    settings: settingsWith(variables),
    deadline: Date.now() + 900_000,
  };
}

/** An error of the SDK. */
export function awsError(name: string, message = 'no message', httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

/** A zip of text files. */
export function zipOf(files: Record<string, string>): Buffer {
  return writeZip(Object.entries(files).map(([name, text]) => ({ name, mode: 0o100644, content: Buffer.from(text) })));
}

/** Lets the bucket store an artifact, and answers requests for parts of it as S3 does. */
export function storeArtifact(s3: AwsStub<any, any, any>, name: string, zip: Buffer): void {
  const Key = `inventory-pipeline/${name}/abc`;
  s3.on(GetObjectCommand, { Bucket: 'artifacts', Key }).callsFake(async ({ Range }) => partOf(zip, Range));
}

/** What S3 returns for a range like `bytes=0-99` or `bytes=-100`. */
export function partOf(bytes: Buffer, range: string): Partial<GetObjectCommandOutput> {
  const [, first, last] = /^bytes=(\d*)-(\d+)$/.exec(range)!;
  if (bytes.length === 0) {
    throw awsError('InvalidRange', 'The requested range is not satisfiable', 416);
  }
  const start = first === '' ? Math.max(0, bytes.length - Number(last)) : Number(first);
  const end = first === '' ? bytes.length : Math.min(bytes.length, Number(last) + 1);
  return {
    Body: Readable.from([bytes.subarray(start, end)]) as GetObjectCommandOutput['Body'],
    ContentRange: `bytes ${start}-${end - 1}/${bytes.length}`,
    ETag: '"etag"',
  };
}

/** Bytes in the memory. */
export function bufferSource(bytes: Buffer, name = 'The zip'): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (start, length) => bytes.subarray(start, start + length),
    stream: async function* (start, length) {
      yield bytes.subarray(start, start + length);
    },
  };
}

/** Opens a zip that is in the memory. */
export async function openZip(bytes: Buffer): Promise<ZipArchive> {
  return ZipArchive.open(bufferSource(bytes));
}

/** The content of each file in a zip. */
export async function contentsOf(archive: ZipArchive): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for (const entry of archive.entries) {
    contents[entry.name] = (await collect(archive.content(entry))).toString();
  }
  return contents;
}

/** The inputs of all calls of a command. */
export function inputsOf(mock: AwsStub<any, any, any>, command: new (...args: any[]) => any): any[] {
  return mock.commandCalls(command).map((call) => call.args[0].input);
}
