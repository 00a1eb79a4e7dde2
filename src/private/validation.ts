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

/** Names of a branch of at most 255 characters: https://git-scm.com/docs/git-check-ref-format */
export const BRANCH = /^(?![-/.])(?!.*(\.\.|\/\/|\/\.|@\{))[^\s~^:?*[\\\u0000-\u001f\u007f]{1,255}(?<![/.]|\.lock)$/;

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

/** Refuses a text that is empty or too long. */
export function requireText(prop: string, value: string | undefined, longest: number, remedy: string): void {
  const allowed = `1 to ${longest} characters`;
  if (isKnown(value) && (value.trim() === '' || value.length > longest)) {
    refuse({
      prop,
      allowed,
      described: value.length > longest ? `${value.length} characters` : JSON.stringify(value),
      remedy,
    });
  }
}

/** Runs a call of the CDK, and names the prop when the CDK throws an error. */
export function requireOfCdk<T>(prop: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    return refuse({ prop, allowed: 'valid for the CDK', remedy: `the CDK reports: ${(error as Error).message}` });
  }
}

/** The limits of a duration, inclusive. */
export interface DurationLimits {
  readonly min: Duration;
  readonly max: Duration;
  /** The service that sets the limits, for example `CodeBuild`, or the reason for them. */
  readonly source: string;
  readonly remedy: string;
  /**
   * The unit of the service, which has no fractions.
   *
   * @default 'seconds'
   */
  readonly unit?: keyof typeof MILLISECONDS;
}

const MILLISECONDS = { millis: 1, seconds: 1000, minutes: 60_000, days: 86_400_000 };

/** Refuses a duration outside the limits, and a duration that the service's unit cannot express. */
export function requireDuration(
  prop: string,
  value: Duration | undefined,
  { min, max, source, remedy, unit = 'seconds' }: DurationLimits,
): void {
  if (value?.isUnresolved()) {
    requireUnit(prop, value, unit);
  } else if (value) {
    const milliseconds = value.toMilliseconds({ integral: false });
    if (milliseconds < min.toMilliseconds() || milliseconds > max.toMilliseconds()) {
      const allowed = `between ${min.toHumanString()} and ${max.toHumanString()} (${source})`;
      refuse({ prop, allowed, given: value, remedy });
    }
    if (milliseconds % MILLISECONDS[unit] !== 0) {
      refuse({ prop, allowed: `a whole number of ${unit}`, given: value, remedy });
    }
  }
}

/** The CDK cannot convert a token to another unit. */
export function requireUnit(prop: string, token: Duration, unit: string): void {
  if (token.unitLabel() !== unit) {
    const allowed = `given in ${unit}, because the CDK cannot convert a token to another unit`;
    refuse({ prop, allowed, described: `a token in ${token.unitLabel()}`, remedy: `use Duration.${unit}` });
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

/** Renders a value for a message: a construct as its path, an object of a class as its class, others as their keys. */
function show(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  if (Array.isArray(value)) {
    return `[${value.map(show).join(', ')}]`;
  }
  if (value instanceof Duration) {
    return value.isUnresolved() ? 'a token' : humanString(value);
  }
  if (typeof value === 'object' && value !== null) {
    return showObject(value);
  }
  if (typeof value === 'function') {
    return value.name ? `the function or class ${value.name}` : 'a function';
  }
  return typeof value === 'string' ? JSON.stringify(shortened(value)) : String(value);
}

/** The CDK's text for 0.5 seconds is empty. */
function humanString(value: Duration): string {
  const seconds = value.toSeconds({ integral: false });
  return Number.isInteger(seconds) ? value.toHumanString() : `${seconds} seconds`;
}

function showObject(value: object): string {
  if (Construct.isConstruct(value)) {
    return value.node.path || 'the app';
  }
  if (Token.isUnresolved(value)) {
    return 'a token';
  }
  const { constructor } = value;
  if (constructor && constructor !== Object) {
    return `an object of class ${constructor.name}`;
  }
  const keys = Object.keys(value).join(', ');
  return keys ? `{ ${keys} }` : '{}';
}

const LONGEST_SHOWN = 200;

function shortened(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
