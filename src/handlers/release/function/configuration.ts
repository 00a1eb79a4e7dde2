import { isDeepStrictEqual } from 'node:util';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { ssm } from '../aws/clients';
import { CONFIGURATION_FIELDS, ConfigurationField, FunctionConfiguration } from '../contract';
import { CurrentConfiguration } from './lambda-function';
import { configurationError, ReleaseFailure } from '../base/failure';
import { sentence } from '../base/sentence';
import { Settings } from '../base/settings';

const FIELDS = Object.keys(CONFIGURATION_FIELDS) as ConfigurationField[];

/** The value that Lambda omits, or returns, for a field that is not set. */
function unset(field: ConfigurationField): unknown {
  const rules = CONFIGURATION_FIELDS[field];
  return 'unset' in rules ? rules.unset : undefined;
}

/** The fields that are set. A new function needs no value that unsets a field. */
export function withoutUnset({ Role, ...fields }: FunctionConfiguration): FunctionConfiguration {
  const set = Object.entries(fields).filter(([field, value]) => {
    return !isDeepStrictEqual(value, unset(field as ConfigurationField));
  });
  return { Role, ...Object.fromEntries(set) };
}

/** The configuration that the stack defines. Undefined if another stack owns the function. */
export async function readWantedConfiguration({
  configurationParameter,
}: Settings): Promise<FunctionConfiguration | undefined> {
  if (!configurationParameter) {
    return undefined;
  }
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: configurationParameter }));
  return parseConfiguration(configurationParameter, Parameter?.Value ?? '');
}

/** Parses the configuration. A field that the pipeline can't apply is an error, not silently omitted. */
export function parseConfiguration(parameter: string, text: string): FunctionConfiguration {
  const configuration = parseObject(parameter, text);
  const unknown = Object.keys(configuration).filter((field) => !(field in CONFIGURATION_FIELDS));
  if (unknown.length > 0) {
    throw configurationError(
      `The parameter ${parameter} has fields that the pipeline can't apply: ${unknown.join(', ')}. ` +
        `It can apply: ${FIELDS.join(', ')}. Deploy the stack again.`,
    );
  }
  const required = configuration.PackageType === 'Image' ? ['Role'] : ['Role', 'Runtime', 'Handler'];
  const missing = required.filter((field) => !configuration[field]);
  if (missing.length > 0) {
    throw configurationError(`The parameter ${parameter} lacks ${missing.join(', ')}. Deploy the stack again.`);
  }
  return configuration;
}

function parseObject(parameter: string, text: string): FunctionConfiguration {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw configurationError(
      `The parameter ${parameter} must contain the function's configuration as JSON: ${(error as Error).message}. ` +
        'Deploy the stack again.',
    );
  }
}

/** The fields in which the function differs from the wanted configuration, for the call that applies them. */
export function configurationChanges(
  appliedWith: 'configuration' | 'code',
  wanted: FunctionConfiguration,
  current: CurrentConfiguration,
): Record<string, unknown> {
  const fields = differingFields(wanted, current).filter(
    (field) => CONFIGURATION_FIELDS[field].appliedWith === appliedWith,
  );
  return Object.fromEntries(fields.map((field) => [field, wanted[field]]));
}

/**
 * The fields in which a version differs from the configuration, or from `$LATEST`. The description is not one of them,
 * because a version has a description of its own.
 */
export function changedFields(
  wanted: FunctionConfiguration | CurrentConfiguration,
  version: CurrentConfiguration,
): ConfigurationField[] {
  const given = wanted as FunctionConfiguration;
  return FIELDS.filter(
    (field) =>
      CONFIGURATION_FIELDS[field].appliedWith !== 'separately' &&
      field !== 'Description' &&
      (isHidden(field, wanted, version) || !isDeepStrictEqual(...comparableForms(field, given, version))),
  );
}

