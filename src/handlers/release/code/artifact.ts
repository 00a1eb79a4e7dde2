import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { readZip, writeZip } from './zip';
import { s3 } from '../aws/clients';
import { configurationError, isDenied, isNamed, ReleaseFailure } from '../base/failure';
import { Artifact } from '../job/job';

/** Reads an object; S3's own denial names neither the call nor the object. */
async function readObject(bucket: string, key: string): Promise<Buffer> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from(await Body!.transformToByteArray());
  } catch (error) {
    if (isNamed(error, 'NoSuchKey') || (isDenied(error) && error.message.includes('s3:ListBucket'))) {
      // S3 reports a missing object as a denial to a role that may not list the bucket
      throw configurationError(
        `the artifact s3://${bucket}/${key} is gone: it has expired or was deleted. Run the pipeline again.`,
      );
    }
    throw explainDenial(error, 's3:GetObject', bucket, key);
  }
}

/** Writes an object, with the pipeline's key when it has one, and returns its version if the bucket keeps versions. */
export async function writeObject(
  bucket: string,
  key: string,
  body: Buffer,
  encryptionKey?: string,
): Promise<string | undefined> {
  try {
    const encryption = encryptionKey ? { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: encryptionKey } : {};
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...encryption }));
    return VersionId;
  } catch (error) {
    throw explainDenial(error, 's3:PutObject', bucket, key);
  }
}

function explainDenial(error: unknown, action: string, bucket: string, key: string): unknown {
  if (!isDenied(error)) {
    return error;
  }
  return new ReleaseFailure(
    'PermissionError',
    `the release function was denied ${action} on s3://${bucket}/${key}: ${error.message} (${error.name}). ` +
      'Look at its role, at the bucket policy, and at the key of the bucket if it has one.',
  );
}

/** The zip of an input artifact. */
export async function readArtifact({ location }: Artifact): Promise<Buffer> {
  return readObject(location.s3Location.bucketName, location.s3Location.objectKey);
}

/** The text of one file of an input artifact. */
export async function readArtifactFile(artifact: Artifact, name: string): Promise<string> {
  const entries = readZip(await readArtifact(artifact));
  const entry = entries.find((each) => each.name === name);
  if (entry) {
    return entry.read().toString('utf8');
  }
  throw configurationError(
    `the artifact ${artifact.name} must hold ${name}; it holds: ${entries.map((each) => each.name).join(', ') || 'nothing'}`,
  );
}

/** Writes an output artifact that holds one file. */
export async function writeArtifactFile(
  { location }: Artifact,
  name: string,
  text: string,
  encryptionKey?: string,
): Promise<void> {
  const zip = writeZip([{ name, mode: 0o100644, content: Buffer.from(text) }]);
  await writeObject(location.s3Location.bucketName, location.s3Location.objectKey, zip, encryptionKey);
}
