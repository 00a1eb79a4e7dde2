import { isDeepStrictEqual } from 'node:util';
import { ListTagsCommand } from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { configurationError } from '../base/failure';
import { Settings } from '../base/settings';
import { FunctionConfiguration, PROJECT_TAG } from '../contract';
import { comparableForms, differingFields } from './configuration';
import { CurrentConfiguration } from './lambda-function';

/** The option of the target function that sets a field, and how a message shows a value of the field. */
interface FieldText {
  readonly option: string;
  readonly show?: (value: any) => string;
}

/** Every other field of a version is in `ENTRIES`, or is required, so that the options always name it. */
const FIELD_TEXTS: Record<string, FieldText> = {
  Role: { option: 'role' },
  Description: { option: 'description', show: (value) => value && 'the description' },
  MemorySize: { option: 'memorySize', show: (value) => `${value} MB` },
  Timeout: { option: 'timeout', show: (value) => `${value} seconds` },
  Architectures: { option: 'architecture' },
  TracingConfig: { option: 'tracing', show: ({ Mode }) => Mode },
  EphemeralStorage: { option: 'ephemeralStorageSize', show: ({ Size }) => `${Size} MB` },
  DeadLetterConfig: { option: 'deadLetterQueue', show: ({ TargetArn }) => TargetArn },
  KMSKeyArn: { option: 'environmentEncryption' },
  SnapStart: { option: 'snapStart', show: ({ ApplyOn }) => ApplyOn },
  'VpcConfig.SubnetIds': { option: 'vpc' },
  'VpcConfig.SecurityGroupIds': { option: 'securityGroups' },
  'VpcConfig.Ipv6AllowedForDualStack': { option: 'ipv6AllowedForDualStack' },
  'ImageConfig.Command': { option: 'cmd' },
  'ImageConfig.EntryPoint': { option: 'entrypoint' },
  'ImageConfig.WorkingDirectory': { option: 'workingDirectory' },
  'LoggingConfig.LogGroup': { option: 'logGroup' },
  'LoggingConfig.LogFormat': { option: 'loggingFormat' },
  'LoggingConfig.ApplicationLogLevel': { option: 'applicationLogLevelV2' },
  'LoggingConfig.SystemLogLevel': { option: 'systemLogLevelV2' },
};

/** Fields with keys that an option of their own names. */
const FIELDS_WITH_KEYS = ['VpcConfig', 'ImageConfig', 'LoggingConfig'];

/** Fields whose entries are independent. A take-over may not lose a single one. Returns the names of the entries. */
const ENTRIES: Record<string, { readonly option: string; readonly namesOf: (value: any) => string[] }> = {
  Environment: { option: 'environment', namesOf: ({ Variables }) => Object.keys(Variables) },
  // Without the version of the layer, so that a new version replaces an old one.
  Layers: { option: 'layers', namesOf: (arns: string[]) => arns.map((arn) => arn.replace(/:\d+$/, '')) },
  FileSystemConfigs: {
    option: 'filesystem',
    namesOf: (systems: { LocalMountPath: string }[]) => systems.map(({ LocalMountPath }) => LocalMountPath),
  },
};

/**
 * Fails if this pipeline has not taken over the function yet, and the release would remove or change something of its
 * configuration that the options do not name. Returns a note on the take-over; nothing if the function is the
 * pipeline's own. Changes nothing.
 */
export async function checkTakeOver(
  settings: Settings,
  wanted: FunctionConfiguration,
  current: CurrentConfiguration,
): Promise<string | undefined> {
  const { Tags = {} } = await lambda.send(new ListTagsCommand({ Resource: current.FunctionArn }));
  const owner = Tags[PROJECT_TAG];
  if (owner === settings.projectName) {
    return undefined;
  }
  const losses = findLosses(wanted, current, settings.namedFields);
  if (losses.length === 0) {
    return 'the pipeline takes over the function, and changes only what the options name';
  }
  if (settings.replaceExistingConfiguration) {
    return `the pipeline takes over the function, and replaces its configuration: ${losses.join('; ')}`;
  }
  const whose = owner ? `the pipeline of ${owner} created or took over` : 'this pipeline did not create';
  throw configurationError(
    `The first release would take over the function ${settings.functionName}, which ${whose}, ` +
      'and change parts of its configuration that the options of the target function do not name. ' +
      'The pipeline has changed nothing. Either set these options to the values that must stay, ' +
      'or set replaceExistingConfiguration to true if the function does not need them. ' +
      `Then deploy the stack, and run the pipeline again. The changes: ${losses.join('; ')}.`,
  );
}

/** What the release would remove or change although no option names it. Contains no value of a variable. */
export function findLosses(
  wanted: FunctionConfiguration,
  current: CurrentConfiguration,
  named: readonly string[],
): string[] {
  return differingFields(wanted, current).flatMap((field) => {
    const [after, before] = comparableForms(field, wanted, current);
    if (field in ENTRIES) {
      return describeLostEntries(field, after, before);
    }
    if (named.includes(field)) {
      return [];
    }
    if (!FIELDS_WITH_KEYS.includes(field)) {
      return [describeChange(field, after, before)];
    }
    const [to, from] = [after, before] as Record<string, unknown>[];
    return Object.keys(to)
      .map((key) => `${field}.${key}`)
      .filter((name) => !named.includes(name))
      .filter((name) => !isDeepStrictEqual(to[keyOf(name)], from[keyOf(name)]))
      .map((name) => describeChange(name, to[keyOf(name)], from[keyOf(name)]));
  });
}

function keyOf(name: string): string {
  return name.split('.')[1];
}

function describeLostEntries(field: string, after: unknown, before: unknown): string[] {
  const { option, namesOf } = ENTRIES[field];
  const kept = namesOf(after);
  const lost = namesOf(before).filter((name) => !kept.includes(name));
  return lost.length > 0 ? [`it removes ${lost.join(', ')} (option ${option})`] : [];
}

function describeChange(name: string, after: unknown, before: unknown): string {
  const { option, show = String } = FIELD_TEXTS[name];
  const [from, to] = [before, after].map((value) => (Array.isArray(value) ? value.join(', ') : show(value)));
  return to === ''
    ? `it removes ${from} (option ${option})`
    : `it changes ${option} from ${from || 'nothing'} to ${to}`;
}