/** Whether Lambda could not decrypt the environment, so that nobody can tell whether the variables differ. */
function isHidden(field: ConfigurationField, ...configurations: object[]): boolean {
  const hasError = ({ Environment }: Pick<CurrentConfiguration, 'Environment'>) => Environment?.Error !== undefined;
  return field === 'Environment' && configurations.some(hasError);
}

/** The fields of a version in which the function differs from the wanted configuration. */
export function differingFields(wanted: FunctionConfiguration, current: CurrentConfiguration): ConfigurationField[] {
  return FIELDS.filter(
    (field) =>
      CONFIGURATION_FIELDS[field].appliedWith !== 'separately' &&
      field in wanted &&
      !isDeepStrictEqual(...comparableForms(field, wanted, current)),
  );
}

/** The wanted and the current value of a field, in one form. The current value has only the keys of the wanted one. */
export function comparableForms(
  field: ConfigurationField,
  wanted: FunctionConfiguration,
  current: CurrentConfiguration,
): [wanted: unknown, current: unknown] {
  if (field === 'Environment') {
    throwIfEnvironmentIsHidden(current);
  }
  // The wanted configuration may be that of another version, as Lambda returned it.
  const wantedForm = comparable(field, wanted[field] ?? currentValue(field, wanted as object as CurrentConfiguration));
  const currentForm = comparable(field, currentValue(field, current));
  return [wantedForm, narrow(field, currentForm, wantedForm)];
}

/** Lambda returns the overrides of an image in another field than the one in which it takes them. */
function currentValue(field: ConfigurationField, current: CurrentConfiguration): unknown {
  return field === 'ImageConfig'
    ? current.ImageConfigResponse?.ImageConfig
    : (current as unknown as Record<string, unknown>)[field];
}

/** Converts the stack's values and Lambda's responses to one form. */
function comparable(field: ConfigurationField, value: unknown): unknown {
  const given = value ?? unset(field);
  if (field === 'Layers') {
    return (given as (string | { Arn: string })[]).map((layer) => (typeof layer === 'string' ? layer : layer.Arn));
  }
  if (field === 'Environment') {
    return { Variables: (given as { Variables?: object }).Variables ?? {} };
  }
  if (field === 'VpcConfig') {
    return comparableVpc(given as VpcFields);
  }
  if (field === 'SnapStart') {
    return { ApplyOn: (given as { ApplyOn: string }).ApplyOn }; // Lambda adds the status
  }
  if (field === 'ImageConfig') {
    return { Command: [], EntryPoint: [], WorkingDirectory: '', ...(given as object) };
  }
  return isObject(given) ? { ...(unset(field) as object), ...given } : given;
}

interface VpcFields {
  readonly SubnetIds?: string[];
  readonly SecurityGroupIds?: string[];
  readonly Ipv6AllowedForDualStack?: boolean;
}

/** Lambda adds the id of the VPC, and returns ids in any order. */
function comparableVpc({
  SubnetIds = [],
  SecurityGroupIds = [],
  Ipv6AllowedForDualStack = false,
}: VpcFields): VpcFields {
  return { SubnetIds: [...SubnetIds].sort(), SecurityGroupIds: [...SecurityGroupIds].sort(), Ipv6AllowedForDualStack };
}

/** Limits an object to the keys that the stack sets, since Lambda returns more. Environment variables stay complete. */
function narrow(field: string, current: unknown, wanted: unknown): unknown {
  if (field === 'Environment' || !isObject(current) || !isObject(wanted)) {
    return current;
  }
  return Object.fromEntries(Object.keys(wanted).map((key) => [key, current[key]]));
}

function throwIfEnvironmentIsHidden(current: CurrentConfiguration): void {
  const error = current.Environment?.Error;
  if (!error) {
    return;
  }
  throw new ReleaseFailure(
    'PermissionError',
    `Lambda can't decrypt the environment variables of ${current.FunctionName}, so the pipeline can't compare them: ` +
      `${sentence(`${error.ErrorCode}: ${error.Message}`)} Grant the release function kms:Decrypt on the key.`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
