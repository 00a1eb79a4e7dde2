import { argumentsOf, fieldsOf, isOpen, isStruct } from './declarations';
import { isOfType } from './is-of-type';
import { nearest } from './nearest';
import { allowed, remedy } from './words';
import { isSecret } from '../secret';
import { refuse } from '../validation';

/*
 * Checks the types of what users pass, because JavaScript has no compiler, and null, NaN and `any` pass the compiler of
 * TypeScript. The types come from the declarations; the limits of the values are with the concepts.
 */

/** Refuses arguments of a constructor or a factory that do not have the declared types. */
export function requireInput(callee: string, args: { readonly [name: string]: unknown }): void {
  for (const { name, type, isOptional } of argumentsOf(callee)) {
    const itself = `${name} of ${callee}`;
    requireType(args[name], { type, isOptional, itself, path: '', nameOf: namesOfArgument(callee, name) });
  }
}

/** Refuses an object of a user's own class that does not have the declared type. */
export function requireResult(method: string, type: string, value: unknown): void {
  const itself = `the result of ${method}`;
  requireType(value, { type, isOptional: false, itself, path: '', nameOf: (path) => `${path} in ${itself}` });
}

/** The names that users type: `timeout of TargetFunction.create`, and for the props of the pipeline `bakeTime`. */
function namesOfArgument(callee: string, name: string): (path: string) => string {
  if (name === 'props') {
    return (path) => path;
  }
  return (path) => (name === 'options' ? `${path} of ${callee}` : `${name}${path} of ${callee}`);
}

/** What is expected of a value. */
interface Expectation {
  readonly type: string;
  readonly isOptional: boolean;
  /** The path in the argument, for example `approvals[0].timeout`. Empty for the argument itself. */
  readonly path: string;
  /** The argument in a message. */
  readonly itself: string;
  /** Returns what a path in the argument is called in a message. */
  readonly nameOf: (path: string) => string;
}

function requireType(value: unknown, expectation: Expectation): void {
  const { type, isOptional, path, itself, nameOf } = expectation;
  if (value === undefined && isOptional) {
    return;
  }
  if (!type.split(' | ').some((each) => isOfType(value, each))) {
    const prop = path ? nameOf(path) : itself;
    refuse({ prop, allowed: allowed(type, value), given: value, remedy: remedy(value, type, isOptional) });
  }
  if (type === 'string' && isSecret(value as string)) {
    refuse({
      prop: path ? nameOf(path) : itself,
      allowed: 'a value other than a secret, because everyone who can read the resource can read this value',
      remedy: 'pass the name or the ARN of the secret, and read the secret at run time',
    });
  }
  const element = { ...expectation, type: type.slice(0, -2), isOptional: false };
  if (type.endsWith('[]')) {
    // Array.from also visits the holes of a list.
    Array.from(value as unknown[]).forEach((each, index) =>
      requireType(each, { ...element, path: `${path}[${index}]` }),
    );
  } else if (type.endsWith('{}')) {
    Object.entries(value as object).forEach(([key, each]) => requireType(each, { ...element, path: `${path}.${key}` }));
  } else if (isStruct(type)) {
    requireFields(value as Record<string, unknown>, expectation);
  }
}

function requireFields(value: Record<string, unknown>, expectation: Expectation): void {
  const { type, path } = expectation;
  const fields = fieldsOf(type);
  const names = fields.map(({ name }) => name);
  for (const name of unknownNames(value, names)) {
    refuseUnknown(name, names, expectation);
  }
  for (const field of fields) {
    requireType(value[field.name], { ...expectation, ...field, path: join(path, field.name) });
  }
}

/** An object of a user's own class can have other members for its own purposes. */
function unknownNames(value: Record<string, unknown>, names: string[]): string[] {
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isPlain ? Object.keys(value).filter((name) => value[name] !== undefined && !names.includes(name)) : [];
}

function refuseUnknown(name: string, names: string[], { type, path, nameOf }: Expectation): void {
  const similar = nearest(name, names);
  if (!similar && isOpen(type)) {
    return; // A later version of the CDK may have this option.
  }
  refuse({
    prop: nameOf(join(path, name)),
    allowed: `an option of ${type}, which has no such option`,
    remedy: similar ? `did you mean ${similar}?` : `the options are ${names.join(', ')}`,
  });
}

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}
