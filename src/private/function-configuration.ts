import { CfnParameter, Fn, IResolveContext, Lazy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { refuse } from './validation';
import { CONFIGURATION_FIELDS, ConfigurationField } from '../handlers/release/contract';

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
const PARAMETER_LIMIT = 8192;
const ENCODED_BRACES = '{\\u007b';

/**
 * Returns the configuration of a function, with the names of Lambda's API. It contains each optional field, with the
 * value that unsets the field by default, so that the pipeline also applies the removal of an option. Call it at
 * synthesis, because aspects and tags change the function until then. See
 * docs/decisions/010-configuration-through-a-parameter.md.
 */
export function renderFunctionConfiguration(
  resource: lambda.CfnFunction,
  context: IResolveContext,
): Record<string, unknown> {
  // CloudFormation would add the tags of the stack to a function of the template.
  const tags = { ...Stack.of(resource).tags.tagValues(), ...resource.tags.tagValues() };
  return {
    ...withOverrides(configuration(resource, context), overridesOf(resource, context)),
    ...(Object.keys(tags).length > 0 ? { Tags: Object.fromEntries(sorted(tags)) } : {}),
  };
}

/**
 * Returns the configuration of a function that a stack applies, as the value of a parameter. Nobody applies the value:
 * its changes show when the configuration changes. So it contains neither the properties that no version has, nor the
 * value of a secret, which CloudFormation would write into the parameter.
 */
export function renderOwnedConfiguration(resource: lambda.CfnFunction): string {
  const rendered = Lazy.uncachedAny({
    produce: (context) => {
      const overrides = Object.entries(context.resolve(rawOverridesOf(resource)));
      const known = overrides.filter(([name]) => name in CONFIGURATION_FIELDS && name !== 'Tags');
      const fields = withOverrides(configuration(resource, context), Object.fromEntries(known));
      return withoutSecrets(fields, noEchoParameters(resource));
    },
  });
  return withoutBraces(Stack.of(resource).toJsonString(rendered));
}

function noEchoParameters({ stack }: lambda.CfnFunction): Set<string> {
  const all = stack.node.findAll().filter((each): each is CfnParameter => each instanceof CfnParameter);
  return new Set(all.filter(({ noEcho }) => noEcho).map((each) => stack.resolve(each.logicalId)));
}

/** Replaces references to secrets by their text, and parameters without echo by their names. */
function withoutSecrets(value: unknown, hidden: ReadonlySet<string>): unknown {
  if (typeof value === 'string') {
    return value.replaceAll('{{resolve:', 'resolve:');
  }
  if (Array.isArray(value)) {
    return value.map((each) => withoutSecrets(each, hidden));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { Ref } = value as { readonly Ref?: string };
  if (Ref !== undefined && hidden.has(Ref)) {
    return Ref;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner, hidden)]));
}

function rawOverridesOf(resource: lambda.CfnFunction): object {
  const { rawOverrides = {} } = resource as unknown as { readonly rawOverrides?: { readonly Properties?: object } };
  return rawOverrides.Properties ?? {};
}

/** What `addPropertyOverride` of the hidden resource set. The CDK applies it only to resources of the template. */
function overridesOf(resource: lambda.CfnFunction, context: IResolveContext): Record<string, unknown> {
  const overrides: Record<string, unknown> = context.resolve(rawOverridesOf(resource));
  const unknown = Object.keys(overrides).filter((name) => name === 'Tags' || !(name in CONFIGURATION_FIELDS));
  if (unknown.length > 0) {
    refuse({
      prop: 'an override of a property of the target function',
      allowed: `an override of ${Object.keys(CONFIGURATION_FIELDS).join(', ')}`,
      given: unknown,
      remedy: 'use an option of TargetFunction.create, or Tags.of for tags',
    });
  }
  return overrides;
}

function withOverrides(value: object, overrides: Record<string, unknown>): object {
  const merged = Object.entries(overrides).map(([name, override]) => {
    const before: unknown = (value as Record<string, unknown>)[name];
    return [name, isPlain(before) && isPlain(override) ? withOverrides(before, override) : override];
  });
  return { ...value, ...Object.fromEntries(merged) };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isIntrinsic(value);
}

