import { DEFAULT_SCHEMA, load, Type } from 'js-yaml';
import { AwsError } from '../base/aws-error';
import { Template } from '../template/form';

const SHORT_FORMS = [
  'Ref',
  'Condition',
  'Base64',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Select',
  'Split',
  'Sub',
  'And',
  'Equals',
  'Not',
  'Or',
];

/** YAML with the short forms of intrinsic functions, such as `!Ref`. */
const SCHEMA = DEFAULT_SCHEMA.extend(
  SHORT_FORMS.flatMap((name) =>
    (['scalar', 'sequence', 'mapping'] as const).map(
      (kind) =>
        new Type(`!${name}`, {
          kind,
          construct: (value) => ({ [name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`]: value }),
        }),
    ),
  ),
);

/** Parses a template in YAML or JSON. */
export function readTemplate(body: string): Template {
  const template = parse(body);
  if (typeof template?.Resources !== 'object') {
    throw invalid('Template format error: At least one Resources member must be defined.');
  }
  if (Object.values(template.Resources).some((resource) => typeof resource !== 'object' || resource === null)) {
    throw invalid('Template format error: Any Resources member must be an object.');
  }
  return template;
}

function parse(body: string): Template | undefined {
  try {
    return load(body, { schema: SCHEMA }) as Template | undefined;
  } catch (error) {
    throw invalid(`Template format error: YAML not well-formed. ${(error as Error).message}`);
  }
}

/** Returns the template with values for its parameters. Rejects missing values and unknown parameters. */
export function withParameters(template: Template, values: Record<string, string>): Template {
  const declared = template.Parameters ?? {};
  const unknown = Object.keys(values).filter((name) => !declared[name]);
  if (unknown.length > 0) {
    throw invalid(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  }
  const missing = Object.keys(declared).filter(
    (name) => values[name] === undefined && declared[name].Default === undefined,
  );
  if (missing.length > 0) {
    throw invalid(`Parameters: [${missing.join(', ')}] must have values`);
  }
  const Parameters = Object.entries(declared).map(([name, parameter]) => [
    name,
    { ...parameter, Default: values[name] ?? parameter.Default },
  ]);
  return { ...template, Parameters: Object.fromEntries(Parameters) };
}

/** Rejects a stack whose caller has not acknowledged the capabilities of its template. */
export function checkCapabilities(template: Template & { Transform?: unknown }, given: readonly string[]): void {
  const roles = Object.values(template.Resources).filter(({ Type: type }) => type.startsWith('AWS::IAM::'));
  const named = roles.some(({ Properties }) => Properties?.RoleName || Properties?.ManagedPolicyName);
  const needed = [
    ...(named ? ['CAPABILITY_NAMED_IAM'] : roles.length > 0 ? ['CAPABILITY_IAM'] : []),
    ...(template.Transform ? ['CAPABILITY_AUTO_EXPAND'] : []),
  ];
  const lacking = needed.filter(
    (capability) =>
      !given.includes(capability) && !(capability === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM')),
  );
  if (lacking.length > 0) {
    throw new AwsError(400, 'InsufficientCapabilitiesException', `Requires capabilities : [${lacking.join(', ')}]`);
  }
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'ValidationError', message);
}
