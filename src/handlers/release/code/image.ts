import { ZipEntry } from './zip';
import { configurationError } from '../base/failure';
import { IMAGE_FILE } from '../contract';

/** A container image in ECR, pinned by its digest. */
export interface Image {
  readonly uri: string;
  readonly digest: string;
}

/** The image that an artifact tells of, or undefined when it tells of none. */
export function findImage(entries: ZipEntry[]): Image | undefined {
  const entry = entries.find((each) => each.name === IMAGE_FILE);
  return entry && parseImageDetail(entry.read().toString('utf8'));
}

/** Reads `imageDetail.json`. A tag may point to another image tomorrow, so only a digest is taken. */
export function parseImageDetail(text: string): Image {
  const uri = readImageUri(text);
  const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(uri) ?? [];
  if (digest) {
    return { uri, digest };
  }
  throw configurationError(
    `the ImageURI in ${IMAGE_FILE} must be pinned by its digest, like <repository>@sha256:<64 hex digits>, got '${uri}'. ` +
      "Write the digest of the image that was pushed: docker inspect --format '{{index .RepoDigests 0}}' <repository>:<tag>",
  );
}

function readImageUri(text: string): string {
  try {
    return String(JSON.parse(text).ImageURI);
  } catch (error) {
    throw configurationError(
      `${IMAGE_FILE} must be JSON like {"ImageURI":"<repository>@sha256:<digest>"}, got '${text.slice(0, 200)}': ${(error as Error).message}`,
    );
  }
}
