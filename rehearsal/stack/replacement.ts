import { createHash } from 'node:crypto';
import SCHEMAS from './resource-schemas.json';
import type { Account, ResourceRecord } from '../account/account';
import { canonical } from '../base/canonical';

/** Why CloudFormation refuses to deploy a resource. */
export class RefusedUpdateError extends Error {}

/**
 * Refuses what CloudFormation refuses: a change that replaces a resource but keeps its name, and a second resource with
 * the name of an existing one, which is deleted only after the creation of the new one.
 */
export function checkReplacement(account: Account, key: string, type: string, properties: object): void {
  const record = recordOf(type, properties);
  if (!record) {
    return;
  }
  const records = account.state.resources;
  const before = records[key];
  if (before?.type === type && record.name !== undefined && before.name === record.name) {
    const changed = Object.keys(record.createOnly).filter(
      (name) => before.createOnly[name] !== record.createOnly[name],
    );
    if (changed.length > 0) {
      throw new RefusedUpdateError(
        'CloudFormation cannot update a stack when a custom-named resource requires replacing. ' +
          `Rename ${record.name.split('|').at(-1)} and update the stack again. (${changed.join(', ')} changed)`,
      );
    }
  }
  const other = Object.keys(records).find(
    (each) => each !== key && record.name !== undefined && isSame(records[each], record),
  );
  if (other) {
    throw new RefusedUpdateError(
      `Resource of type '${type}' with identifier '${record.name}' already exists. (It is ${other})`,
    );
  }
  records[key] = record;
}

/** Forgets the resources of a stack that its template no longer contains. */
export function forgetOthers(account: Account, stackName: string, logicalIds: readonly string[]): void {
  const kept = new Set(logicalIds.map((logicalId) => `${stackName}/${logicalId}`));
  for (const key of Object.keys(account.state.resources)) {
    if (key.startsWith(`${stackName}/`) && !kept.has(key)) {
      delete account.state.resources[key];
    }
  }
}

function isSame(one: ResourceRecord, other: ResourceRecord): boolean {
  return one.type === other.type && one.name === other.name;
}

function recordOf(type: string, properties: object): ResourceRecord | undefined {
  const createOnly = (SCHEMAS as Record<string, { readonly createOnly: readonly string[] }>)[type]?.createOnly;
  if (!createOnly) {
    return undefined;
  }
  const given = new Map(Object.entries(properties));
  const hashes = createOnly.map((name) => [name, hash(given.get(name))]);
  const own = createOnly.find((name) => isNameOf(type, name) && given.get(name) !== undefined);
  const scope = createOnly.filter((name) => name.endsWith('Name') && name !== own).map((name) => given.get(name) ?? '');
  return {
    type,
    name: own && [...scope, given.get(own)].join('|'),
    createOnly: Object.fromEntries(hashes),
  };
}

/** Whether a property is the name of the resource itself: `Name`, or `AlarmName` of a composite alarm. */
function isNameOf(type: string, property: string): boolean {
  return property === 'Name' || (property.endsWith('Name') && type.endsWith(property.slice(0, -'Name'.length)));
}

function hash(value: unknown): string {
  return createHash('sha256')
    .update(canonical(value ?? null))
    .digest('hex')
    .slice(0, 16);
}
