import * as fs from 'node:fs';
import * as path from 'node:path';
import { findJsonError } from '../../src/handlers/release/template/json-error';

/** The name in the design document, and its usual spelling. */
const FILE_NAMES = ['CICDparamerters.json', 'CICDparameters.json'];

/** A parameter as CloudFormation declares it. */
export interface Parameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedPattern?: string;
  readonly MinLength?: number;
  readonly MaxLength?: number;
  readonly MinValue?: number;
  readonly MaxValue?: number;
  readonly ConstraintDescription?: string;
}

/** A file with the values of parameters. The text is empty if the file does not exist yet. */
export interface ParameterFile {
  readonly file: string;
  readonly text: string;
  readonly values: ReadonlyMap<string, string>;
}

/** Reads the parameter file in a folder, with either name and in each form that CloudFormation's tools support. */
export function readParameterFile(folder: string): ParameterFile {
  const found = FILE_NAMES.filter((name) => fs.existsSync(path.join(folder, name)));
  if (found.length > 1) {
    throw new Error(`${folder} must contain only one of ${found.join(' and ')}: delete the other file`);
  }
  const file = path.join(folder, found[0] ?? FILE_NAMES[0]);
  if (found.length === 0) {
    return { file, text: '', values: new Map() };
  }
  const text = fs.readFileSync(file, 'utf8');
  return { file, text, values: new Map(pairs(file, parse(file, text))) };
}

/** Rejects values that CloudFormation would reject, except values that are still empty. */
export function checkValues({ file, text, values }: ParameterFile, parameters: Record<string, Parameter>): void {
  for (const [name, value] of values) {
    const parameter = parameters[name];
    const isMissing = value === '' && parameter?.Default === undefined;
    if (parameter && !isMissing && !isAllowed(value, parameter)) {
      const line = text.split('\n').findIndex((each) => each.includes(`"${name}"`)) + 1;
      throw new Error(
        `${file}:${line}: ${name} ${parameter.ConstraintDescription}, got ${JSON.stringify(value)}; ` +
          'correct the value and run the command again',
      );
    }
  }
}

/** Renders the parameter file in the form of `aws cloudformation`: existing values, default values and empty values. */
export function renderParameterFile(
  values: ReadonlyMap<string, string>,
  parameters: Record<string, Parameter>,
): string {
  const list = Object.entries(parameters).map(([name, parameter]) => ({
    ParameterKey: name,
    ParameterValue: values.get(name) ?? String(parameter.Default ?? ''),
  }));
  return `${JSON.stringify(list, undefined, 2)}\n`;
}

function isAllowed(
  value: string,
  {
    Type,
    AllowedPattern = '',
    MinLength = 0,
    MaxLength = Infinity,
    MinValue = -Infinity,
    MaxValue = Infinity,
  }: Parameter,
): boolean {
  if (Type === 'Number') {
    return /^\d+$/.test(value) && Number(value) >= MinValue && Number(value) <= MaxValue;
  }
  return new RegExp(AllowedPattern).test(value) && value.length >= MinLength && value.length <= MaxLength;
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { line, column, remedy } = findJsonError(text);
    throw new Error(`${file}:${line}:${column}: must be JSON: ${remedy}; ${REMEDY}`);
  }
}

const REMEDY = 'correct the file, or delete it and run the command again, which writes a new one';
const FORMS =
  'a list of { "ParameterKey": …, "ParameterValue": … }, { "Parameters": { … } }, or an object with names and values';

function pairs(file: string, content: unknown): [string, string][] {
  const isObject = typeof content === 'object' && content !== null;
  const { Parameters: parameters } = (isObject ? content : {}) as { readonly Parameters?: object };
  const entries: [unknown, unknown][] = Array.isArray(content)
    ? content.map((item) => [item?.ParameterKey, item?.ParameterValue])
    : Object.entries(parameters ?? content ?? {});
  const wrong = entries.find(
    ([name, value]) => typeof name !== 'string' || !['string', 'number', 'boolean'].includes(typeof value),
  );
  if (!isObject || wrong) {
    throw new Error(
      `${file}: must be ${FORMS}, ` + `got ${JSON.stringify(wrong ? Object.fromEntries([wrong]) : content)}; ${REMEDY}`,
    );
  }
  return entries.map(([name, value]) => [name as string, String(value)]);
}
