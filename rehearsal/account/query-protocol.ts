import { ApiCall, HttpRequest, HttpResponse } from './http';

/** The fields of a form: texts, or fields again. */
interface Fields {
  [name: string]: string | Fields;
}

/** Reads a request in the query protocol of AWS: a form with lists as `Name.member.1`. */
export function queryCall(request: HttpRequest): ApiCall {
  const fields: Fields = {};
  for (const [path, value] of new URLSearchParams(request.body.toString())) {
    const parts = path.split('.').filter((part) => part !== 'member');
    const last = parts.pop()!;
    const target = parts.reduce((object, part) => (object[part] ??= {}) as Fields, fields);
    target[last] = value;
  }
  const { Action, Version: _, ...rest } = fields;
  return { operation: String(Action), input: withLists(rest) as object };
}

/** Converts objects whose keys are all numbers to lists. */
function withLists(value: string | Fields): unknown {
  if (typeof value !== 'object') {
    return value;
  }
  const entries = Object.entries(value).map(([key, part]) => [key, withLists(part)] as const);
  if (entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))) {
    return entries.map(([, part]) => part);
  }
  return Object.fromEntries(entries);
}

/** Renders a response in the query protocol of AWS. */
export function queryResponse(operation: string, output: object): HttpResponse {
  return xml(
    200,
    `<${operation}Response><${operation}Result>${element(output)}</${operation}Result></${operation}Response>`,
  );
}

/** Renders an error in the query protocol of AWS. */
export function queryError(status: number, Code: string, Message: string): HttpResponse {
  return xml(status, `<ErrorResponse><Error>${element({ Type: 'Sender', Code, Message })}</Error></ErrorResponse>`);
}

function xml(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function element(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map((item) => `<member>${element(item)}</member>`).join('');
  }
  if (typeof value !== 'object' || value === null) {
    return String(value).replace(/&/g, '&amp;').replace(/</g, '&lt;');
  }
  return Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([key, part]) => `<${key}>${element(part)}</${key}>`)
    .join('');
}
