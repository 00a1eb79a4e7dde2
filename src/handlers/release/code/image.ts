import { configurationError } from '../base/failure';
import { IMAGE_FILE } from '../contract';
import { ZipArchive } from './zip/zip-archive';

/** A container image in ECR, pinned by its digest. */
export interface Image {
  readonly uri: string;
  readonly digest: string;
}

/** Reads the image that an artifact names; undefined if it names none. */
export async function findImage(archive: ZipArchive): Promise<Image | undefined> {
  const entry = archive.find(IMAGE_FILE);
  return entry && parseImageDetail(await archive.readText(entry));
}

/** Reads `imageDetail.json`. Somebody can move a tag to another image, so the image must be pinned by its digest. */
export function parseImageDetail(text: string): Image {
  const uri = readImageUri(text);
  const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(uri) ?? [];
  if (digest) {
    return { uri, digest };
  }
  throw configurationError(
    `The ImageURI in ${IMAGE_FILE} must be pinned by its digest, like <repository>@sha256:<64 hex digits>, ` +
      `got '${uri.slice(0, 500)}'. Write the digest of the image that you pushed: ` +
      "docker inspect --format '{{index .RepoDigests 0}}' <repository>:<tag>",
  );
}

function readImageUri(text: string): string {
  try {
    return String(JSON.parse(text).ImageURI);
  } catch (error) {
    throw configurationError(
      `${IMAGE_FILE} must be JSON like {"ImageURI":"<repository>@sha256:<digest>"}, ` +
        `got '${text.slice(0, 200)}': ${(error as Error).message}`,
    );
  }
}
