import { createHash } from 'node:crypto';

/** A function: what can be changed, the versions that can't be, and the aliases. */
export interface FunctionState {
  readonly name: string;
  latest: VersionState;
  readonly versions: VersionState[];
  readonly aliases: Record<string, AliasState>;
  /** Qualifier and id of each statement of the function's policy. */
  readonly permissions: string[];
  tags: Record<string, string>;
}

/** The code of a version. */
export interface CodeState {
  /** SHA-256 of the package, in hexadecimal: the name of its file; the digest of an image. */
  readonly packageHash: string;
  readonly packageSize: number;
  /** For a function from container images. */
  readonly imageUri?: string;
}

/** A version of a function, `$LATEST` among them. */
export interface VersionState extends CodeState {
  readonly version: string;
  /** The configuration under the names of CreateFunction. */
  readonly configuration: Record<string, any>;
  /** Given when it was published; the configuration's otherwise. */
  readonly description?: string;
  readonly lastModified: number;
  readonly readyAt: number;
  /** Whether it becomes ready for the first time, or after an update. */
  readonly isNew: boolean;
  readonly revision: string;
}

/** An alias. */
export interface AliasState {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  /** Additional version and its share of the traffic, 0 to 1. */
  readonly weights: Record<string, number>;
  readonly revision: string;
  /** How often it was invoked since its weights last changed. */
  invocations: number;
}

const DEFAULTS = {
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  TracingConfig: { Mode: 'PassThrough' },
  Architectures: ['x86_64'],
  EphemeralStorage: { Size: 512 },
};

/** A revision id changes once more when an update has become effective. */
export function revisionOf(version: VersionState, now: number): string {
  return uuid(`${version.revision}${now < version.readyAt ? '' : ' ready'}`);
}

/** The hash of a package in base64, and that of an image in hexadecimal. */
export function codeSha256({ packageHash, imageUri }: CodeState): string {
  return imageUri ? packageHash : Buffer.from(packageHash, 'hex').toString('base64');
}

/** What Lambda answers about a version. */
export function describeVersion(functionArn: string, version: VersionState, now: number) {
  const { Environment, Layers, VpcConfig, DeadLetterConfig, ...configuration } = version.configuration;
  const name = functionArn.split(':').at(-1)!;
  const ready = now >= version.readyAt;
  return {
    ...DEFAULTS,
    ...configuration,
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}`, ...configuration.LoggingConfig },
    SnapStart: { ApplyOn: 'None', ...configuration.SnapStart, OptimizationStatus: 'Off' },
    ...(Object.keys(Environment?.Variables ?? {}).length > 0 ? { Environment } : {}),
    ...(Layers?.length ? { Layers: Layers.map((Arn: string) => ({ Arn, CodeSize: 0 })) } : {}),
    ...(VpcConfig
      ? {
          VpcConfig: {
            SubnetIds: [],
            SecurityGroupIds: [],
            VpcId: VpcConfig.SubnetIds?.length ? 'vpc-rehearsal' : '',
            ...VpcConfig,
          },
        }
      : {}),
    ...(DeadLetterConfig?.TargetArn ? { DeadLetterConfig } : {}),
    ...(version.description ? { Description: version.description } : {}),
    FunctionName: name,
    FunctionArn: version.version === '$LATEST' ? functionArn : `${functionArn}:${version.version}`,
    PackageType: version.imageUri ? 'Image' : 'Zip',
    CodeSize: version.packageSize,
    CodeSha256: codeSha256(version),
    Version: version.version,
    LastModified: new Date(version.lastModified).toISOString().replace('Z', '+0000'),
    RevisionId: revisionOf(version, now),
    State: ready || !version.isNew ? 'Active' : 'Pending',
    ...(ready || !version.isNew ? {} : { StateReasonCode: 'Creating', StateReason: 'The function is being created.' }),
    LastUpdateStatus: ready || version.isNew ? 'Successful' : 'InProgress',
  };
}

/** The architecture that functions run on here, in Lambda's name. */
export const ARCHITECTURE_HERE = process.arch === 'arm64' ? 'arm64' : 'x86_64';

export function architectureOf({ configuration }: VersionState): string {
  return configuration.Architectures?.[0] ?? 'x86_64';
}

/** Why a version can't run on this machine; undefined when it can. */
export function whyNotRun(version: VersionState): string | undefined {
  if (version.imageUri) {
    return 'a function from container images';
  }
  const isBinary = String(version.configuration.Runtime).startsWith('provided');
  return isBinary && architectureOf(version) !== ARCHITECTURE_HERE
    ? `a program for ${architectureOf(version)} on a machine of ${ARCHITECTURE_HERE}`
    : undefined;
}

/** What Lambda answers about an alias. */
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

/** Whether publishing would make the same version once more. */
export function isSameVersion(one: VersionState, other: VersionState): boolean {
  return one.packageHash === other.packageHash && canonical(one.configuration) === canonical(other.configuration);
}

/** A text that looks like a random UUID, and is always the same for the same seed. */
export function uuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
