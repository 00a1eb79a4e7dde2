import { Family, familyOf, Machine, MACHINES, OperatingSystem, operatingSystemOf } from '../../runtimes';

/** The function that a package is released to, as far as the package has to fit. */
export interface Target {
  readonly runtime: string;
  readonly handler: string;
  readonly family?: Family;
  readonly operatingSystem?: OperatingSystem;
  readonly machine: Machine;
  /** A layer may contain what the package does not; so may what a wrapper script adds. */
  readonly hasLayers: boolean;
  /** Names and values of the function's environment variables. No message contains a value. */
  readonly environment: Readonly<Record<string, string>>;
  /** `buildProject.sourceDirectory` if a recipe builds the package; undefined if commands of the user do. */
  readonly sourceDirectory?: string;
}

/** What a function's configuration says about packages. */
export interface TargetConfiguration {
  readonly Runtime?: string;
  readonly Handler?: string;
  readonly Architectures?: unknown;
  readonly Layers?: unknown;
  readonly Environment?: unknown;
}

export function targetOf(configuration: TargetConfiguration, sourceDirectory?: string): Target {
  const { Runtime: runtime = '', Handler: handler = '', Architectures, Layers, Environment } = configuration;
  const environment = (Environment as { Variables?: Record<string, string> } | undefined)?.Variables ?? {};
  const [architecture = 'x86_64'] = (Architectures ?? []) as string[];
  return {
    runtime,
    handler,
    family: familyOf(runtime),
    operatingSystem: operatingSystemOf(runtime),
    machine: MACHINES.find((machine) => machine.architecture === architecture) ?? MACHINES[0],
    hasLayers: ((Layers ?? []) as unknown[]).length > 0 || environment.AWS_LAMBDA_EXEC_WRAPPER !== undefined,
    environment,
    sourceDirectory,
  };
}

/** The runtime and the architecture, for messages. */
export function describeTarget({ runtime, machine }: Target): string {
  return `${runtime} (${machine.architecture})`;
}
