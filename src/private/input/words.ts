import { enumOf, fieldsOf, isStruct, membersOf } from './declarations';

/** Returns the valid values of a type, as the end of "must be …". */
export function allowed(type: string, value: unknown): string {
  if (type === 'string' && typeof value === 'string') {
    return 'a string without control characters';
  }
  return type.split(' | ').map(described).join(' or ');
}

function described(type: string): string {
  if (type in PRIMITIVES) {
    return PRIMITIVES[type].allowed;
  }
  if (type.endsWith('[]')) {
    return `a list known at synthesis, each element ${described(type.slice(0, -2))}`;
  }
  if (type.endsWith('{}')) {
    return `an object, each value ${described(type.slice(0, -2))}`;
  }
  if (isStruct(type)) {
    return `an object with the options of ${shortName(type)}`;
  }
  return `${/^[AEIOU]/.test(shortName(type)) ? 'an' : 'a'} ${shortName(type)}${moduleOf(type)}`;
}

const PRIMITIVES: Record<string, { readonly allowed: string; readonly remedy: string }> = {
  any: { allowed: 'a string, a number, or a boolean', remedy: 'for another value, use JSON.stringify' },
  string: { allowed: 'a string', remedy: 'use quotes; for a token, use Token.asString' },
  number: { allowed: 'a finite number', remedy: 'use a number without quotes; for a token, use Token.asNumber' },
  boolean: { allowed: 'true or false', remedy: 'use true or false without quotes' },
};

/** Examples of classes whose names do not show how to get an object. */
const EXAMPLES: Record<string, string> = {
  'cdk.Duration': 'for example Duration.minutes(5)',
  'cdk.Size': 'for example Size.gibibytes(1)',
};

/** Returns what the user can do. */
export function remedy(value: unknown, type: string, isOptional: boolean): string {
  if (value === null && isOptional) {
    return 'omit it for the default';
  }
  if (value === undefined && !isOptional) {
    return 'set it, because it has no default';
  }
  if (type === 'string' && typeof value === 'string') {
    return 'remove them, for example the character U+0000';
  }
  const [first] = type.split(' | ');
  if (first in PRIMITIVES) {
    return PRIMITIVES[first].remedy;
  }
  if (first.endsWith('[]')) {
    return 'use brackets, also for one element';
  }
  const members = enumOf(first)?.map(([name]) => `${shortName(first)}.${name}`);
  return EXAMPLES[first] ?? (members ? `use one of ${members.join(', ')}` : how(first));
}

function how(type: string): string {
  if (type.endsWith('{}') || isStruct(type)) {
    const required = isStruct(type) ? fieldsOf(type).filter(({ isOptional }) => !isOptional) : [];
    return required.length > 0 ? `set ${required.map(({ name }) => name).join(', ')}` : 'use an object, for example {}';
  }
  if (membersOf(type)) {
    return 'create or import it with the CDK';
  }
  return `use a static method or a property of ${shortName(type)}`;
}

function shortName(type: string): string {
  return type.split('.').pop()!;
}

/** Returns where to import a type from, because some names are common, for example `Source`. */
function moduleOf(type: string): string {
  const [module, name] = type.split('.');
  if (!name) {
    return ' of this library';
  }
  return module.startsWith('aws_') ? ` of aws-cdk-lib/${module.replaceAll('_', '-')}` : '';
}
