import { Fn, IResolveContext, Lazy, Stack, TagManager } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { refuse } from './validation';
import { AliasPermission, CONFIGURATION_FIELDS, ConfigurationField } from '../handlers/release/contract';

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
const PARAMETER_LIMIT = 8192;
const ENCODED_BRACES = '{\\u007b';

/**
 * Returns the configuration of a function as JSON, with the names of Lambda's API. It contains each optional field,
 * with the value that unsets the field by default, so that the pipeline also applies the removal of an option. See
 * docs/decisions/010-configuration-through-a-parameter.md.
 */
export function renderFunctionConfiguration(
  resource: lambda.CfnFunction,
  tags: TagManager,
  permissions: { [id: string]: lambda.Permission },
): string {
  const granted = sorted(permissions).map(([id, permission]) => aliasPermission(id, permission));
  const properties = Lazy.uncachedAny({
    produce: (context) => ({
      ...configuration(resource, context),
      ...(tags.hasTags() ? { Tags: Object.fromEntries(sorted(tags.tagValues())) } : {}),
      ...(granted.length > 0 ? { Permissions: granted } : {}),
    }),
  });
  return withoutBraces(Stack.of(resource).toJsonString(properties));
}

/**
 * Systems Manager rejects a value with `{{…}}`, because that is a reference to another parameter. In JSON, two braces
 * in a row are always part of a text, where `\u007b` means the same. A value known only at deployment may have them
 * too.
 */
function withoutBraces(json: string): string {
  return Lazy.uncachedString({
    produce: (context) => {
      const text: unknown = context.resolve(json);
      requireSize(text);
      return typeof text === 'string'
        ? text.replaceAll('{{', ENCODED_BRACES)
        : Fn.join(ENCODED_BRACES, Fn.split('{{', json));
    },
  });
}

/** Refuses a configuration whose known part alone is larger than a parameter. */
function requireSize(text: unknown): void {
  const size = literalSize(text);
  if (size > PARAMETER_LIMIT) {
    refuse({
      prop: 'the configuration of targetFunction',
      allowed: `at most ${PARAMETER_LIMIT} bytes (the limit of a parameter in Systems Manager)`,
      described: `${size} bytes`,
      remedy: 'read large values at run time, for example from a parameter or a secret, or grant fewer permissions',
    });
  }
}

function literalSize(text: unknown): number {
  if (typeof text === 'string') {
    return Buffer.byteLength(text);
  }
  const parts: unknown = (text as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1] ?? [];
  return (parts as unknown[]).reduce<number>(
    (sum, part) => sum + (typeof part === 'string' ? Buffer.byteLength(part) : 0),
    0,
  );
}

/** Every field of the contract: a new field does not compile until this function reads it. */
function configuration(resource: lambda.CfnFunction, context: IResolveContext): Record<VersionField, unknown> {
  const resolve = (property: keyof lambda.CfnFunction) => context.resolve(resource[property]);
  const get = (field: UnsettableField, property: keyof lambda.CfnFunction) =>
    capitalize(resolve(property)) ?? CONFIGURATION_FIELDS[field].unset;
  return {
    PackageType: resource.packageType,
    Runtime: resource.runtime,
    Handler: resource.handler,
    Role: resource.role,
    Description: get('Description', 'description'),
    MemorySize: get('MemorySize', 'memorySize'),
    Timeout: get('Timeout', 'timeout'),
    Architectures: get('Architectures', 'architectures'),
    Environment: { Variables: Object.fromEntries(sorted(resolve('environment')?.variables ?? {})) },
    Layers: get('Layers', 'layers'),
    VpcConfig: get('VpcConfig', 'vpcConfig'),
    TracingConfig: get('TracingConfig', 'tracingConfig'),
    EphemeralStorage: get('EphemeralStorage', 'ephemeralStorage'),
    DeadLetterConfig: get('DeadLetterConfig', 'deadLetterConfig'),
    FileSystemConfigs: get('FileSystemConfigs', 'fileSystemConfigs'),
    KMSKeyArn: get('KMSKeyArn', 'kmsKeyArn'),
    SnapStart: get('SnapStart', 'snapStart'),
    LoggingConfig: { ...CONFIGURATION_FIELDS.LoggingConfig.unset, ...capitalize(resolve('loggingConfig')) },
  };
}

/** A field of a version, which the tags of the function and the permissions of the alias are not. */
type VersionField = Exclude<ConfigurationField, 'Tags' | 'Permissions'>;

type UnsettableField = {
  [F in ConfigurationField]: (typeof CONFIGURATION_FIELDS)[F] extends { unset: unknown } ? F : never;
}[ConfigurationField];

