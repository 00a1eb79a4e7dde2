import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { AwsError, NotRehearsedError } from '../../base/aws-error';
import type { Account } from '../account';
import { Caller } from '../iam/iam';
import { Operation, Service } from '../service';

/** A bucket. Its objects are in files. */
export interface Bucket {
  readonly name: string;
  readonly versioned: boolean;
  /** The customer managed key for new objects. */
  readonly keyArn?: string;
  readonly objects: Record<string, ObjectVersion[]>;
}

/** A version of an object. The last version of a list is the current one. */
export interface ObjectVersion {
  readonly versionId: string;
  readonly size: number;
  readonly eTag: string;
  readonly contentType: string;
  readonly lastModified: number;
  readonly metadata: Record<string, string>;
  readonly encryption: string;
  readonly keyArn?: string;
}

/** The address of an object. */
export interface ObjectInput {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
}

/** An object to write. */
export interface PutObjectInput extends ObjectInput {
  readonly Body: Buffer;
  readonly ContentType?: string;
  readonly ServerSideEncryption?: string;
  readonly SSEKMSKeyId?: string;
  readonly Metadata?: Record<string, string>;
  readonly Tagging?: string;
  readonly ACL?: string;
}

/** A version of an object, as S3 returns it. */
export interface ObjectOutput {
  readonly ETag: string;
  readonly VersionId?: string;
  readonly ContentLength: number;
  readonly ContentType: string;
  readonly LastModified: number;
  readonly Metadata: Record<string, string>;
  readonly ServerSideEncryption: string;
  readonly SSEKMSKeyId?: string;
  readonly Body?: Buffer;
}

/** The buckets. */
export class S3 implements Service {
  readonly prefix = 's3';

  readonly operations: Record<string, Operation> = {
    PutObject: { resources: objectArns, run: (input: PutObjectInput, caller) => this.put(input, caller) },
    GetObject: {
      action: readAction,
      resources: objectArns,
      run: (input: ObjectInput, caller) => this.get(input, caller),
    },
    HeadObject: {
      action: readAction,
      resources: objectArns,
      run: (input: ObjectInput, caller) => ({ ...this.get(input, caller), Body: undefined }),
    },
  };

  constructor(private readonly account: Account) {}

  addBucket(name: string, versioned: boolean, keyArn?: string): void {
    const buckets = this.account.state.buckets;
    buckets[name] = { name, versioned, keyArn, objects: buckets[name]?.objects ?? {} };
  }

  bucket(name: string): Bucket {
    const bucket = this.account.state.buckets[name];
    if (!bucket) {
      throw new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist');
    }
    return bucket;
  }

  private put(input: PutObjectInput, caller: Caller): ObjectOutput {
    const bucket = this.bucket(input.Bucket);
    const { encryption, keyArn } = this.encryptionOf(bucket, input);
    if (keyArn && keyArn !== this.managedKey()) {
      this.account.calls.check(caller, 'kms:GenerateDataKey', keyArn);
    }
    for (const [given, action] of [
      [input.Tagging, 's3:PutObjectTagging'],
      [input.ACL, 's3:PutObjectAcl'],
    ]) {
      if (given) {
        this.account.calls.check(caller, action!, objectArns(input)[0]);
      }
    }
    const version: ObjectVersion = {
      versionId: bucket.versioned ? this.account.nextId('version', 32) : 'null',
      size: input.Body.length,
      eTag: createHash('md5').update(input.Body).digest('hex'),
      contentType: input.ContentType ?? 'binary/octet-stream',
      lastModified: this.account.clock.now(),
      metadata: input.Metadata ?? {},
      encryption,
      keyArn,
    };
    this.write(bucket.name, input.Key, version.versionId, input.Body);
    bucket.objects[input.Key] = [...(bucket.versioned ? (bucket.objects[input.Key] ?? []) : []), version];
    return describe(bucket, version);
  }

  private get(input: ObjectInput, caller: Caller): ObjectOutput {
    const bucket = this.bucket(input.Bucket);
    const versions = bucket.objects[input.Key] ?? [];
    const version = input.VersionId
      ? versions.find((candidate) => candidate.versionId === input.VersionId)
      : versions.at(-1);
    if (!version) {
      throw this.missing(bucket, input, caller);
    }
    if (version.keyArn && version.keyArn !== this.managedKey()) {
      this.account.calls.check(caller, 'kms:Decrypt', version.keyArn);
    }
    return {
      ...describe(bucket, version),
      Body: fs.readFileSync(this.file(bucket.name, input.Key, version.versionId)),
    };
  }

  /** S3 reports a missing object only to callers that may list the bucket; others get the denial of that. */
  private missing(bucket: Bucket, input: ObjectInput, caller: Caller): AwsError {
    this.account.iam.authorize(caller, 's3:ListBucket', `arn:aws:s3:::${bucket.name}`);
    return input.VersionId
      ? new AwsError(404, 'NoSuchVersion', 'The specified version does not exist.')
      : new AwsError(404, 'NoSuchKey', 'The specified key does not exist.');
  }

  private encryptionOf(bucket: Bucket, input: PutObjectInput): { encryption: string; keyArn?: string } {
    if (input.ServerSideEncryption && !['AES256', 'aws:kms'].includes(input.ServerSideEncryption)) {
      throw new NotRehearsedError(`server-side encryption ${input.ServerSideEncryption}`);
    }
    if (input.ServerSideEncryption === 'AES256') {
      return { encryption: 'AES256' };
    }
    const own = input.ServerSideEncryption === 'aws:kms' ? this.managedKey() : bucket.keyArn;
    const keyArn = input.SSEKMSKeyId ?? own;
    return { encryption: keyArn ? 'aws:kms' : 'AES256', keyArn };
  }

  /** The AWS managed key `aws/s3`: its policy allows everybody in the account who may use the object. */
  private managedKey(): string {
    return this.account.arn('kms', 'key/5e5e5e5e-0000-4000-8000-000000000000');
  }

  private write(bucket: string, key: string, versionId: string, body: Buffer): void {
    const file = this.file(bucket, key, versionId);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, body);
  }

  private file(bucket: string, key: string, versionId: string): string {
    return path.join(
      this.account.folder,
      's3',
      bucket,
      `${createHash('sha256').update(key).digest('hex').slice(0, 24)}-${versionId}`,
    );
  }
}

function describe(bucket: Bucket, version: ObjectVersion): ObjectOutput {
  return {
    ETag: `"${version.eTag}"`,
    VersionId: bucket.versioned ? version.versionId : undefined,
    ContentLength: version.size,
    ContentType: version.contentType,
    LastModified: version.lastModified,
    Metadata: version.metadata,
    ServerSideEncryption: version.encryption,
    SSEKMSKeyId: version.keyArn,
  };
}

function objectArns({ Bucket, Key }: ObjectInput): string[] {
  return [`arn:aws:s3:::${Bucket}/${Key}`];
}

function readAction({ VersionId }: ObjectInput): string {
  return VersionId ? 's3:GetObjectVersion' : 's3:GetObject';
}
