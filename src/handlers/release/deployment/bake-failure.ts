import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { s3 } from '../aws/clients';
import { isDenied, isNamed, toFailure } from '../base/failure';
import { log } from '../base/log';
import { readSettings, Settings } from '../base/settings';

/** The status of a hook has no message, so the reason of a failed bake waits in the artifact bucket for the step. */
function keyOf(deploymentId: string): string {
  return `bake/${deploymentId}.txt`;
}

/** Writes the reason. A failed write must not delay the status of the hook. */
export async function writeBakeFailure(deploymentId: string, reason: string): Promise<void> {
  try {
    const { artifactBucket } = readSettings();
    await s3.send(new PutObjectCommand({ Bucket: artifactBucket, Key: keyOf(deploymentId), Body: reason }));
  } catch (error) {
    log('the reason of the failed bake was not written', { deploymentId, error: toFailure(error).message });
  }
}

/** Reads the reason. Undefined if the bake did not fail. */
export async function readBakeFailure({ artifactBucket }: Settings, deploymentId: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: artifactBucket, Key: keyOf(deploymentId) }));
    return await Body?.transformToString();
  } catch (error) {
    // Without s3:ListBucket, S3 denies access to an object that does not exist.
    if (isNamed(error, 'NoSuchKey') || isDenied(error)) {
      return undefined;
    }
    throw error;
  }
}
