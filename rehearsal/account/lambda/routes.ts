import { HttpAnswer, HttpRequest } from '../server';

/** An operation and its input, as a request to Lambda's REST interface names them. */
export interface LambdaCall {
  readonly operation: string;
  readonly input: any;
}

const FUNCTIONS = '/2015-03-31/functions';

/** Method, path and operation; `:name` takes a part of the path. */
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
  ['POST', '/2017-03-31/tags/:Resource', 'TagResource'],
];

/** The operation that a request asks for; undefined when it's none of the rehearsed ones. */
export function lambdaCall(request: HttpRequest): LambdaCall | undefined {
  const parts = request.path.replace(/\/$/, '').split('/').map(decodeURIComponent);
  for (const [method, path, operation] of ROUTES) {
    const pattern = path.split('/');
    const fits =
      pattern.length === parts.length && pattern.every((part, index) => part.startsWith(':') || part === parts[index]);
    if (method !== request.method || !fits) {
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

/** The status and the headers that Lambda's REST interface answers with. */
export function lambdaAnswer(operation: string, output: any): HttpAnswer {
  if (operation === 'Invoke') {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (output.FunctionError) {
      headers['x-amz-function-error'] = output.FunctionError;
    }
    if (output.ExecutedVersion) {
      headers['x-amz-executed-version'] = output.ExecutedVersion;
    }
    return { status: output.StatusCode, headers, body: output.Payload ?? '' };
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

function bodyOf(operation: string, request: HttpRequest): any {
  if (operation === 'Invoke') {
    return { Payload: request.body, InvocationType: request.headers['x-amz-invocation-type'] };
  }
  return request.body.length === 0 ? {} : JSON.parse(request.body.toString());
}
