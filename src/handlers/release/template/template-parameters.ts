import { Parameter, Tag } from '@aws-sdk/client-cloudformation';
import { findJsonError } from './json-error';
import { configurationError } from '../base/failure';

/** The content of a parameter file. */
export interface StackInputs {
  readonly parameters: Parameter[];
  readonly tags: Tag[];
}

const FORMS =
  'The file must have one of three forms: {"Parameters": {"Name": "value"}}, ' +
  '[{"ParameterKey": "Name", "ParameterValue": "value"}], or {"Name": "value"}. Correct the file and push it.';

/** Parses a parameter file in the form of CodePipeline, in that of the AWS CLI, or as a plain object. */
export function parseParameters(path: string, text: string): StackInputs {
  const file = parseFile(path, text.replace(/^\uFEFF/, ''));
  if (Array.isArray(file)) {
    return { parameters: file.map((each) => readListed(path, each)), tags: [] };
  }
  if (!isObject(file)) {
    throw configurationError(`${path} contains ${describe(file)}. ${FORMS}`);
  }
  if (isObject(file.Parameters) || isObject(file.Tags)) {
    return readTemplateConfiguration(path, file);
  }
  return { parameters: readParameters(path, file), tags: [] };
}

function parseFile(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { line, column, remedy } = findJsonError(text);
    throw configurationError(
      `${path} is not JSON: line ${line}, column ${column}: ${remedy}. Correct the file and push it.`,
    );
  }
}

/** The form of CodePipeline's own CloudFormation action. */
function readTemplateConfiguration(path: string, file: Record<string, unknown>): StackInputs {
  const unknown = Object.keys(file).filter((key) => key !== 'Parameters' && key !== 'Tags');
  if (unknown.length > 0) {
    throw configurationError(
      `${path} has ${unknown.join(', ')} in addition to Parameters and Tags. ` +
        'The pipeline applies only Parameters and Tags: remove everything else from the file, and push it.',
    );
  }
  const { Parameters = {}, Tags = {} } = file as Record<string, Record<string, unknown>>;
  return {
    parameters: readParameters(path, Parameters),
    tags: Object.entries(Tags).map(([Key, value]) => ({ Key, Value: toText(path, Key, value) })),
  };
}

function readParameters(path: string, values: Record<string, unknown>): Parameter[] {
  return Object.entries(values).map(([ParameterKey, value]) => ({
    ParameterKey,
    ParameterValue: toText(path, ParameterKey, value),
  }));
}

function readListed(path: string, entry: unknown): Parameter {
  if (!isObject(entry) || typeof entry.ParameterKey !== 'string') {
    throw configurationError(`${path} lists ${describe(entry)}. ${FORMS}`);
  }
  return { ParameterKey: entry.ParameterKey, ParameterValue: toText(path, entry.ParameterKey, entry.ParameterValue) };
}

/** CloudFormation accepts only strings. */
function toText(path: string, name: string, value: unknown): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) {
    return String(value);
  }
  throw configurationError(
    `${path} sets ${name} to ${describe(value)}, but the value must be a string, a number or a boolean. ` +
      'Write a list as one string, for example "a,b".',
  );
}

function describe(value: unknown): string {
  return value === undefined ? 'no value' : JSON.stringify(value).slice(0, 200);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
