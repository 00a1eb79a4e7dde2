/** A request, read to its end. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** A response. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
}

/** An operation with the input that a request contains. */
export interface ApiCall {
  readonly operation: string;
  readonly input: object;
}

/** Returns the access key that signed a request, and the service that the signature names. */
export function signatureOf({ headers }: HttpRequest): { readonly accessKeyId: string; readonly service: string } {
  const credential = /Credential=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
  const [accessKeyId = '', , , service = ''] = credential.split('/');
  return { accessKeyId, service };
}
