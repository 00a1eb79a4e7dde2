import * as cdk from 'aws-cdk-lib';
import { ARGUMENTS, ENUMS, INTERFACES, STRUCTS } from './types';

/** A prop, an option, or an argument as its declaration describes it. */
export interface Field {
  readonly name: string;
  /** For example `string`, `cdk.Duration`, `ApprovalOptions[]`, `string{}` for a map. */
  readonly type: string;
  readonly isOptional: boolean;
}

/** Returns the arguments of a constructor or a factory. */
export function argumentsOf(callee: string): Field[] {
  return linesOf(ARGUMENTS[callee]).map(fieldOf);
}

/** Returns the fields of a struct, with those of the structs that it extends. */
export function fieldsOf(struct: string): Field[] {
  return linesOf(STRUCTS[struct]).flatMap((line) => {
    return line.startsWith('...') ? fieldsOf(line.slice(3)) : [fieldOf(line)];
  });
}

/** Returns whether a type is a struct, that is, an object with options. */
export function isStruct(type: string): boolean {
  return type in STRUCTS;
}

/** Returns whether a later version of the CDK can add fields to a struct. */
export function isOpen(struct: string): boolean {
  const bases = linesOf(STRUCTS[struct]).filter((line) => line.startsWith('...'));
  return struct.includes('.') || bases.some((line) => isOpen(line.slice(3)));
}

/** Returns members of an interface, to recognize an object that implements it, and undefined for another type. */
export function membersOf(type: string): string[] | undefined {
  return type in INTERFACES ? linesOf(INTERFACES[type]) : undefined;
}

/** Returns the members of an enum with their values, and undefined for another type. */
export function enumOf(type: string): [string, unknown][] | undefined {
  if (type in ENUMS) {
    return linesOf(ENUMS[type]).map((line) => line.split(' = ') as [string, string]);
  }
  // A later version of the CDK can have more values.
  const [module, name] = type.split('.');
  const declared = (module === 'cdk' ? cdk : (cdk as any)[module])?.[name];
  // An enum with numbers also maps each number to its name.
  return typeof declared === 'object' ? Object.entries(declared).filter(([member]) => !/^\d/.test(member)) : undefined;
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

function fieldOf(line: string): Field {
  const [, name, optional, type] = /^(\w+)(\??): (.+)$/.exec(line)!;
  return { name, type, isOptional: optional === '?' };
}
