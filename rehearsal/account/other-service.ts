import type { Account } from './account';
import { HttpRequest, HttpResponse } from './http';
import { Caller } from './iam/iam';

/** A call of a service that the account does not have. */
export interface OtherCall {
  /** The signing name. */
  readonly service: string;
  readonly request: HttpRequest;
  readonly caller: Caller;
}

/** Headers of a connection, which do not belong to a request or a response. */
const OF_CONNECTION = ['connection', 'content-length', 'expect', 'host', 'keep-alive', 'transfer-encoding'];

/** Hands a call over to the user's stand-in for the service. Without one, the call is not rehearsed. */
export async function callOther(account: Account, { service, request, caller }: OtherCall): Promise<HttpResponse> {
  const operation = request.headers['x-amz-target']?.split('.').at(-1);
  if (operation && !account.iam.isOwn(caller.role.arn)) {
    account.calls.checkAction(caller, `${service}:${operation}`);
  }
  const endpoint = account.endpoints[service];
  if (!endpoint) {
    throw account.refuseCall(caller, operation ? `${operation} of ${service}` : `the service ${service}`);
  }
  return forward(endpoint, request);
}

async function forward(endpoint: string, { method, path, query, headers, body }: HttpRequest): Promise<HttpResponse> {
  const text = query.toString();
  const response = await fetch(`${endpoint.replace(/\/$/, '')}${path}${text ? `?${text}` : ''}`, {
    method,
    headers: withoutConnection(Object.entries(headers)),
    body: body.length > 0 ? new Uint8Array(body) : undefined,
  });
  return {
    status: response.status,
    headers: withoutConnection([...response.headers].filter(([name]) => name !== 'content-encoding')),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

function withoutConnection(headers: [string, string][]): Record<string, string> {
  return Object.fromEntries(headers.filter(([name]) => !OF_CONNECTION.includes(name)));
}
