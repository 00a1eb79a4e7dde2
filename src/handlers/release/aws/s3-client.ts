import { createHash, createHmac, Hash, Hmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { SignatureV4 } from '@smithy/signature-v4';

/*
 * S3 for the bundle, in the place of `@aws-sdk/client-s3`: its two calls that the release function makes, signed by the SDK's own signer.
 * The SDK's client is a fifth of the whole bundle, and the package has a limit.
 */

interface GetObjectInput {
  readonly Bucket: string;
  readonly Key: string;
}

interface PutObjectInput extends GetObjectInput {
  readonly Body: Buffer;
  readonly ServerSideEncryption?: string;
  readonly SSEKMSKeyId?: string;
}

interface S3Output {
  readonly VersionId?: string;
  readonly Body: { transformToByteArray(): Promise<Uint8Array> };
}

interface S3Request {
  readonly method: 'GET' | 'PUT';
  readonly bucket: string;
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly body?: Buffer;
}

/** Reads an object. */
export class GetObjectCommand {
  public readonly request: S3Request;

  constructor({ Bucket, Key }: GetObjectInput) {
    this.request = { method: 'GET', bucket: Bucket, key: Key, headers: {} };
  }
}

/** Writes an object. */
export class PutObjectCommand {
  public readonly request: S3Request;

  constructor({ Bucket, Key, Body, ServerSideEncryption, SSEKMSKeyId }: PutObjectInput) {
    this.request = {
      method: 'PUT',
      bucket: Bucket,
      key: Key,
      body: Body,
      headers: {
        'content-length': String(Body.length),
        ...(ServerSideEncryption ? { 'x-amz-server-side-encryption': ServerSideEncryption } : {}),
        ...(SSEKMSKeyId ? { 'x-amz-server-side-encryption-aws-kms-key-id': SSEKMSKeyId } : {}),
      },
    };
  }
}

/** Sends a command, and again when S3 or the way to it fails. */
export class S3Client {
  private readonly region = process.env.AWS_REGION ?? 'us-east-1';
  private readonly signer = new SignatureV4({
    service: 's3',
    region: this.region,
    credentials: fromEnv(),
    sha256: Sha256,
    uriEscapePath: false,
  });

  constructor(private readonly options: { readonly maxAttempts: number }) {}

  public async send({ request }: GetObjectCommand | PutObjectCommand): Promise<S3Output> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.attempt(request).catch((error: Error) => error);
      const retryable = response instanceof Error || response.status >= 500 || response.status === 429;
      if (!retryable || attempt >= this.options.maxAttempts) {
        if (response instanceof Error) {
          throw response;
        }
        return output(response);
      }
      await sleep(100 * 2 ** attempt);
    }
  }

  private async attempt({ method, bucket, key, headers, body }: S3Request): Promise<Response> {
    const { protocol, host, hostname, port, path } = this.address(bucket, key);
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const signed = await this.signer.sign({
      method,
      protocol,
      hostname,
      port,
      path,
      body,
      query: {},
      headers: { host, ...headers, 'x-amz-content-sha256': hash },
    });
    const { host: ignored, ...sent } = signed.headers;
    return fetch(`${protocol}//${host}${path}`, { method, headers: sent, body: body && new Uint8Array(body) });
  }

  /** A bucket is part of the host at AWS, and of the path at an endpoint of one's own. */
  private address(bucket: string, key: string) {
    const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
    const suffix = this.region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    const { protocol, host, hostname, port } = new URL(endpoint ?? `https://${bucket}.s3.${this.region}.${suffix}`);
    const escaped = key.split('/').map(escape).join('/');
    return {
      protocol,
      host,
      hostname,
      port: port ? Number(port) : undefined,
      path: endpoint ? `/${bucket}/${escaped}` : `/${escaped}`,
    };
  }
}

async function output(response: Response): Promise<S3Output> {
  const body = Buffer.from(await response.arrayBuffer());
  if (!response.ok) {
    throw s3Error(response.status, body.toString('utf8'));
  }
  return {
    VersionId: response.headers.get('x-amz-version-id') ?? undefined,
    Body: { transformToByteArray: async () => body },
  };
}

/** S3 names its errors in the body: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function s3Error(status: number, body: string): Error {
  const field = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];
  const error = new Error(field('Message') ?? `S3 answered ${status}`);
  error.name = field('Code') ?? `Status${status}`;
  return Object.assign(error, { $metadata: { httpStatusCode: status } });
}

/** As the signature wants it: everything but letters, digits and - . _ ~ */
function escape(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Node's own hash in the form that the signer takes. */
class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }

  public update(data: Uint8Array): void {
    this.hash.update(data);
  }

  public async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  public reset(): void {}
}
