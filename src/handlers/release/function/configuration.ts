import { isDeepStrictEqual } from 'node:util';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { ssm } from '../aws/clients';
import { CONFIGURATION_FIELDS, ConfigurationField, FunctionConfiguration } from '../contract';
import { CurrentConfiguration } from './lambda-function';
import { configurationError, ReleaseFailure } from '../base/failure';
import { Settings } from '../base/settings';

const FIELDS = Object.keys(CONFIGURATION_FIELDS) as ConfigurationField[];
const UPDATED = FIELDS.filter((field) => CONFIGURATION_FIELDS[field].appliedWith === 'configuration');
/** The one field that changes together with the code. */
const WITH_CODE = 'Architectures';

/** The value that Lambda omits, or returns, for a field that is not set. */
function unset(field: ConfigurationField): unknown {
  const rules = CONFIGURATION_FIELDS[field];
  return 'unset' in rules ? rules.unset : undefined;
}

/** The configuration that the stack wants, or undefined when a stack owns the function. */
export async function readWantedConfiguration({
  configurationParameter,
}: Settings): Promise<FunctionConfiguration | undefined> {
  if (!configurationParameter) {
    return undefined;
  }
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: configurationParameter }));
  return parseConfiguration(configurationParameter, Parameter?.Value ?? '');
}

/** Reads the configuration; a field that would not be applied is refused, not left out in silence. */
export function parseConfiguration(parameter: string, text: string): FunctionConfiguration {
  const configuration = parseObject(parameter, text);
  const unknown = Object.keys(configuration).filter((field) => !(field in CONFIGURATION_FIELDS));
  if (unknown.length > 0) {
    throw configurationError(
      `the parameter ${parameter} has fields that the pipeline can't apply: ${unknown.join(', ')}. It can apply: ${FIELDS.join(', ')}`,
    );
  }
  const required = configuration.PackageType === 'Image' ? ['Role'] : ['Role', 'Runtime', 'Handler'];
  const missing = required.filter((field) => !configuration[field]);
  if (missing.length > 0) {
    throw configurationError(`the parameter ${parameter} lacks ${missing.join(', ')}. Deploy the stack again.`);
  }
  return configuration;
}

function parseObject(parameter: string, text: string): FunctionConfiguration {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw configurationError(
      `the parameter ${parameter} must hold the function's configuration as JSON: ${(error as Error).message}. Deploy the stack again.`,
    );
  }
}

/** The fields, as UpdateFunctionConfiguration takes them, in which the function differs from what is wanted. */
export function configurationChanges(
  wanted: FunctionConfiguration,
  current: CurrentConfiguration,
): Record<string, unknown> {
  const fields = UPDATED.filter((field) => field in wanted && differs(field, wanted[field], current));
  return Object.fromEntries(fields.map((field) => [field, wanted[field]]));
}

/** The architectures to change to, or undefined: they change together with the code. */
export function architectureChange(
  wanted: FunctionConfiguration | undefined,
  current: CurrentConfiguration,
): string[] | undefined {
  if (!wanted?.[WITH_CODE] || !differs(WITH_CODE, wanted[WITH_CODE], current)) {
    return undefined;
  }
  return wanted[WITH_CODE] as string[];
}

function differs(field: ConfigurationField, wanted: unknown, current: CurrentConfiguration): boolean {
  if (field === 'Environment') {
    refuseHiddenEnvironment(current);
  }
  const wantedForm = comparable(field, wanted);
  const currentForm = comparable(field, (current as unknown as Record<string, unknown>)[field]);
  return !isDeepStrictEqual(wantedForm, narrow(field, currentForm, wantedForm));
}

/** One form for what the stack writes and what Lambda answers. */
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
  return isObject(given) ? { ...(unset(field) as object), ...given } : given;
}

interface VpcFields {
  readonly SubnetIds?: string[];
  readonly SecurityGroupIds?: string[];
  readonly Ipv6AllowedForDualStack?: boolean;
}

/** Lambda adds the VPC's id, and keeps no order. */
function comparableVpc({
  SubnetIds = [],
  SecurityGroupIds = [],
  Ipv6AllowedForDualStack = false,
}: VpcFields): VpcFields {
  return { SubnetIds: [...SubnetIds].sort(), SecurityGroupIds: [...SecurityGroupIds].sort(), Ipv6AllowedForDualStack };
}

/** Lambda fills in more than was asked for: only what the stack names is compared, except for variables, which are all of them. */
function narrow(field: string, current: unknown, wanted: unknown): unknown {
  if (field === 'Environment' || !isObject(current) || !isObject(wanted)) {
    return current;
  }
  return Object.fromEntries(Object.keys(wanted).map((key) => [key, current[key]]));
}

function refuseHiddenEnvironment(current: CurrentConfiguration): void {
  const error = current.Environment?.Error;
  if (!error) {
    return;
  }
  throw new ReleaseFailure(
    'PermissionError',
    `the environment variables of ${current.FunctionName} can't be read, so it is not known whether they differ: ` +
      `${error.ErrorCode}: ${error.Message}. Give the release function kms:Decrypt on the key.`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
