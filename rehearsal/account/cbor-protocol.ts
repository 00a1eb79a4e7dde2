import { cbor, tag } from '@smithy/core/cbor';
import type { HttpAnswer, HttpRequest } from './server';
import type { AwsError } from '../base/aws-error';

/** Requests in the protocol that newer versions of boto3 and of the AWS CLI prefer: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html. */
export function isCbor({ headers }: HttpRequest): boolean {
  return headers['smithy-protocol'] === 'rpc-v2-cbor';
}

/** The operation and the input of a request. */
export function cborCall({ path, body }: HttpRequest): { operation: string; input: any } {
  const operation = path.split('/').at(-1)!;
  return { operation, input: body.length === 0 ? {} : plain(cbor.deserialize(body)) };
}

export function cborAnswer(output: unknown): HttpAnswer {
  return answer(200, tagTimes(JSON.parse(JSON.stringify(output))));
}

export function cborError({ statusCode, code, message }: AwsError): HttpAnswer {
  return answer(statusCode < 500 ? 400 : statusCode, { __type: code, message });
}

function answer(status: number, value: unknown): HttpAnswer {
  const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
  return { status, headers, body: Buffer.from(cbor.serialize(value)) };
}

/** Times arrive as a tag with the seconds, which JSON has as a number. */
function plain(value: any): any {
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    return value;
  }
  return value.tag === 1
    ? value.value
    : Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

/** The services return times as a number of seconds, in members with such a name. */
function tagTimes(value: any, name = ''): any {
  if (Array.isArray(value)) {
    return value.map((part) => tagTimes(part));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, tagTimes(part, key)]));
  }
  return typeof value === 'number' && /(Time|Timestamp|At|Date)$/.test(name) ? tag({ tag: 1, value }) : value;
}
