import * as fs from 'node:fs';
import * as path from 'node:path';
import { HttpRequest, HttpResponse, signatureOf } from './http';

/** Headers of the operation. The others belong to the transport or contain credentials. */
const KEPT = /^(content-type|smithy-protocol|x-amz-(?!date|security|content|user|id-2)|x-amzn-(?!requestid))/;

/**
 * Appends a request and its response to a file in the folder `REHEARSAL_RECORDING`. The tests compare these recordings
 * with AWS's service models.
 */
export function record(request: HttpRequest, response: HttpResponse): void {
  const folder = process.env.REHEARSAL_RECORDING;
  const { service } = signatureOf(request);
  if (!folder || !service) {
    return;
  }
  const exchange = {
    service,
    method: request.method,
    path: request.path,
    query: request.query.toString(),
    headers: kept(request.headers),
    body: encoded(service, request),
    answer: { status: response.status, headers: kept(response.headers), body: encoded(service, response) },
  };
  fs.mkdirSync(folder, { recursive: true });
  fs.appendFileSync(path.join(folder, `${process.pid}.jsonl`), `${JSON.stringify(exchange)}\n`);
}

function kept(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT.test(name)));
}

/** Returns the body in base64, without the content of objects. */
function encoded(service: string, { headers, body }: Pick<HttpResponse, 'headers' | 'body'>): string {
  const isObject = service === 's3' && headers['content-type'] !== 'application/xml';
  return isObject ? '' : Buffer.from(body).toString('base64');
}
