import { createHash } from 'node:crypto';
import { canonical } from '../../base/canonical';
import { uuid } from '../../base/uuid';

/** A function: `$LATEST`, the immutable versions, and the aliases. */
export interface FunctionState {
  readonly name: string;
  latest: VersionState;
  readonly versions: VersionState[];
  readonly aliases: Record<string, AliasState>;
  /** The qualifier and the id of each statement in the policy of the function. */
  readonly permissions: string[];
  tags: Record<string, string>;
}

/** The code of a version. */
export interface CodeState {
  /** The hexadecimal SHA-256 of the package, which names its file; or the digest of an image. */
  readonly packageHash: string;
  readonly packageSize: number;
  /** The image of a function from container images. */
  readonly imageUri?: string;
}

/** The configuration of a function, named as in CreateFunction. The account keeps fields that it does not know. */
export interface FunctionConfiguration {
  readonly Architectures?: string[];
  readonly DeadLetterConfig?: { readonly TargetArn?: string };
  readonly Environment?: { readonly Variables?: Record<string, string> };
  readonly FileSystemConfigs?: unknown[];
  readonly Handler?: string;
  readonly ImageConfig?: object;
  readonly KMSKeyArn?: string;
  readonly Layers?: string[];
  readonly LoggingConfig?: object;
  readonly MemorySize?: number;
  readonly Role?: string;
  readonly Runtime?: string;
  readonly SnapStart?: object;
  readonly Timeout?: number;
  readonly VpcConfig?: { readonly SubnetIds?: string[]; readonly SecurityGroupIds?: string[] };
}

/** A version of a function, or `$LATEST`. */
export interface VersionState extends CodeState {
  readonly version: string;
  readonly configuration: FunctionConfiguration;
  /** The description from PublishVersion. Default: the description of the configuration. */
  readonly description?: string;
  readonly lastModified: number;
  readonly readyAt: number;
  /** Whether the version is new; otherwise it has been updated. */
  readonly isNew: boolean;
  /** Why nobody can invoke the version. */
  readonly trouble?: Trouble;
  readonly revision: string;
}

/** A state in which Lambda invokes no version: its resources could not be created, or Lambda has reclaimed them. */
export interface Trouble {
  readonly state: 'Failed' | 'Inactive';
  readonly reason: string;
  /** A StateReasonCode of Lambda's API. `Idle` means that nobody invoked the function for a long time. */
  readonly code: string;
}

/** An alias. */
export interface AliasState {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  /** The additional version and its share of the traffic, 0 to 1. */
  readonly weights: Record<string, number>;
  readonly revision: string;
  readonly provisioned?: ProvisionedConcurrency;
  /** The number of invocations since the last change of the weights. */
  invocations: number;
}

/** The provisioned concurrency of an alias. */
export interface ProvisionedConcurrency {
  readonly executions: number;
  /** When Lambda has provided it for the version of the alias. */
  readonly readyAt: number;
  /** Whether Lambda holds the traffic of the alias on its last version, until it has provided it for the new one. */
  readonly isHolding?: boolean;
  /** Why the initialization of the next version fails; undefined if it succeeds. */
  readonly failure?: string;
}

const DEFAULTS = {
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  TracingConfig: { Mode: 'PassThrough' },
  Architectures: ['x86_64'],
  EphemeralStorage: { Size: 512 },
};

/** Returns the revision id, which changes again when an update is complete. */
export function revisionOf(version: VersionState, now: number): string {
  return uuid(`${version.revision}${now < version.readyAt ? '' : ' ready'}`);
}

/** Returns the hash of a package in base64, or of an image in hexadecimal. */
export function codeSha256({ packageHash, imageUri }: CodeState): string {
  return imageUri ? packageHash : Buffer.from(packageHash, 'hex').toString('base64');
}

/** Renders a version as Lambda returns it. The ARN ends with the qualifier of the call, or with the version. */
export function describeVersion(functionArn: string, version: VersionState, now: number, qualifier?: string) {
  return {
    ...describeListed(functionArn, version, now, qualifier),
    ...(version.imageUri ? {} : { RuntimeVersionConfig: { RuntimeVersionArn: runtimeArn(functionArn, version) } }),
    ...statusOf(version, now),
  };
}

