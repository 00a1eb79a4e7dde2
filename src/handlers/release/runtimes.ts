/**
 * What Lambda's runtimes consist of: rows of data that the construct and the release function share. Imports nothing.
 * Operating systems: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */

/** The operating system of a runtime, with what its libraries define. */
export interface OperatingSystem {
  readonly name: string;
  /** The version of the C library: the highest `GLIBC_` that a program may need. */
  readonly glibc: string;
  /** The highest `GLIBCXX_` of the C++ library. */
  readonly glibcxx: string;
}

const AMAZON_LINUX_2: OperatingSystem = { name: 'Amazon Linux 2', glibc: '2.26', glibcxx: '3.4.24' };
const AMAZON_LINUX_2023: OperatingSystem = { name: 'Amazon Linux 2023', glibc: '2.34', glibcxx: '3.4.29' };

const OPERATING_SYSTEMS: Readonly<Record<string, OperatingSystem>> = {
  'python3.8': AMAZON_LINUX_2,
  'python3.9': AMAZON_LINUX_2,
  'python3.10': AMAZON_LINUX_2,
  'python3.11': AMAZON_LINUX_2,
  'python3.12': AMAZON_LINUX_2023,
  'python3.13': AMAZON_LINUX_2023,
  'python3.14': AMAZON_LINUX_2023,
  'nodejs12.x': AMAZON_LINUX_2,
  'nodejs14.x': AMAZON_LINUX_2,
  'nodejs16.x': AMAZON_LINUX_2,
  'nodejs18.x': AMAZON_LINUX_2,
  'nodejs20.x': AMAZON_LINUX_2023,
  'nodejs22.x': AMAZON_LINUX_2023,
  'nodejs24.x': AMAZON_LINUX_2023,
  'java8.al2': AMAZON_LINUX_2,
  java11: AMAZON_LINUX_2,
  java17: AMAZON_LINUX_2,
  java21: AMAZON_LINUX_2023,
  java25: AMAZON_LINUX_2023,
  'ruby2.7': AMAZON_LINUX_2,
  'ruby3.2': AMAZON_LINUX_2,
  'ruby3.3': AMAZON_LINUX_2023,
  'ruby3.4': AMAZON_LINUX_2023,
  'ruby4.0': AMAZON_LINUX_2023,
  dotnet6: AMAZON_LINUX_2,
  dotnet8: AMAZON_LINUX_2023,
  dotnet10: AMAZON_LINUX_2023,
  'provided.al2': AMAZON_LINUX_2,
  'provided.al2023': AMAZON_LINUX_2023,
};

/** The operating system of a runtime; undefined for a runtime that is newer than this table. */
export function operatingSystemOf(runtime: string): OperatingSystem | undefined {
  return OPERATING_SYSTEMS[runtime];
}

/** A processor architecture under each of its names. */
export interface Machine {
  /** `Architectures` of Lambda's API. */
  readonly architecture: string;
  /** `e_machine` in the header of an ELF file. */
  readonly elfMachine: number;
  /** What package managers call it in the names of files and folders. */
  readonly names: readonly string[];
}

export const MACHINES = [
  { architecture: 'x86_64', elfMachine: 62, names: ['x86_64', 'x86-64', 'x64', 'amd64'] },
  { architecture: 'arm64', elfMachine: 183, names: ['arm64', 'aarch64', 'armv8'] },
] as const satisfies readonly Machine[];

/** What a family of runtimes has in common. */
export interface RuntimeFamily {
  /** The beginning of the names of its runtimes. */
  readonly prefix: string;
  /** The files that can contain the handler, the usual one first; none if the name does not say. */
  readonly handlerFiles: (handler: string) => string[];
}

export const FAMILIES = {
  python: {
    prefix: 'python',
    handlerFiles: (handler) => {
      const path = handler.slice(0, handler.lastIndexOf('.')).replaceAll('.', '/');
      return [`${path}.py`, `${path}/__init__.py`, `${path}.pyc`, `${path}.so`];
    },
  },
  nodejs: {
    prefix: 'nodejs',
    handlerFiles: (handler) => {
      const folder = handler.slice(0, handler.lastIndexOf('/') + 1);
      const path = folder + handler.slice(folder.length).split('.')[0];
      return ['.js', '.mjs', '.cjs', '', '/index.js'].map((ending) => path + ending);
    },
  },
  java: {
    prefix: 'java',
    handlerFiles: (handler) => [`${handler.split('::')[0].replaceAll('.', '/')}.class`],
  },
  ruby: {
    prefix: 'ruby',
    handlerFiles: (handler) => [`${handler.split('.')[0]}.rb`],
  },
  dotnet: {
    prefix: 'dotnet',
    handlerFiles: (handler) => [`${handler.split('::')[0]}.dll`],
  },
  provided: {
    prefix: 'provided',
    handlerFiles: () => ['bootstrap'],
  },
} as const satisfies Record<string, RuntimeFamily>;

/** A family of runtimes. */
export type Family = keyof typeof FAMILIES;

/** The family of a runtime; undefined for a runtime of a language that is newer than this table. */
export function familyOf(runtime: string): Family | undefined {
  return (Object.keys(FAMILIES) as Family[]).find((family) => runtime.startsWith(FAMILIES[family].prefix));
}

/** The runtimes of a family with a C library of at least this version, in the order of the table. */
export function runtimesWith(family: Family, isEnough: (glibc: string) => boolean): string[] {
  return Object.entries(OPERATING_SYSTEMS)
    .filter(([runtime, { glibc }]) => familyOf(runtime) === family && isEnough(glibc))
    .map(([runtime]) => runtime);
}
