import { cbor, tag } from '@smithy/core/cbor';
import { ApiCall, HttpRequest, HttpResponse } from './http';
import type { AwsError } from '../base/aws-error';

/**
 * Whether a request has the protocol of newer versions of boto3 and of the AWS CLI:
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export function isCbor({ headers }: HttpRequest): boolean {
  return headers['smithy-protocol'] === 'rpc-v2-cbor';
}

/** Reads a request in CBOR. */
export function cborCall({ path, body }: HttpRequest): ApiCall {
  const operation = path.split('/').at(-1)!;
  return { operation, input: body.length === 0 ? {} : (plain(cbor.deserialize(body)) as object) };
}

/** Renders a response in CBOR. */
export function cborResponse(output: unknown): HttpResponse {
  return response(200, tagTimes(JSON.parse(JSON.stringify(output))));
}

/** Renders an error in CBOR. */
export function cborError({ statusCode, code, message }: AwsError): HttpResponse {
  return response(statusCode < 500 ? 400 : statusCode, { __type: code, message });
}

function response(status: number, value: unknown): HttpResponse {
  const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
  return { status, headers, body: Buffer.from(cbor.serialize(value)) };
}

/** Converts times, which arrive as a tag with the seconds, to the numbers that JSON contains. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return value;
  }
  const { tag: kind, value: seconds } = value as { readonly tag?: unknown; readonly value?: unknown };
  return kind === 1 ? seconds : Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

/** Tags times, which the services return as numbers of seconds in members with such a name. */
function tagTimes(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    return value.map((part) => tagTimes(part, name.replace(/s$/, '')));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, tagTimes(part, key)]));
  }
  return typeof value === 'number' && /(Time|Timestamp|At|Date)$/.test(name) ? tag({ tag: 1, value }) : value;
}
