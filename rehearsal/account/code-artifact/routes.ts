import { HttpAnswer, HttpRequest } from '../server';

const ROUTES: Record<string, string> = {
  'POST /v1/authorization-token': 'GetAuthorizationToken',
  'GET /v1/repository/endpoint': 'GetRepositoryEndpoint',
};

/** The operation that a request to CodeArtifact's REST interface asks for, and its input under the names of the query. */
export function codeArtifactCall({ method, path, query }: HttpRequest): { operation: string; input: any } | undefined {
  const operation = ROUTES[`${method} ${path}`];
  return operation ? { operation, input: Object.fromEntries(query) } : undefined;
}

/** What CodeArtifact's REST interface answers. */
export function codeArtifactAnswer(output: any): HttpAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(output) };
}
