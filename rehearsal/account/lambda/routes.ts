import { ApiCall, HttpRequest, HttpResponse } from '../http';

const FUNCTIONS = '/2015-03-31/functions';

/** Method, path and operation; `:name` is a parameter in the path. */
const ROUTES: readonly [method: string, path: string, operation: string][] = [
  ['POST', FUNCTIONS, 'CreateFunction'],
  ['GET', `${FUNCTIONS}/:FunctionName`, 'GetFunction'],
  ['GET', `${FUNCTIONS}/:FunctionName/configuration`, 'GetFunctionConfiguration'],
  ['PUT', `${FUNCTIONS}/:FunctionName/configuration`, 'UpdateFunctionConfiguration'],
  ['PUT', `${FUNCTIONS}/:FunctionName/code`, 'UpdateFunctionCode'],
  ['POST', `${FUNCTIONS}/:FunctionName/versions`, 'PublishVersion'],
  ['GET', `${FUNCTIONS}/:FunctionName/versions`, 'ListVersionsByFunction'],
  ['POST', `${FUNCTIONS}/:FunctionName/aliases`, 'CreateAlias'],
  ['GET', `${FUNCTIONS}/:FunctionName/aliases`, 'ListAliases'],
  ['GET', `${FUNCTIONS}/:FunctionName/aliases/:Name`, 'GetAlias'],
  ['PUT', `${FUNCTIONS}/:FunctionName/aliases/:Name`, 'UpdateAlias'],
  ['POST', `${FUNCTIONS}/:FunctionName/invocations`, 'Invoke'],
  ['POST', `${FUNCTIONS}/:FunctionName/policy`, 'AddPermission'],
  ['GET', '/2019-09-30/functions/:FunctionName/provisioned-concurrency', 'GetProvisionedConcurrencyConfig'],
  ['POST', '/2017-03-31/tags/:Resource', 'TagResource'],
  ['GET', '/2017-03-31/tags/:Resource', 'ListTags'],
];

/** Reads a request to Lambda. Returns undefined for an operation that is not rehearsed. */
export function lambdaCall(request: HttpRequest): ApiCall | undefined {
  const parts = request.path.replace(/\/$/, '').split('/').map(decodeURIComponent);
  for (const [method, path, operation] of ROUTES) {
    const pattern = path.split('/');
    const matches =
      pattern.length === parts.length && pattern.every((part, index) => part.startsWith(':') || part === parts[index]);
    if (method !== request.method || !matches) {
      continue;
    }
    const named = pattern.flatMap((part, index) => (part.startsWith(':') ? [[part.slice(1), parts[index]]] : []));
    return {
      operation,
      input: { ...bodyOf(operation, request), ...Object.fromEntries(request.query), ...Object.fromEntries(named) },
    };
  }
  return undefined;
}

/** The output of Invoke. */
interface InvokeOutput {
  readonly StatusCode: number;
  readonly FunctionError?: string;
  readonly ExecutedVersion?: string;
  readonly Payload?: string;
}

/** Renders the response of Lambda. */
export function lambdaResponse(operation: string, output: object): HttpResponse {
  if (operation === 'Invoke') {
    return invokeResponse(output as InvokeOutput);
  }
  const status = ['CreateFunction', 'CreateAlias', 'PublishVersion', 'AddPermission'].includes(operation)
    ? 201
    : operation === 'TagResource'
      ? 204
      : 200;
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: status === 204 ? '' : JSON.stringify(output),
  };
}

function invokeResponse({ StatusCode, FunctionError, ExecutedVersion, Payload = '' }: InvokeOutput): HttpResponse {
  const headers = {
    'content-type': 'application/json',
    ...(FunctionError ? { 'x-amz-function-error': FunctionError } : {}),
    ...(ExecutedVersion ? { 'x-amz-executed-version': ExecutedVersion } : {}),
  };
  return { status: StatusCode, headers, body: Payload };
}

function bodyOf(operation: string, request: HttpRequest): object {
  if (operation === 'Invoke') {
    return { Payload: request.body, InvocationType: request.headers['x-amz-invocation-type'] };
  }
  return request.body.length === 0 ? {} : JSON.parse(request.body.toString());
}