/** Renders a version as ListVersionsByFunction returns it: without its status and the version of its runtime. */
export function describeListed(functionArn: string, version: VersionState, now: number, qualifier?: string) {
  const { Environment, Layers, VpcConfig, DeadLetterConfig, ImageConfig, ...configuration } = version.configuration;
  const name = functionArn.split(':').at(-1)!;
  const end = qualifier ?? (version.version === '$LATEST' ? undefined : version.version);
  return {
    ...DEFAULTS,
    ...configuration,
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}`, ...configuration.LoggingConfig },
    SnapStart: { ApplyOn: 'None', ...configuration.SnapStart, OptimizationStatus: 'Off' },
    ...(Environment?.Variables ? { Environment } : {}),
    ...(Layers?.length ? { Layers: Layers.map((Arn) => ({ Arn, CodeSize: 0 })) } : {}),
    ...(VpcConfig
      ? {
          VpcConfig: {
            SubnetIds: [],
            SecurityGroupIds: [],
            VpcId: VpcConfig.SubnetIds?.length ? 'vpc-rehearsal' : '',
            Ipv6AllowedForDualStack: false,
            ...VpcConfig,
          },
        }
      : {}),
    ...(Object.keys(ImageConfig ?? {}).length > 0 ? { ImageConfigResponse: { ImageConfig } } : {}),
    ...(DeadLetterConfig?.TargetArn ? { DeadLetterConfig } : {}),
    ...(version.description ? { Description: version.description } : {}),
    FunctionName: name,
    FunctionArn: end ? `${functionArn}:${end}` : functionArn,
    PackageType: version.imageUri ? 'Image' : 'Zip',
    CodeSize: version.packageSize,
    CodeSha256: codeSha256(version),
    Version: version.version,
    LastModified: new Date(version.lastModified).toISOString().replace('Z', '+0000'),
    RevisionId: revisionOf(version, now),
  };
}

/** Returns the status of a version. A new function has no status of an update, and an update says that it creates. */
function statusOf({ readyAt, isNew, trouble }: VersionState, now: number) {
  const text = 'The function is being created.';
  if (now >= readyAt && trouble) {
    const { state, reason, code } = trouble;
    return { State: state, StateReason: reason, StateReasonCode: code };
  }
  if (now >= readyAt) {
    return { State: 'Active', LastUpdateStatus: 'Successful' };
  }
  return isNew
    ? { State: 'Pending', StateReason: text, StateReasonCode: 'Creating' }
    : {
        State: 'Active',
        LastUpdateStatus: 'InProgress',
        LastUpdateStatusReason: text,
        LastUpdateStatusReasonCode: 'Creating',
      };
}

function runtimeArn(functionArn: string, { configuration }: VersionState): string {
  const [, partition, , region] = functionArn.split(':');
  const hash = createHash('sha256').update(String(configuration.Runtime)).digest('hex');
  return `arn:${partition}:lambda:${region}::runtime:${hash}`;
}

/** The architecture of this machine, named as in Lambda. */
export const ARCHITECTURE_HERE = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/** Returns the architecture of a version. */
export function architectureOf({ configuration }: VersionState): string {
  return configuration.Architectures?.[0] ?? 'x86_64';
}

/** Returns why this machine cannot run a version, or undefined. */
export function obstacleOf(version: VersionState): string | undefined {
  if (version.imageUri) {
    return 'a function from container images';
  }
  const isBinary = String(version.configuration.Runtime).startsWith('provided');
  return isBinary && architectureOf(version) !== ARCHITECTURE_HERE
    ? `a program for ${architectureOf(version)} on a machine with ${ARCHITECTURE_HERE}`
    : undefined;
}

/** Renders an alias as Lambda returns it. */
export function describeAlias(functionArn: string, alias: AliasState) {
  return {
    AliasArn: `${functionArn}:${alias.name}`,
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    ...(Object.keys(alias.weights).length > 0 ? { RoutingConfig: { AdditionalVersionWeights: alias.weights } } : {}),
    RevisionId: alias.revision,
  };
}

/** Whether two versions have the same code and configuration. */
export function isSameVersion(one: VersionState, other: VersionState): boolean {
  return one.packageHash === other.packageHash && canonical(one.configuration) === canonical(other.configuration);
}
