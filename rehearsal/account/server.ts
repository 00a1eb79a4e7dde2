import * as http from 'node:http';
import { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Account } from './account';
import { cborCall, cborError, cborResponse, isCbor } from './cbor-protocol';
import { callOther } from './other-service';
import { AwsError } from '../base/aws-error';
import { PackageEndpoint } from './code-artifact/package-endpoint';
import { codeArtifactCall, codeArtifactResponse } from './code-artifact/routes';
import { HttpRequest, HttpResponse, signatureOf } from './http';
import { Caller } from './iam/iam';
import { downloadCode, isCodeRequest } from './lambda/code';
import { lambdaCall, lambdaResponse } from './lambda/routes';
import { queryCall, queryError, queryResponse } from './query-protocol';
import { record } from './recording';
import { s3Call, s3Error, s3Response } from './s3/routes';

/** Services with the JSON protocol: the operation is in a header. */
const JSON_SERVICES = ['ssm', 'monitoring', 'codebuild', 'codedeploy', 'codepipeline'];
/** Services with the query protocol: forms and XML. */
const QUERY_SERVICES = ['cloudformation', 'sns'];

/** Answers the AWS SDKs of processes on this machine. No other machine can reach it. */
export class Server {
  private readonly server = http.createServer((request, response) => void this.serve(request, response));
  private readonly packages: PackageEndpoint;

  constructor(private readonly account: Account) {
    this.packages = new PackageEndpoint(account);
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.account.endpoint = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const request = await read(incoming);
    const answer = await this.answer(request);
    record(request, answer);
    const { status, headers, body } = answer;
    response.writeHead(status, {
      date: dateOf(request) ?? new Date(this.account.clock.now()).toUTCString(),
      'x-amzn-requestid': this.account.nextUuid('request'),
      ...headers,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private async answer(request: HttpRequest): Promise<HttpResponse> {
    const { accessKeyId, service } = signatureOf(request);
    try {
      if (this.account.customResources.takes(request)) {
        return this.account.customResources.receive(request);
      }
      if (isCodeRequest(request)) {
        return downloadCode(this.account, request);
      }
      if (this.packages.takes(request)) {
        return await this.packages.answer(request);
      }
      const caller = this.account.iam.callerOf(accessKeyId);
      if (service === 'lambda') {
        return await this.lambda(request, caller);
      }
      if (service === 's3') {
        return await this.s3(request, caller);
      }
      if (service === 'codeartifact') {
        return await this.codeArtifact(request, caller);
      }
      if (QUERY_SERVICES.includes(service)) {
        return await this.query(service, request, caller);
      }
      if (JSON_SERVICES.includes(service)) {
        return await this.json(service, request, caller);
      }
      return await callOther(this.account, { service, request, caller });
    } catch (error) {
      return this.failure(service, request, error);
    }
  }

  private async lambda(request: HttpRequest, caller: Caller): Promise<HttpResponse> {
    const call = lambdaCall(request);
    if (!call) {
      throw this.account.refuseCall(caller, `${request.method} ${request.path} of lambda`);
    }
    return lambdaResponse(call.operation, await this.account.perform(caller, 'lambda', call.operation, call.input));
  }

  private async s3(request: HttpRequest, caller: Caller): Promise<HttpResponse> {
    const call = s3Call(request);
    if (!call) {
      throw this.account.refuseCall(caller, `${request.method} ${request.path}?${request.query} of s3`);
    }
    return s3Response(call.operation, await this.account.perform(caller, 's3', call.operation, call.input));
  }

  private async codeArtifact(request: HttpRequest, caller: Caller): Promise<HttpResponse> {
    const call = codeArtifactCall(request);
    if (!call) {
      throw this.account.refuse(`${request.method} ${request.path} of codeartifact`);
    }
    return codeArtifactResponse(await this.account.perform(caller, 'codeartifact', call.operation, call.input));
  }

  private async json(service: string, request: HttpRequest, caller: Caller): Promise<HttpResponse> {
    if (isCbor(request)) {
      const { operation, input } = cborCall(request);
      return cborResponse(await this.account.perform(caller, service, operation, input));
    }
    const operation = (request.headers['x-amz-target'] ?? '').split('.').at(-1)!;
    const input = request.body.length === 0 ? {} : JSON.parse(request.body.toString());
    const output = await this.account.perform(caller, service, operation, input);
    return { status: 200, headers: { 'content-type': request.headers['content-type'] }, body: JSON.stringify(output) };
  }

  private async query(service: string, request: HttpRequest, caller: Caller): Promise<HttpResponse> {
    const { operation, input } = queryCall(request);
    return queryResponse(operation, await this.account.perform(caller, service, operation, input));
  }

  private failure(service: string, request: HttpRequest, error: unknown): HttpResponse {
    const known =
      error instanceof AwsError
        ? error
        : this.account.refuse(`a call that ended with an unexpected error: ${(error as Error).stack ?? error}`);
    const { code, message } = known;
    if (service === 's3') {
      return s3Error(known.statusCode, code === 'AccessDeniedException' ? 'AccessDenied' : code, message);
    }
    if (isCbor(request)) {
      return cborError(known);
    }
    if (QUERY_SERVICES.includes(service)) {
      return queryError(known.statusCode, code === 'AccessDeniedException' ? 'AccessDenied' : code, message);
    }
    const status = JSON_SERVICES.includes(service) && known.statusCode < 500 ? 400 : known.statusCode;
    const body = JSON.stringify({ __type: code, Type: 'User', Message: message, message });
    return { status, headers: { 'content-type': 'application/json', 'x-amzn-errortype': code }, body };
  }
}

/** Returns the time of the caller. A build has the clock of this machine, and an SDK with another clock would retry. */
function dateOf({ headers }: HttpRequest): string | undefined {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers['x-amz-date'] ?? '') ?? [];
  const [year, month, ...rest] = parts.map(Number);
  return parts.length ? new Date(Date.UTC(year, month - 1, ...rest)).toUTCString() : undefined;
}

async function read(incoming: http.IncomingMessage): Promise<HttpRequest> {
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  return {
    method: incoming.method ?? 'GET',
    path: (incoming.url ?? '/').split('?')[0],
    query: url.searchParams,
    headers: incoming.headers as Record<string, string>,
    body: await buffer(incoming),
  };
}
