import { Token } from 'aws-cdk-lib';
import { enumOf, isStruct, membersOf } from './declarations';

/** Returns whether a value has a type. Does not look at the elements of a list, and not into an object. */
export function isOfType(value: unknown, type: string): boolean {
  if (type === 'any') {
    return ['string', 'number', 'boolean'].some((each) => isOfType(value, each)) || Token.isUnresolved(value);
  }
  if (type === 'string') {
    return typeof value === 'string' && isText(value);
  }
  if (type === 'boolean') {
    return typeof value === 'boolean';
  }
  if (type === 'number') {
    return Number.isFinite(value); // so is the number that stands for a token
  }
  if (type.endsWith('[]')) {
    return Array.isArray(value) && !Token.isUnresolved(value);
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type.endsWith('{}') || isStruct(type)) {
    return isObject && isStructural(value);
  }
  const members = membersOf(type);
  if (members) {
    return isObject && members.every((member) => member in value);
  }
  const values = enumOf(type)?.map(([, each]) => each);
  return values ? values.includes(value) || isToken(value) : isObject && isInstance(value, type);
}

/** Returns false for control characters except tab and line breaks, and for half of a character (a lone surrogate). */
function isText(value: string): boolean {
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Surrogate}/u.test(value);
}

/** Returns whether an object is a group of options and not a token, a date, or an object of the CDK. */
function isStructural(value: object): boolean {
  const tag = Object.prototype.toString.call(value);
  return tag === '[object Object]' && !Token.isUnresolved(value) && fqnsOf(value).length === 0;
}

function isToken(value: unknown): boolean {
  return ['string', 'number'].includes(typeof value) && Token.isUnresolved(value);
}

/** Compares names instead of classes, because an app can contain two copies of a library. */
function isInstance(value: object, type: string): boolean {
  if (type.includes('.')) {
    return fqnsOf(value).includes(type.replace(/^cdk\./, 'aws-cdk-lib.').replace(/^aws_/, 'aws-cdk-lib.aws_'));
  }
  const ofCdk = fqnsOf(value).some((fqn) => fqn.startsWith('aws-cdk-lib.'));
  return !ofCdk && classesOf(value).some(({ name }) => name === type);
}

/** jsii's name of a class in all languages, for example `aws-cdk-lib.aws_lambda.Runtime`. */
const JSII_RTTI = Symbol.for('jsii.rtti');

function fqnsOf(value: object): string[] {
  return classesOf(value).flatMap((each) => (each[JSII_RTTI] ? [each[JSII_RTTI].fqn] : []));
}

interface JsiiClass {
  readonly name: string;
  readonly [JSII_RTTI]?: { readonly fqn: string };
}

function classesOf(value: object): JsiiClass[] {
  const prototype = Object.getPrototypeOf(value);
  return prototype ? [prototype.constructor, ...classesOf(prototype)] : [];
}
