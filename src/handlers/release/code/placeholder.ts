import { createHash } from 'node:crypto';
import { FAMILIES, Family, familyOf } from '../runtimes';
import { writeZip } from './zip/zip-writer';

const MESSAGE = 'no release yet: this is placeholder code, and the first run of the pipeline replaces it';

/**
 * Code for a function that has no release yet. It loads, so that Lambda can keep execution environments ready, and
 * fails each invocation, so that no queue or stream loses a message. The code for Java and .NET does not load, because
 * it would have to be compiled.
 */
export function placeholderPackage(runtime: string, handler: string): Buffer {
  const family = familyOf(runtime);
  const code = family && CODE[family];
  const [name, text] = code
    ? [FAMILIES[family].handlerFiles(handler)[0], code(handler)]
    : ['NO-RELEASE-YET.txt', `${MESSAGE}\n`]; // The runtime responds that it can't find the handler.
  return writeZip([{ name, mode: 0o100755, content: Buffer.from(text) }]);
}

/** The hash of the placeholder code, as Lambda returns it. */
export function placeholderHash(runtime: string, handler: string): string {
  return createHash('sha256').update(placeholderPackage(runtime, handler)).digest('base64');
}

/** The code for each family of runtimes whose languages need no compiler. */
const CODE: Partial<Record<Family, (handler: string) => string>> = {
  python: pythonCode,
  nodejs: nodeCode,
  ruby: rubyCode,
  provided: bootstrap,
};

function pythonCode(handler: string): string {
  const name = handler.slice(handler.lastIndexOf('.') + 1);
  return `def ${name}(event, context):\n    raise RuntimeError('${MESSAGE}')\n`;
}

/** `src/app.handler` exports `handler`, and `app.api.handler` exports `api` with `handler`. */
function nodeCode(handler: string): string {
  const [, ...names] = handler.slice(handler.lastIndexOf('/') + 1).split('.');
  const exported = names.reduceRight((inner, name) => `{ ${JSON.stringify(name)}: ${inner} }`, 'fail');
  return `const fail = async () => {\n  throw new Error('${MESSAGE}');\n};\nmodule.exports = ${exported};\n`;
}

/** `app.handler` is a method, and `app.Stock::Allocation.handler` is a method of a class. */
function rubyCode(handler: string): string {
  const [, ...names] = handler.split('.');
  const [method, owner] = names.reverse();
  const modules = owner ? owner.split('::') : [];
  return [
    ...modules.map((name) => `module ${name}`),
    `def ${owner ? 'self.' : ''}${method}(event:, context:)`,
    `  raise '${MESSAGE}'`,
    'end',
    ...modules.map(() => 'end'),
    '',
  ].join('\n');
}

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-walkthrough.html */
function bootstrap(): string {
  return `#!/bin/sh
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
headers="$(mktemp)"
while true; do
  curl -sS -D "$headers" -o /dev/null "$api/next" || exit 1
  id="$(grep -i lambda-runtime-aws-request-id "$headers" | tr -d '[:space:]' | cut -d: -f2)"
  curl -sS -o /dev/null -H 'Lambda-Runtime-Function-Error-Type: NoReleaseYet' \\
    -d '{"errorType":"NoReleaseYet","errorMessage":"${MESSAGE}"}' "$api/$id/error" || exit 1
done
`;
}