/** Sorts by name, because maps in Java and Go have no order, and only a real change should start the pipeline. */
function sorted<Value>(values: { [name: string]: Value }): [string, Value][] {
  return Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Capitalizes the names of properties: the CDK's classes have lowercase first letters, Lambda's API has capitals. */
function capitalize(value: any): any {
  if (Array.isArray(value)) {
    return value.map(capitalize);
  }
  if (typeof value !== 'object' || value === null || isIntrinsic(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toUpperCase() + key.slice(1), capitalize(inner)]),
  );
}

function isIntrinsic(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

/** Every field of the CDK's permission. A new field does not compile until this table decides about it. */
const PERMISSION_FIELDS: Record<keyof lambda.Permission, keyof AliasPermission | undefined> = {
  principal: 'Principal',
  action: 'Action',
  sourceArn: 'SourceArn',
  sourceAccount: 'SourceAccount',
  organizationId: 'PrincipalOrgID',
  eventSourceToken: 'EventSourceToken',
  functionUrlAuthType: 'FunctionUrlAuthType',
  invokedViaFunctionUrl: 'InvokedViaFunctionUrl',
  scope: undefined, // The CDK creates its own resource there, and this library creates none.
};

/** The conditions of a principal that AddPermission supports. */
const CONDITIONS: Record<string, keyof AliasPermission> = {
  'StringEquals aws:PrincipalOrgID': 'PrincipalOrgID',
  'StringEquals aws:SourceAccount': 'SourceAccount',
  'StringEquals aws:SourceArn': 'SourceArn',
  'ArnEquals aws:SourceArn': 'SourceArn',
  'ArnLike aws:SourceArn': 'SourceArn',
};

function aliasPermission(id: string, permission: lambda.Permission): AliasPermission {
  const prop = `permissions.${id} of the target function`;
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(id)) {
    refuse({
      prop: 'permissions of the target function',
      allowed: 'a map whose keys have 1 to 100 letters, digits, hyphens, and underscores',
      described: `the key ${JSON.stringify(id)}`,
      remedy: 'for example { ApiGateway: … }',
    });
  }
  const unknown = Object.keys(permission).filter((field) => !(field in PERMISSION_FIELDS));
  if (unknown.length > 0) {
    refuse({
      prop,
      allowed: `an object with only the fields ${Object.keys(PERMISSION_FIELDS).join(', ')}`,
      given: unknown,
      remedy: 'remove the unknown fields',
    });
  }
  const fields = Object.entries(permission).flatMap(([field, value]) => {
    const name = PERMISSION_FIELDS[field as keyof lambda.Permission];
    return name && value !== undefined ? [[name, value]] : [];
  });
  return {
    Action: 'lambda:InvokeFunction',
    ...Object.fromEntries(fields),
    ...conditionsOf(prop, permission),
    StatementId: id,
    Principal: principalOf(prop, permission.principal),
  };
}

/**
 * Returns the conditions of the principal as fields of AddPermission. Refuses a condition without a field: the alias
 * would allow more callers than the user intended.
 */
function conditionsOf(prop: string, { principal, ...permission }: lambda.Permission): Partial<AliasPermission> {
  const conditions = Object.entries(principal.policyFragment.conditions).flatMap(([operator, keys]) =>
    Object.entries(keys as Record<string, unknown>).map(([key, value]) => ({
      condition: `${operator} ${key}`,
      values: [value].flat(),
    })),
  );
  const given: Record<string, unknown> = {
    SourceArn: permission.sourceArn,
    SourceAccount: permission.sourceAccount,
    PrincipalOrgID: permission.organizationId,
  };
  const fields: Record<string, unknown> = {};
  for (const { condition, values } of conditions) {
    const field = CONDITIONS[condition];
    if (!field || values.length !== 1) {
      refuse({
        prop: `${prop}, condition ${condition}`,
        allowed: `a condition that Lambda supports (${Object.keys(CONDITIONS).join(', ')}) with a single value`,
        given: values,
        remedy: 'use a principal without this condition',
      });
    }
    const before = fields[field] ?? given[field];
    if (before !== undefined && before !== values[0]) {
      refuse({
        prop: `${prop}, condition ${condition}`,
        allowed: 'a single value',
        given: [before, values[0]],
        remedy: 'set the value in one place',
      });
    }
    fields[field] = values[0];
  }
  return fields;
}

/** Lambda supports one service, account or ARN for each permission. */
function principalOf(prop: string, principal: iam.IPrincipal): string {
  const named = Object.values(principal.policyFragment.principalJson).flat();
  if (named.length !== 1) {
    refuse({
      prop,
      allowed: 'for a single principal',
      described: `${named.length} principals`,
      remedy: 'add a permission for each principal',
    });
  }
  return named[0];
}
