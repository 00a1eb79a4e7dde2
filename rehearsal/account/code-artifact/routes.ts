import { ApiCall, HttpRequest, HttpResponse } from '../http';

const ROUTES: Record<string, string> = {
  'POST /v1/authorization-token': 'GetAuthorizationToken',
  'GET /v1/repository/endpoint': 'GetRepositoryEndpoint',
};

/** Reads a request to CodeArtifact. The input has the names of the query. */
export function codeArtifactCall({ method, path, query }: HttpRequest): ApiCall | undefined {
  const operation = ROUTES[`${method} ${path}`];
  return operation ? { operation, input: Object.fromEntries(query) } : undefined;
}

/** Renders the response of CodeArtifact. */
export function codeArtifactResponse(output: object): HttpResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(output) };
}
