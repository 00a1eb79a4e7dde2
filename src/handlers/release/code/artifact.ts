import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, PutObjectCommandInput } from '@aws-sdk/client-s3';
import { s3 } from '../aws/clients';
import { configurationError, isDenied, toFailure } from '../base/failure';
import { log } from '../base/log';
import { Artifact } from '../job/job';
import { explainDenial, ObjectAddress, openObject } from './bytes/s3-object';
import { TemporaryFile } from './bytes/temporary-file';
import { ZipArchive } from './zip/zip-archive';
import { writeZip } from './zip/zip-writer';

/** The SDK retries no request with a stream. */
const UPLOAD_ATTEMPTS = 5;
const SHOWN_NAMES = 10;

/** Opens the zip of an input artifact. */
export async function openArtifact({ location }: Artifact): Promise<ZipArchive> {
  const { bucketName, objectKey } = location.s3Location;
  return ZipArchive.open(await openObject({ bucket: bucketName, key: objectKey }));
}

/** Reads the text of one file of an input artifact. */
export async function readArtifactFile(artifact: Artifact, name: string): Promise<string> {
  const archive = await openArtifact(artifact);
  const entry = archive.find(name);
  if (entry) {
    return archive.readText(entry);
  }
  throw configurationError(
    `The artifact ${artifact.name} must contain ${name}, but it contains ${listNames(archive)}.`,
  );
}

/** The first names in an archive, for a message. */
export function listNames({ entries }: ZipArchive): string {
  const names = entries.slice(0, SHOWN_NAMES).map(({ name }) => name);
  const rest = entries.length - names.length;
  return names.length === 0 ? 'nothing' : `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Writes an output artifact that contains one file. */
export async function writeArtifactFile(
  { location }: Artifact,
  name: string,
  text: string,
  encryptionKey?: string,
): Promise<void> {
  const zip = writeZip([{ name, mode: 0o100644, content: Buffer.from(text) }]);
  await writeObject(location.s3Location.bucketName, location.s3Location.objectKey, zip, encryptionKey);
}

/** Writes an object, with the key of the pipeline if it has one. Returns the version if the bucket keeps versions. */
export async function writeObject(
  bucket: string,
  key: string,
  body: Buffer,
  encryptionKey?: string,
): Promise<string | undefined> {
  return put({ bucket, key }, { Body: body, ...encryptionWith(encryptionKey) });
}

/** Uploads a file as a stream. S3 refuses other bytes than those with this checksum (SHA-256 in base64). */
export async function uploadFile(
  address: ObjectAddress,
  file: TemporaryFile,
  checksum: string,
  encryptionKey?: string,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await put(address, {
        Body: Readable.from(file.stream(0, file.size)),
        ContentLength: file.size,
        ChecksumSHA256: checksum,
        ...encryptionWith(encryptionKey),
      });
    } catch (error) {
      if (toFailure(error).type !== 'SystemUnavailable' || attempt === UPLOAD_ATTEMPTS) {
        throw error;
      }
      log('the upload failed', { key: address.key, attempt, error: String(error) });
      await sleep(1000 * 2 ** attempt);
    }
  }
}

type ObjectContent = Omit<PutObjectCommandInput, 'Bucket' | 'Key'>;

async function put(address: ObjectAddress, content: ObjectContent): Promise<string | undefined> {
  try {
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: address.bucket, Key: address.key, ...content }));
    return VersionId;
  } catch (error) {
    throw isDenied(error) ? explainDenial(error, 's3:PutObject', address) : error;
  }
}

function encryptionWith(key?: string): Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId'> {
  return key ? { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key } : {};
}
