import * as fs from 'node:fs';
import * as path from 'node:path';

/** The name of the design document, and the usual spelling of it. */
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

/** A file with values of parameters; the text is empty when there is no such file yet. */
export interface ParameterFile {
  readonly file: string;
  readonly text: string;
  readonly values: ReadonlyMap<string, string>;
}

/** Reads the parameter file of the folder, in either spelling and in each form that CloudFormation's tools know. */
export function readParameterFile(folder: string): ParameterFile {
  const found = FILE_NAMES.filter((name) => fs.existsSync(path.join(folder, name)));
  if (found.length > 1) {
    throw new Error(`${folder} holds ${found.join(' and ')}, and it is not known which one counts: delete one of them`);
  }
  const file = path.join(folder, found[0] ?? FILE_NAMES[0]);
  if (found.length === 0) {
    return { file, text: '', values: new Map() };
  }
  const text = fs.readFileSync(file, 'utf8');
  return { file, text, values: new Map(pairs(file, parse(file, text))) };
}

/** Refuses values that CloudFormation would refuse. One that is still to be filled in is let through. */
export function checkValues({ file, text, values }: ParameterFile, parameters: Record<string, Parameter>): void {
  for (const [name, value] of values) {
    const parameter = parameters[name];
    const toFillIn = value === '' && parameter?.Default === undefined;
    if (parameter && !toFillIn && !isAllowed(value, parameter)) {
      const line = text.split('\n').findIndex((each) => each.includes(`"${name}"`)) + 1;
      throw new Error(
        `${file}:${line}: ${name} ${parameter.ConstraintDescription}, got ${JSON.stringify(value)}; correct it and run the command again`,
      );
    }
  }
}

/** The parameter file in the form of `aws cloudformation`: its values, then the defaults, then empty values to fill in. */
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
  } catch (error) {
    const message = (error as Error).message.replace(/\s+/g, ' ');
    throw new Error(
      `${file}:${lineOfError(text)}: must be JSON: ${message}; correct it, or delete the file and the command writes a new one`,
    );
  }
}

/** JSON's own error names a position only sometimes: the first line that is wrong whatever comes after it. */
function lineOfError(text: string): number {
  const lines = text.split('\n');
  const wrong = lines.findIndex((_, index) => isBroken(lines.slice(0, index + 1).join('\n')));
  return wrong < 0 ? lines.length : wrong + 1;
}

/** Whether the text is wrong before its end. */
function isBroken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    const { message } = error as Error;
    const position = /at position (\d+)/.exec(message);
    return position ? Number(position[1]) < text.length : !message.startsWith('Unexpected end');
  }
}

const FORMS =
  'a list of { "ParameterKey": …, "ParameterValue": … }, { "Parameters": { … } }, or an object with names and values';

function pairs(file: string, content: any): [string, string][] {
  const entries: [unknown, unknown][] = Array.isArray(content)
    ? content.map((item) => [item?.ParameterKey, item?.ParameterValue])
    : Object.entries(content?.Parameters ?? content ?? {});
  const isObject = typeof content === 'object' && content !== null;
  const wrong = entries.find(
    ([name, value]) => typeof name !== 'string' || !['string', 'number', 'boolean'].includes(typeof value),
  );
  if (!isObject || wrong) {
    throw new Error(
      `${file}: must be ${FORMS}, got ${JSON.stringify(wrong ? Object.fromEntries([wrong]) : content)}; correct it, or delete the file and the command writes a new one`,
    );
  }
  return entries.map(([name, value]) => [name as string, String(value)]);
}
