import { ObjectOutput } from './s3';
import { ApiCall, HttpRequest, HttpResponse } from '../http';

/** Reads a path-style request for PutObject, GetObject or HeadObject. Returns undefined for other requests. */
export function s3Call(request: HttpRequest): ApiCall | undefined {
  const [, bucket, ...key] = request.path.split('/').map(decodeURIComponent);
  const operation = { PUT: 'PutObject', GET: 'GetObject', HEAD: 'HeadObject' }[request.method];
  const other = [...request.query.keys()].some((name) => name !== 'x-id' && name !== 'versionId');
  if (!operation || other || key.join('/') === '' || request.headers['x-amz-copy-source']) {
    return undefined;
  }
  const address = { Bucket: bucket, Key: key.join('/') };
  if (operation !== 'PutObject') {
    return { operation, input: { ...address, VersionId: request.query.get('versionId') ?? undefined } };
  }
  return { operation, input: { ...address, ...putHeaders(request.headers), Body: bodyOf(request) } };
}

function putHeaders(headers: Record<string, string>) {
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  return {
    ContentType: headers['content-type'],
    ServerSideEncryption: headers['x-amz-server-side-encryption'],
    SSEKMSKeyId: headers['x-amz-server-side-encryption-aws-kms-key-id'],
    Tagging: headers['x-amz-tagging'],
    ACL: headers['x-amz-acl'],
    Metadata: Object.fromEntries(metadata.map(([name, value]) => [name.slice('x-amz-meta-'.length), value])),
  };
}

function bodyOf(request: HttpRequest): Buffer {
  const chunked =
    request.headers['x-amz-content-sha256']?.startsWith('STREAMING-') ||
    request.headers['content-encoding']?.includes('aws-chunked');
  return chunked ? unchunk(request.body) : request.body;
}

/** Decodes a body in aws-chunked encoding: a line with the hexadecimal size precedes each chunk; trailers follow. */
function unchunk(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let position = 0; position < body.length;) {
    const lineEnd = body.indexOf('\r\n', position);
    const size = parseInt(body.toString('latin1', position, lineEnd), 16);
    if (!size) {
      break;
    }
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    position = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(chunks);
}

/** Renders the response for an object. */
export function s3Response(operation: string, output: ObjectOutput): HttpResponse {
  const headers: Record<string, string | undefined> = {
    etag: output.ETag,
    'x-amz-version-id': output.VersionId,
    'x-amz-server-side-encryption': output.ServerSideEncryption,
    'x-amz-server-side-encryption-aws-kms-key-id': output.SSEKMSKeyId,
  };
  if (operation !== 'PutObject') {
    headers['accept-ranges'] = 'bytes';
    headers['content-type'] = output.ContentType;
    headers['content-length'] = String(output.ContentLength);
    headers['last-modified'] = new Date(output.LastModified).toUTCString();
    for (const [name, value] of Object.entries(output.Metadata)) {
      headers[`x-amz-meta-${name}`] = value;
    }
  }
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { status: 200, headers: Object.fromEntries(given), body: (operation === 'GetObject' && output.Body) || '' };
}

/** Renders an error of S3. */
export function s3Error(status: number, code: string, message: string): HttpResponse {
  const escape = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>' +
    `<Error><Code>${escape(code)}</Code><Message>${escape(message)}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