/** Returns the configuration as the value of a parameter of Systems Manager. */
export function renderConfigurationParameter(resource: lambda.CfnFunction): string {
  const rendered = Lazy.uncachedAny({ produce: (context) => renderFunctionConfiguration(resource, context) });
  return withoutBraces(Stack.of(resource).toJsonString(rendered));
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
      remedy: 'read large values at run time, for example from a parameter or a secret',
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
    // A package has none. A removed option of an image restores the value of the image.
    ImageConfig: resource.packageType === 'Image' ? get('ImageConfig', 'imageConfig') : undefined,
    LoggingConfig: loggingConfig(capitalize(resolve('loggingConfig'))),
    DurableConfig: capitalize(resolve('durableConfig')),
  };
}

/** Only the format JSON has levels. Lambda's default for both is INFO. */
function loggingConfig(given?: { readonly LogFormat?: unknown }): Record<string, unknown> {
  const levels = given?.LogFormat === 'JSON' ? { ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO' } : {};
  return { ...CONFIGURATION_FIELDS.LoggingConfig.unset, ...levels, ...given };
}

type NamingOptions = Pick<
  lambda.FunctionOptions,
  | 'role'
  | 'securityGroups'
  | 'ipv6AllowedForDualStack'
  | 'logGroup'
  | 'logFormat'
  | 'loggingFormat'
  | 'applicationLogLevel'
  | 'applicationLogLevelV2'
  | 'systemLogLevel'
  | 'systemLogLevelV2'
>;

/**
 * Returns the fields of the configuration that the user names, with an option or with an override. All other fields
 * have values of the CDK or of this library. `Field.Key` is one key of a field. Call it at synthesis, because aspects
 * change the function until then.
 */
export function namedFields(resource: lambda.CfnFunction, options: NamingOptions, context: IResolveContext): string[] {
  const has = (property: keyof lambda.CfnFunction) => context.resolve(resource[property]) !== undefined;
  const given = (...names: (keyof NamingOptions)[]) => names.some((name) => options[name] !== undefined);
  const named: Record<VersionField, boolean | Record<string, boolean>> = {
    PackageType: true,
    Runtime: true,
    Handler: true,
    Role: given('role'),
    Description: has('description'),
    MemorySize: has('memorySize'),
    Timeout: has('timeout'),
    Architectures: has('architectures'),
    Environment: has('environment'),
    Layers: has('layers'),
    VpcConfig: {
      SubnetIds: has('vpcConfig'),
      SecurityGroupIds: given('securityGroups'),
      Ipv6AllowedForDualStack: given('ipv6AllowedForDualStack'),
    },
    TracingConfig: has('tracingConfig'),
    EphemeralStorage: has('ephemeralStorage'),
    DeadLetterConfig: has('deadLetterConfig'),
    FileSystemConfigs: has('fileSystemConfigs'),
    KMSKeyArn: has('kmsKeyArn'),
    SnapStart: has('snapStart'),
    ImageConfig: imageKeys(resource, context),
    LoggingConfig: {
      LogGroup: given('logGroup'),
      LogFormat: given('loggingFormat', 'logFormat'),
      ApplicationLogLevel: given('applicationLogLevelV2', 'applicationLogLevel'),
      SystemLogLevel: given('systemLogLevelV2', 'systemLogLevel'),
    },
    DurableConfig: has('durableConfig'),
  };
  const names = Object.entries(named).flatMap(([field, value]) =>
    typeof value === 'boolean' ? (value ? [field] : []) : keysWith(value).map((key) => `${field}.${key}`),
  );
  return [...new Set([...names, ...Object.keys(overridesOf(resource, context))])];
}

function imageKeys(resource: lambda.CfnFunction, context: IResolveContext): Record<string, boolean> {
  const given = capitalize(context.resolve(resource.imageConfig)) ?? {};
  return Object.fromEntries(
    ['Command', 'EntryPoint', 'WorkingDirectory'].map((key) => [key, given[key] !== undefined]),
  );
}

function keysWith(values: Record<string, boolean>): string[] {
  return Object.keys(values).filter((key) => values[key]);
}

/** A field of a version, which the tags of the function are not. */
type VersionField = Exclude<ConfigurationField, 'Tags'>;

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
