import { Stack } from 'aws-cdk-lib';
import { validArguments, Values } from './entries';
import { sampleOf } from './samples';
import { argumentsOf, Field, fieldsOf, isStruct } from '../../src/private/input/declarations';

/** A field of an argument, of its options, of an option's options, and so on, where a user can put a value. */
export interface Place {
  /** A constructor or a factory. */
  readonly callee: string;
  /** The fields on the way, of which the first is an argument. */
  readonly fields: Field[];
}

/** Returns each place in the arguments of a constructor or a factory. */
export function placesOf(callee: string): Place[] {
  return argumentsOf(callee).flatMap((field) => placesIn({ callee, fields: [field] }));
}

function placesIn(place: Place): Place[] {
  const { type } = place.fields[place.fields.length - 1];
  return [place, ...childrenOf(type).flatMap((field) => placesIn({ ...place, fields: [...place.fields, field] }))];
}

function childrenOf(type: string): Field[] {
  if (type.endsWith('[]') || type.endsWith('{}')) {
    return [{ name: type.endsWith('[]') ? '0' : 'NAME', type: type.slice(0, -2), isOptional: false }];
  }
  return fieldsIn(type);
}

/** Returns the name of a place, for a person. */
export function nameOf({ callee, fields }: Place): string {
  return `${fields.map(({ name }) => name).join('.')} of ${callee}`;
}

/** Returns what a refusal of a value in this place must name: the field, or a field that contains it. */
export function namesIn({ callee, fields }: Place): string[] {
  const names = fields.map(({ name }) => name).filter((name) => !['0', 'NAME', 'options', 'props'].includes(name));
  const options = fields.length === 1 ? fieldsIn(fields[0].type).map(({ name }) => name) : [];
  return [...names, ...options, ...(fields.length === 1 ? [`of ${callee}`] : [])];
}

function fieldsIn(type: string): Field[] {
  return isStruct(type) ? fieldsOf(type) : [];
}

/** Returns valid arguments except for the values in the places. */
export function argumentsWith(callee: string, values: [Place, (stack: Stack) => unknown][], stack: Stack): Values {
  return values.reduce<Values>(
    (all, [{ fields }, make]) => put(all, fields, make, stack) as Values,
    validArguments(callee, stack),
  );
}

/** Returns a copy of an object with a value in one place, and with what is needed on the way to that place. */
function put(container: unknown, [field, ...rest]: Field[], make: (stack: Stack) => unknown, stack: Stack): unknown {
  const before = (container as Values)[field.name];
  const value = rest.length === 0 ? make(stack) : put(before ?? sampleOf(field, stack), rest, make, stack);
  return Array.isArray(container) ? [value, ...container.slice(1)] : { ...(container as Values), [field.name]: value };
}

/** Returns the type of the field in a place. */
export function typeOf({ fields }: Place): string {
  return fields[fields.length - 1].type;
}
