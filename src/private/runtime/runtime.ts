import * as lambda from 'aws-cdk-lib/aws-lambda';
import { familyOf } from './family';
import { HandlerForm } from './family-row';
import { isKnown, refuse, requirePattern } from '../validation';

/** Runtimes that Lambda has retired for good: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const RETIRED = new RegExp(
  '^(nodejs|nodejs(4\\.3|4\\.3-edge|6\\.10|8\\.10|10\\.x|12\\.x|14\\.x|16\\.x)|python(2\\.7|3\\.6|3\\.7)|' +
    'java8|go1\\.x|dotnetcore.*|dotnet(5\\.0|6|7)|ruby2\\.(5|7)|provided)$',
);

/** Whether Lambda creates no functions for the runtime any more. */
export function isRetired(runtime: lambda.Runtime): boolean {
  return RETIRED.test(runtime.name);
}

/** Refuses a runtime that a function can't be created with any more. */
export function requireRuntime(prop: string, runtime: lambda.Runtime): void {
  if (isKnown(runtime.name) && isRetired(runtime)) {
    refuse({
      prop,
      allowed: 'a runtime that Lambda still creates functions for',
      given: runtime.name,
      remedy: `use ${familyOf(runtime)?.current ?? 'lambda.Runtime.PROVIDED_AL2023'}`,
    });
  }
}

/** Returns what a handler of the runtime looks like; nothing for an unknown family. */
export function handlerForm(runtime: lambda.Runtime): HandlerForm | undefined {
  return familyOf(runtime)?.handler;
}

/** Refuses a handler that the runtime can't find. */
export function requireHandler(prop: string, handler: string, runtime: lambda.Runtime): void {
  const expected = handlerForm(runtime);
  if (!expected) {
    requirePattern(handler, /^\S+$/, { prop, allowed: 'text without spaces', remedy: 'use "bootstrap"' });
    return;
  }
  requirePattern(handler, expected.pattern, {
    prop,
    allowed: `"${expected.form}" for ${runtime.name}`,
    remedy: `for example "${expected.example}"`,
  });
  if (runtime.family === lambda.RuntimeFamily.PYTHON && isKnown(handler) && handler.endsWith('.py')) {
    refuse({
      prop,
      allowed: `"${expected.form}" for ${runtime.name}`,
      given: handler,
      remedy: 'name the function after the module, not the file: "app.handler"',
    });
  }
}
