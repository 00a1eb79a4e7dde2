import { GetFunctionCommand, UpdateFunctionCodeCommandInput } from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { configurationError } from '../base/failure';
import { Settings } from '../base/settings';
import { FunctionConfiguration, IMAGE_FILE } from '../contract';
import { listNames, openArtifact, uploadFile } from './artifact';
import { findImage, Image } from './image';
import { packageTypeOf } from '../function/creation';
import { requirePackageType } from '../function/judge-function';
import { CurrentConfiguration } from '../function/lambda-function';
import { Artifact, Job } from '../job/job';
import { targetOf } from './inspection/target';
import { makePackage, Package } from './package';
import { ZipArchive } from './zip/zip-archive';

/** The place from which Lambda takes the code. */
type CodeLocation = Pick<UpdateFunctionCodeCommandInput, 'S3Bucket' | 'S3Key' | 'S3ObjectVersion' | 'ImageUri'>;

/** The code of a release: a package or an image. */
export interface ReleaseCode {
  readonly hash: string;
  /** What the developer should know about the code. */
  readonly note?: string;
  readonly image?: Image;
  /** Whether the function has this code already. */
  isOn(current: CurrentConfiguration): Promise<boolean>;
  /** Puts the code into the place from which Lambda takes it. */
  provide(job: Job): Promise<CodeLocation>;
  /** Deletes the local copy. */
  dispose(): void;
}

/** The function that the code is for. */
export interface Destination {
  readonly settings: Settings;
  readonly wanted?: FunctionConfiguration;
  /** The function as it is; undefined if it does not exist yet. */
  readonly current?: CurrentConfiguration;
  /** `buildProject.sourceDirectory` if a recipe builds the package. */
  readonly sourceDirectory?: string;
}

/** Reads the code of a release from the build's output, which must be of the kind that the function runs. */
export async function readReleaseCode(artifact: Artifact, destination: Destination): Promise<ReleaseCode> {
  const output = await openArtifact(artifact);
  return kindOf(destination) === 'Image'
    ? readImageCode(output, destination.settings)
    : readPackageCode(output, destination);
}

function kindOf({ wanted, current }: Destination): 'Zip' | 'Image' {
  if (current && wanted) {
    requirePackageType(current, wanted);
  }
  return packageTypeOf(current ?? wanted ?? {});
}

async function readImageCode(output: ZipArchive, { functionName }: Settings): Promise<ReleaseCode> {
  const image = await findImage(output);
  if (image) {
    return imageCode(image);
  }
  throw configurationError(
    `The function ${functionName} runs container images, but the build's output contains no ${IMAGE_FILE}. ` +
      `It contains ${listNames(output)}. Push the image in the build, and write ${IMAGE_FILE} with its ImageURI ` +
      'as an artifact.',
  );
}

/** The code of a function that runs an image. */
export function imageCode(image: Image): ReleaseCode {
  return {
    hash: image.digest,
    image,
    isOn: async ({ FunctionName }) => {
      const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName }));
      return Code?.ResolvedImageUri?.endsWith(`@${image.digest}`) ?? false;
    },
    provide: async () => ({ ImageUri: image.uri }),
    dispose: () => undefined,
  };
}

async function readPackageCode(output: ZipArchive, destination: Destination): Promise<ReleaseCode> {
  const { settings, wanted, current, sourceDirectory } = destination;
  await refuseImage(output, settings);
  const code = await makePackage(output, settings.projectName, targetOf({ ...current, ...wanted }, sourceDirectory));
  return {
    hash: code.codeSha256,
    note: code.notes.length > 0 ? code.notes.join('; ') : undefined,
    isOn: async ({ CodeSha256 }) => CodeSha256 === code.codeSha256,
    provide: (job) => uploadPackage(settings, job, code),
    dispose: () => code.file.close(),
  };
}

/** Refuses an artifact that names an image. A package may contain a file of the same name. */
async function refuseImage(output: ZipArchive, { functionName }: Settings): Promise<void> {
  const image = output.entries.length === 1 ? await findImage(output) : undefined;
  if (image) {
    throw configurationError(
      `The function ${functionName} runs a package, but the build's output is the container image ${image.uri}. ` +
        "Lambda can't change the package type. Give the function another name, or build a package.",
    );
  }
}

/** Uploads a package under its hash. */
export async function uploadPackage(
  { artifactBucket, projectName }: Settings,
  job: Job,
  code: Omit<Package, 'notes'>,
): Promise<CodeLocation> {
  const address = { bucket: artifactBucket, key: `${projectName}/packages/${code.sha256Hex}.zip` };
  return {
    S3Bucket: address.bucket,
    S3Key: address.key,
    S3ObjectVersion: await uploadFile(address, code.file, code.codeSha256, job.encryptionKey),
  };
}
