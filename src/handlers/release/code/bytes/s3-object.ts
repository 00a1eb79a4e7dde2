import { GetObjectCommand, GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { ByteSource, collect } from './byte-source';
import { s3 } from '../../aws/clients';
import {
  configurationError,
  isDenied,
  isNamed,
  jobFailed,
  ReleaseFailure,
  systemUnavailable,
} from '../../base/failure';
import { log } from '../../base/log';

/** The first request reads these bytes of the end, where a zip has its directory: small objects need no second one. */
const END_BYTES = 256 * 1024;
/** How often in a row a broken connection may deliver nothing. The SDK retries requests, but not their bodies. */
const BROKEN_CONNECTIONS = 5;

/** An object's address. */
export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

/** Opens an object. Each read is conditional on its ETag: if the object is replaced meanwhile, the read fails. */
export async function openObject(address: ObjectAddress): Promise<ByteSource> {
  let first: GetObjectCommandOutput;
  try {
    first = await get(address, `bytes=-${END_BYTES}`);
  } catch (error) {
    if (isNamed(error, 'InvalidRange')) {
      return new S3Object(address, 0, Buffer.alloc(0)); // an empty object has no range
    }
    throw error;
  }
  const size = Number(/\/(\d+)$/.exec(first.ContentRange ?? '')?.[1]);
  const end = await collect(first.Body as unknown as AsyncIterable<Buffer>);
  return new S3Object(address, Number.isNaN(size) ? end.length : size, end, first.ETag);
}

class S3Object implements ByteSource {
  public readonly name: string;

  constructor(
    private readonly address: ObjectAddress,
    public readonly size: number,
    private readonly end: Buffer,
    private readonly eTag?: string,
  ) {
    this.name = nameOfObject(address);
  }

  public async read(start: number, length: number): Promise<Buffer> {
    return collect(this.stream(start, length));
  }

  public async *stream(start: number, length: number): AsyncIterable<Buffer> {
    const endStart = this.size - this.end.length;
    if (start >= endStart) {
      yield this.end.subarray(start - endStart, start - endStart + length);
      return;
    }
    let position = start;
    let failures = 0;
    while (position < start + length) {
      const body = await this.request(position, start + length - 1);
      const before = position;
      let cause = 'it ended too early';
      try {
        for await (const chunk of body) {
          position += chunk.length;
          yield chunk;
        }
      } catch (error) {
        cause = String(error);
      }
      failures = position > before ? 0 : failures + 1;
      if (position < start + length) {
        this.noteBrokenConnection(cause, failures);
      }
    }
  }

  private async request(first: number, last: number): Promise<AsyncIterable<Buffer>> {
    const { Body } = await get(this.address, `bytes=${first}-${last}`, this.eTag);
    return Body as unknown as AsyncIterable<Buffer>;
  }

  private noteBrokenConnection(cause: string, failures: number): void {
    log('the connection to S3 broke', { object: this.name, cause, failures });
    if (failures >= BROKEN_CONNECTIONS) {
      throw systemUnavailable(
        `The connection to S3 broke ${failures} times in a row while the release function read ${this.name} ` +
          `(${cause}). Retry the stage.`,
      );
    }
  }
}

async function get(address: ObjectAddress, range: string, eTag?: string): Promise<GetObjectCommandOutput> {
  const { bucket, key } = address;
  try {
    return await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: range, IfMatch: eTag }));
  } catch (error) {
    if (isNamed(error, 'NoSuchKey') || (isDenied(error) && error.message.includes('s3:ListBucket'))) {
      // S3 reports a missing object as a denial to a role that may not list the bucket.
      throw configurationError(
        `The artifact ${nameOfObject(address)} does not exist: it expired or somebody deleted it. ` +
          'Run the pipeline again.',
      );
    }
    if (isNamed(error, 'PreconditionFailed')) {
      throw jobFailed(
        `Somebody replaced ${nameOfObject(address)} while the release function read it. Run the pipeline again.`,
      );
    }
    throw explainDenial(error, 's3:GetObject', address, 'S3 also denies access to an object that has expired. ');
  }
}

/** S3's own denial names neither the request nor the object. */
export function explainDenial(error: unknown, action: string, address: ObjectAddress, more = ''): unknown {
  if (!isDenied(error)) {
    return error;
  }
  return new ReleaseFailure(
    'PermissionError',
    `The release function was denied ${action} on ${nameOfObject(address)}: ${error.message} (${error.name}). ` +
      `${more}Check its role, the bucket policy, and the key policy if the bucket has a key.`,
  );
}

function nameOfObject({ bucket, key }: ObjectAddress): string {
  return `s3://${bucket}/${key}`;
}
