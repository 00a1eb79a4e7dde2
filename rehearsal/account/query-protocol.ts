import { HttpAnswer, HttpRequest } from './server';

/** The operation and the input of a request in AWS's query protocol: a form, with lists as `Name.member.1`. */
export function queryCall(request: HttpRequest): { operation: string; input: any } {
  const input: any = {};
  for (const [path, value] of new URLSearchParams(request.body.toString())) {
    const parts = path.split('.').filter((part) => part !== 'member');
    const last = parts.pop()!;
    const target = parts.reduce((object, part) => (object[part] ??= {}), input);
    target[last] = value;
  }
  const { Action, Version: _, ...rest } = withLists(input);
  return { operation: Action, input: rest };
}

/** An object whose keys are all numbers is a list. */
function withLists(value: any): any {
  if (typeof value !== 'object') {
    return value;
  }
  const entries = Object.entries(value).map(([key, part]) => [key, withLists(part)] as const);
  if (entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))) {
    return entries.map(([, part]) => part);
  }
  return Object.fromEntries(entries);
}

/** An answer in AWS's query protocol. */
export function queryAnswer(operation: string, output: any): HttpAnswer {
  return xml(
    200,
    `<${operation}Response><${operation}Result>${element(output)}</${operation}Result></${operation}Response>`,
  );
}

/** An error in AWS's query protocol. */
export function queryError(status: number, Code: string, Message: string): HttpAnswer {
  return xml(status, `<ErrorResponse><Error>${element({ Type: 'Sender', Code, Message })}</Error></ErrorResponse>`);
}

function xml(status: number, body: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function element(value: any): string {
  if (Array.isArray(value)) {
    return value.map((item) => `<member>${element(item)}</member>`).join('');
  }
  if (typeof value !== 'object') {
    return String(value).replace(/&/g, '&amp;').replace(/</g, '&lt;');
  }
  return Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([key, part]) => `<${key}>${element(part)}</${key}>`)
    .join('');
}
