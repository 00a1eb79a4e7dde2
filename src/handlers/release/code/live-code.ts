import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FunctionCodeLocation, GetFunctionCommand } from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { configurationError, ReleaseFailure, systemUnavailable, toFailure } from '../base/failure';
import { log } from '../base/log';
import { sentence } from '../base/sentence';
import { Settings } from '../base/settings';
import { ConfigurationField, FunctionConfiguration, nameOf } from '../contract';
import { TemporaryFile } from './bytes/temporary-file';
import { imageCode, ReleaseCode, uploadPackage } from './release-code';
import { CurrentConfiguration } from '../function/lambda-function';
import { inspectPackage } from './inspection/inspect-package';
import { PackageFiles } from './inspection/package-files';
import { targetOf } from './inspection/target';
import { ZipArchive } from './zip/zip-archive';

const DOWNLOAD_ATTEMPTS = 5;

/** The fields that decide whether a package can run. */
const INSPECTED: readonly ConfigurationField[] = ['Runtime', 'Handler', 'Architectures', 'Layers'];

/** The live version, and the configuration that its code is released with. */
export interface LiveCodeOptions {
  readonly settings: Settings;
  readonly live: CurrentConfiguration;
  readonly wanted?: FunctionConfiguration;
  /** The fields in which the live version differs from the wanted configuration. */
  readonly fields: readonly ConfigurationField[];
}

/** Reads the code of the live version, to release the same bytes with another configuration. */
export async function readLiveCode(options: LiveCodeOptions): Promise<ReleaseCode> {
  const { live } = options;
  const { Code } = await lambda.send(
    new GetFunctionCommand({ FunctionName: live.FunctionName, Qualifier: live.Version }),
  );
  return live.PackageType === 'Image' ? readImage(Code!) : readPackage(options, Code!);
}

function readImage({ ResolvedImageUri = '' }: FunctionCodeLocation): ReleaseCode {
  const [uri, digest] = [ResolvedImageUri, ResolvedImageUri.split('@')[1]];
  return imageCode({ uri, digest });
}

async function readPackage(options: LiveCodeOptions, { Location }: FunctionCodeLocation): Promise<ReleaseCode> {
  const { settings, live, fields } = options;
  const codeSha256 = live.CodeSha256!;
  const download = async () => verified(await downloadPackage(Location!, `The code of version ${live.Version}`), live);
  let file: TemporaryFile | undefined;
  if (fields.some((field) => INSPECTED.includes(field))) {
    file = await download();
    await inspect(file, options);
  }
  return {
    hash: codeSha256,
    isOn: async (current) => current.CodeSha256 === codeSha256,
    provide: async (job) => {
      file ??= await download();
      const sha256Hex = Buffer.from(codeSha256, 'base64').toString('hex');
      return uploadPackage(settings, job, { file, codeSha256, sha256Hex });
    },
    dispose: () => file?.close(),
  };
}

/** Refuses a configuration with which the live package can't work, such as another architecture of its libraries. */
async function inspect(file: TemporaryFile, { settings, live, wanted, fields }: LiveCodeOptions): Promise<void> {
  try {
    const archive = await ZipArchive.open(file);
    await inspectPackage(new PackageFiles(archive, archive.entries), targetOf({ ...live, ...wanted }));
  } catch (error) {
    file.close();
    const { type, message } = toFailure(error);
    throw new ReleaseFailure(
      type,
      `The code of the live version ${live.Version} can't run with the new ${fields.join(', ')}: ` +
        `${sentence(message)} To build the code for the new configuration, push a commit or run: ` +
        `aws codepipeline start-pipeline-execution --name ${nameOf('pipeline', settings.projectName)}`,
    );
  }
}

async function verified(file: TemporaryFile, { Version, CodeSha256 }: CurrentConfiguration): Promise<TemporaryFile> {
  const hash = createHash('sha256');
  for await (const chunk of file.stream(0, file.size)) {
    hash.update(chunk);
  }
  const found = hash.digest('base64');
  if (found === CodeSha256) {
    return file;
  }
  file.close();
  throw configurationError(
    `Lambda returned a package for version ${Version} whose SHA-256 is ${found}, but the version has ${CodeSha256}. ` +
      'Retry the stage.',
  );
}

/** Downloads from the presigned URL. `fetch` neither retries nor continues. */
async function downloadPackage(url: string, name: string): Promise<TemporaryFile> {
  for (let attempt = 1; ; attempt++) {
    const file = new TemporaryFile(name);
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(300_000) });
      if (!response.ok || !response.body) {
        throw new Error(`HTTP status ${response.status}`);
      }
      for await (const chunk of response.body) {
        file.append(Buffer.from(chunk));
      }
      return file;
    } catch (error) {
      file.close();
      log('the download failed', { name, attempt, error: String(error) }); // without the URL, which is a credential
      if (attempt === DOWNLOAD_ATTEMPTS) {
        throw systemUnavailable(`${name} could not be downloaded from Lambda (${String(error)}). Retry the stage.`);
      }
      await sleep(1000 * 2 ** attempt);
    }
  }
}
