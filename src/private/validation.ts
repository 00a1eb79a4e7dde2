import { Duration, Token } from 'aws-cdk-lib';

/** What is wrong with a prop, in the one wording that every refusal has. */
export interface Refusal {
  /** The prop as the user typed it. */
  readonly prop: string;
  /** What is allowed, as the end of "must be …". */
  readonly allowed: string;
  /** What was given. */
  readonly given: unknown;
  /** What to do about it. */
  readonly remedy: string;
}

/** Refuses a prop. */
export function refuse(refusal: Refusal): never {
  const error = new Error(`${refusal.prop} must be ${refusal.allowed}, got ${show(refusal.given)}; ${refusal.remedy}`);
  if (process.env.JSII_AGENT) {
    // called from another language: jsii shows name and stack, and no line of the stack is the user's own
    error.name = '';
    error.stack = error.message;
  }
  throw error;
}

/** Whether a value is known at synth: a token is not, and passes every check. */
export function isKnown<T>(value: T | undefined): value is T {
  return value !== undefined && !Token.isUnresolved(value);
}

/** Refuses text that does not match. */
export function requirePattern(value: string | undefined, pattern: RegExp, refusal: Omit<Refusal, 'given'>): void {
  if (isKnown(value) && !pattern.test(value)) {
    refuse({ ...refusal, given: value });
  }
}

/** Refuses a number that is no integer in the range, both ends included. */
export function requireInteger(
  prop: string,
  value: number | undefined,
  min: number,
  max: number,
  remedy: string,
): void {
  if (isKnown(value) && !(Number.isInteger(value) && value >= min && value <= max)) {
    refuse({ prop, allowed: `a whole number from ${min} to ${max}`, given: value, remedy });
  }
}

/** Refuses a duration outside the range, both ends included. */
export function requireDuration(
  prop: string,
  value: Duration | undefined,
  min: Duration,
  max: Duration,
  remedy: string,
): void {
  if (value === undefined || value.isUnresolved()) {
    return;
  }
  const seconds = value.toMilliseconds() / 1000;
  if (seconds < min.toSeconds() || seconds > max.toSeconds()) {
    refuse({
      prop,
      allowed: `from ${min.toHumanString()} to ${max.toHumanString()}`,
      given: value.toHumanString(),
      remedy,
    });
  }
}

/** Refuses a path that is absolute, leaves the repository, or holds what a shell would take apart. */
export function requireRepositoryPath(prop: string, value: string | undefined): void {
  if (!isKnown(value)) {
    return;
  }
  const leaves =
    value.split('/').includes('..') || value.startsWith('/') || value.startsWith('~') || /^[A-Za-z]:/.test(value);
  if (leaves || !/^[\w.@+][\w./@+ -]*$/.test(value)) {
    refuse({
      prop,
      allowed: 'a path inside the repository, relative to its root, of letters, digits, spaces and . _ - + @ /',
      given: value,
      remedy: 'give it as it stands in the repository, for example "Backend/src"',
    });
  }
}

/** Constructs hold their whole tree: of an object only its fields are named. */
function show(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  if (Array.isArray(value)) {
    return `[${value.map(show).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.keys(value).join(', ');
    return fields ? `{ ${fields} }` : '{}';
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
