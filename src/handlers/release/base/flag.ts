import { configurationError } from './failure';

/** Reads a variable of the pipeline that is true or false. */
export function readFlag(variable: string, value = 'false'): boolean {
  if (value === 'true' || value === 'false') {
    return value === 'true';
  }
  throw configurationError(
    `The variable ${variable} must be true or false, got '${value}'. ` +
      'Start the pipeline again with one of these values.',
  );
}
