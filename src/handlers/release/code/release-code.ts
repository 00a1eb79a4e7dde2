import { GetFunctionCommand, UpdateFunctionCodeCommandInput } from '@aws-sdk/client-lambda';
import { writeObject } from './artifact';
import { lambda } from '../aws/clients';
import { FunctionConfiguration, IMAGE_FILE } from '../contract';
import { HandlerPlace, requireHandlerFile } from './handler-file';
import { findImage, Image } from './image';
import { makePackage, Package } from './package';
import { readZip } from './zip';
import { configurationError } from '../base/failure';
import { Settings } from '../base/settings';
import { packageTypeOf } from '../function/creation';
import { CurrentConfiguration } from '../function/lambda-function';
import { Job } from '../job/job';

/** Where Lambda takes the code from. */
type CodeLocation = Pick<UpdateFunctionCodeCommandInput, 'S3Bucket' | 'S3Key' | 'S3ObjectVersion' | 'ImageUri'>;

/** The code of a release: a package or an image. */
export interface ReleaseCode {
  readonly hash: string;
  /** What its maker ought to know. */
  readonly note?: string;
  readonly image?: Image;
  /** Whether the function has this code already. */
  isOn(current: CurrentConfiguration): Promise<boolean>;
  /** Puts the code where Lambda can take it from. */
  provide(job: Job): Promise<CodeLocation>;
}

/** What the code is made for. */
export interface Destination {
  readonly settings: Settings;
  readonly wanted?: FunctionConfiguration;
  /** The function as it is; nothing when it is to be made. */
  readonly current?: CurrentConfiguration;
}

/** Makes the code of the build's output, which must be of the kind that the function runs. */
export function readReleaseCode(buildOutput: Buffer, destination: Destination): ReleaseCode {
  const {
    settings: { functionName },
  } = destination;
  const entries = readZip(buildOutput);
  const image = findImage(entries);
  if (kindOf(destination) === 'Image') {
    if (image) {
      return imageCode(image);
    }
    throw configurationError(
      `the function ${functionName} runs container images, and the build's output holds no ${IMAGE_FILE}, but ${describeNames(entries)}. ` +
        `Push the image in the build, and write ${IMAGE_FILE} with its ImageURI as an artifact.`,
    );
  }
  if (image && entries.length === 1) {
    throw configurationError(
      `the function ${functionName} runs a package, and the build's output is the container image ${image.uri}. ` +
        "Lambda can't change a function from one to the other: give the function another name, or build a package.",
    );
  }
  return packageCode(buildOutput, destination);
}

function kindOf({ settings: { functionName }, wanted, current }: Destination): 'Zip' | 'Image' {
  const kind = packageTypeOf(current ?? wanted ?? {});
  if (!wanted || kind === packageTypeOf(wanted)) {
    return kind;
  }
  throw configurationError(
    `the function ${functionName} is of the package type ${kind}, and the stack wants ${packageTypeOf(wanted)}. ` +
      "Lambda can't change that: give the new function another name with functionName, or delete the old one.",
  );
}

function describeNames(entries: { readonly name: string }[]): string {
  return (
    entries
      .slice(0, 10)
      .map((entry) => entry.name)
      .join(', ') || 'nothing'
  );
}

function packageCode(buildOutput: Buffer, destination: Destination): ReleaseCode {
  const { settings } = destination;
  const place = handlerPlace(destination);
  const code = makePackage(buildOutput, settings.projectName, place);
  requireHandlerFile(place, code.files);
  return {
    hash: code.codeSha256,
    note: code.note,
    isOn: async (current) => current.CodeSha256 === code.codeSha256,
    provide: (job) => upload(settings, job, code),
  };
}

function handlerPlace({ wanted, current }: Destination): HandlerPlace {
  const layers = (wanted?.Layers ?? current?.Layers ?? []) as unknown[];
  return {
    handler: wanted?.Handler ?? current?.Handler ?? '',
    runtime: wanted?.Runtime ?? current?.Runtime ?? '',
    hasLayers: layers.length > 0,
  };
}

async function upload({ artifactBucket, projectName }: Settings, job: Job, code: Package): Promise<CodeLocation> {
  const key = `${projectName}/packages/${code.sha256Hex}.zip`;
  return {
    S3Bucket: artifactBucket,
    S3Key: key,
    S3ObjectVersion: await writeObject(artifactBucket, key, code.bytes, job.encryptionKey),
  };
}

function imageCode(image: Image): ReleaseCode {
  return {
    hash: image.digest,
    image,
    isOn: async ({ FunctionName }) => {
      const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName }));
      return Code?.ResolvedImageUri?.endsWith(`@${image.digest}`) ?? false;
    },
    provide: async () => ({ ImageUri: image.uri }),
  };
}
