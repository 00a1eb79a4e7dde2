import { Scenario } from './scenario';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/11111111-1111-4111-8111-111111111111';
const stored = { ETag: '<any>', ServerSideEncryption: 'AES256' };
const checksum = { ChecksumCRC32: '<any>', ChecksumType: 'FULL_OBJECT' };
const NO_CHECKSUM = {
  ChecksumCRC32: 'the stand-in computes no checksums: nothing that it holds has crossed a network',
  ChecksumType: 'as above',
};
const read = {
  AcceptRanges: 'bytes',
  ContentType: 'application/octet-stream', // the SDK for JavaScript sends it; without it S3 answers binary/octet-stream
  LastModified: '<any>',
  Metadata: {},
  ...stored,
};

export const S3: Scenario[] = [
  {
    recorded:
      's3/test_s3.py TestS3 test_put_and_get_object_with_utf8_key, test_head_object_fields, test_get_object_no_such_bucket',
    service: 's3',
    given: ({ account }) => account.s3.addBucket('plain', false),
    steps: [
      {
        call: 'PutObject',
        input: { Bucket: 'plain', Key: 'Ā', Body: 'abc123' },
        answer: [200, { ...stored, ...checksum }],
        differs: NO_CHECKSUM,
      },
      {
        call: 'GetObject',
        input: { Bucket: 'plain', Key: 'Ā' },
        answer: [200, { ...read, ...checksum, ContentLength: 6, Body: 'abc123' }],
        differs: NO_CHECKSUM,
      },
      {
        call: 'HeadObject',
        input: { Bucket: 'plain', Key: 'Ā' },
        answer: [200, { ...read, ContentLength: 6 }],
      },
      {
        call: 'GetObject',
        input: { Bucket: 'nowhere', Key: 'a' },
        error: [404, 'NoSuchBucket', 'The specified bucket does not exist'],
      },
      {
        call: 'PutObject',
        input: { Bucket: 'nowhere', Key: 'a', Body: 'a' },
        error: [404, 'NoSuchBucket', 'The specified bucket does not exist'],
      },
      {
        call: 'GetObject',
        input: { Bucket: 'plain', Key: 'none' },
        error: [404, 'NoSuchKey', 'The specified key does not exist.'],
      },
    ],
  },
  {
    recorded:
      's3/test_s3_api.py TestS3ObjectCRUD test_delete_object_versioned, TestS3BucketObjectTagging test_put_object_with_tags',
    service: 's3',
    given: ({ account }) => account.s3.addBucket('versioned', true),
    steps: [
      {
        call: 'PutObject',
        input: {
          Bucket: 'versioned',
          Key: 'a',
          Body: 'one',
          Tagging: 'team=warehouse',
          Metadata: { commit: 'c0ffee' },
        },
        answer: [200, { ...stored, ...checksum, VersionId: '<version:1>' }],
        differs: NO_CHECKSUM,
      },
      {
        call: 'PutObject',
        input: { Bucket: 'versioned', Key: 'a', Body: 'another', ContentType: 'text/plain' },
        answer: [200, { ...stored, ...checksum, VersionId: '<version:2>' }],
        differs: NO_CHECKSUM,
      },
      {
        call: 'GetObject',
        input: { Bucket: 'versioned', Key: 'a' },
        answer: [
          200,
          {
            ...read,
            ...checksum,
            ContentType: 'text/plain',
            ContentLength: 7,
            Body: 'another',
            VersionId: '<version:2>',
          },
        ],
        differs: NO_CHECKSUM,
      },
      {
        call: 'HeadObject',
        input: { Bucket: 'versioned', Key: 'none' },
        error: [404, 'NotFound', 'UnknownError'],
      },
    ],
  },
  {
    recorded: 's3/test_s3.py TestS3 test_s3_sse_default_kms_key, test_s3_sse_validate_kms_key_state',
    service: 's3',
    given: ({ account }) => account.s3.addBucket('encrypted', false, KEY),
    steps: [
      {
        call: 'PutObject',
        input: { Bucket: 'encrypted', Key: 'a', Body: 'test-sse' },
        answer: [200, { ...stored, ...checksum, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KEY }],
        differs: NO_CHECKSUM,
      },
      {
        call: 'GetObject',
        input: { Bucket: 'encrypted', Key: 'a' },
        answer: [
          200,
          {
            ...read,
            ...checksum,
            ServerSideEncryption: 'aws:kms',
            SSEKMSKeyId: KEY,
            ContentLength: 8,
            Body: 'test-sse',
          },
        ],
        differs: NO_CHECKSUM,
      },
    ],
  },
];
