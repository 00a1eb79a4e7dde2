import * as lambda from 'aws-cdk-lib/aws-lambda';
import { familyOf } from './family';
import { HandlerForm } from './family-row';
import { isKnown, refuse, requirePattern } from '../validation';

/**
 * Runtimes for which Lambda blocks updates, and so creations too.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
const UPDATE_BLOCKED =
  /^(nodejs|nodejs(4\.3|4\.3-edge|6\.10|8\.10|10\.x|12\.x)|python(2\.7|3\.6)|dotnetcore.*|dotnet(5\.0|7)|ruby2\.5)$/;

/** Runtimes for which Lambda creates no functions any more, but may still update existing ones. */
const CREATION_BLOCKED = /^(nodejs14\.x|python3\.7|java8|go1\.x|ruby2\.7|provided)$/;

/** Deprecated runtimes for which Lambda still creates functions. */
const DEPRECATED = /^(nodejs16\.x|dotnet6)$/;

/** Whether the runtime is deprecated, so that nobody should choose it for a new function. */
export function isRetired(runtime: lambda.Runtime): boolean {
  return DEPRECATED.test(runtime.name) || isCreationBlocked(runtime);
}

function isCreationBlocked({ name }: lambda.Runtime): boolean {
  return CREATION_BLOCKED.test(name) || UPDATE_BLOCKED.test(name);
}

/** Refuses a runtime that a function can't be created with any more. */
export function requireRuntime(prop: string, runtime: lambda.Runtime): void {
  if (isKnown(runtime.name) && isCreationBlocked(runtime)) {
    refuseRuntime(prop, 'a runtime that Lambda still creates functions for', runtime);
  }
}

/** Refuses a runtime that an existing function can't be updated with any more. */
export function requireUpdatableRuntime(prop: string, runtime: lambda.Runtime): void {
  if (isKnown(runtime.name) && UPDATE_BLOCKED.test(runtime.name)) {
    refuseRuntime(prop, 'a runtime that Lambda still updates functions of', runtime);
  }
}

function refuseRuntime(prop: string, allowed: string, runtime: lambda.Runtime): never {
  return refuse({
    prop,
    allowed,
    given: runtime.name,
    remedy: `use ${familyOf(runtime)?.current ?? 'lambda.Runtime.PROVIDED_AL2023'}`,
  });
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
