import { Duration, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** Why a prop is invalid. The message is `<prop> must be <allowed>, got <given>; <remedy>`. */
export interface Refusal {
  /** The prop as the user typed it. */
  readonly prop: string;
  /** The valid values, as the end of "must be …". */
  readonly allowed: string;
  /** The value that the user gave. Omitted when the value says nothing that the message does not say. */
  readonly given?: unknown;
  /** A description of the value, when the value itself is not what the user typed. */
  readonly described?: string;
  /** What the user can do. */
  readonly remedy: string;
}

/** Throws an error that explains why a prop is invalid. */
export function refuse(refusal: Refusal): never {
  const { prop, allowed, given, described, remedy } = refusal;
  const got = described ?? ('given' in refusal ? show(given) : undefined);
  const error = new Error(`${prop} must be ${allowed}${got === undefined ? '' : `, got ${got}`}; ${remedy}`);
  if (process.env.JSII_AGENT) {
    // In another language, jsii prints the name and the stack, and no line of the stack is in the user's code.
    error.name = '';
    error.stack = error.message;
  }
  throw error;
}

/** Returns whether a value is known at synthesis. A token is not, and passes every check. */
export function isKnown<T>(value: T | undefined): value is T {
  return value !== undefined && !Token.isUnresolved(value);
}

/** Refuses a text that does not match the pattern. */
export function requirePattern(
  value: string | undefined,
  pattern: RegExp,
  refusal: Omit<Refusal, 'given' | 'described'>,
): void {
  if (isKnown(value) && !pattern.test(value)) {
    refuse({ ...refusal, given: value });
  }
}

/** Refuses a number that is not an integer between the two limits, inclusive. */
export function requireInteger(
  prop: string,
  value: number | undefined,
  min: number,
  max: number,
  remedy: string,
): void {
  if (isKnown(value) && !(Number.isInteger(value) && value >= min && value <= max)) {
    const allowed = min === max ? `${min}` : `an integer between ${min} and ${max}`;
    refuse({ prop, allowed, given: value, remedy });
  }
}

/** The limits of a duration, inclusive. */
export interface DurationLimits {
  readonly min: Duration;
  readonly max: Duration;
  /** The service that sets the limits, for example `CodeBuild`, or the reason for them. */
  readonly source: string;
  readonly remedy: string;
}

/** Refuses a duration outside the limits. */
export function requireDuration(
  prop: string,
  value: Duration | undefined,
  { min, max, source, remedy }: DurationLimits,
): void {
  if (value === undefined || value.isUnresolved()) {
    return;
  }
  const seconds = value.toMilliseconds() / 1000;
  if (seconds < min.toSeconds() || seconds > max.toSeconds()) {
    const allowed = `between ${min.toHumanString()} and ${max.toHumanString()} (${source})`;
    refuse({ prop, allowed, given: value, remedy });
  }
}

/** Refuses a path that is absolute, leaves the repository, or contains characters that a shell interprets. */
export function requireRepositoryPath(prop: string, value: string | undefined): void {
  if (!isKnown(value)) {
    return;
  }
  const leaves =
    value.split('/').includes('..') || value.startsWith('/') || value.startsWith('~') || /^[A-Za-z]:/.test(value);
  if (leaves || !/^[\w.@+][\w./@+ -]*$/.test(value)) {
    refuse({
      prop,
      allowed: 'a path inside the repository, relative to its root, with only letters, digits, spaces, and . _ - + @ /',
      given: value,
      remedy: 'for example "Backend/src"',
    });
  }
}

/** Renders a value for a message: a construct as its path, and another object as its keys. */
function show(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  if (Array.isArray(value)) {
    return `[${value.map(show).join(', ')}]`;
  }
  if (value instanceof Duration) {
    return value.isUnresolved() ? 'a token' : value.toHumanString();
  }
  if (Construct.isConstruct(value)) {
    return value.node.path;
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value).join(', ');
    return keys ? `{ ${keys} }` : '{}';
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
