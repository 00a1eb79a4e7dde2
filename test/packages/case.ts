import { TargetConfiguration } from '../../src/handlers/release/code/inspection/target';

/** A package that is made with the ordinary tools, and what the inspection must say about it. */
export interface Case {
  readonly name: string;
  readonly function: TargetConfiguration;
  /** Requirements for the function's own runtime, or for the platform that is named. */
  readonly pip?: readonly string[];
  readonly pipFor?: PythonPlatform;
  /** Packages for Linux on the function's architecture, or for the platforms that are named. */
  readonly npm?: readonly string[];
  readonly npmFor?: readonly NodePlatform[];
  /** Coordinates of jars, which go to `lib`, or are unpacked as in a fat jar. */
  readonly maven?: readonly string[];
  readonly fatJar?: boolean;
  /** Commands in the folder of the package, after the files were written. */
  readonly commands?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** What a refusal contains; undefined for a package that works. */
  readonly refused?: readonly string[];
}

export interface PythonPlatform {
  readonly version: string;
  readonly machine: 'x86_64' | 'aarch64';
  /** The highest glibc of the wheels; undefined for musl. */
  readonly glibc?: number;
}

export interface NodePlatform {
  readonly cpu: 'x64' | 'arm64';
  readonly libc: 'glibc' | 'musl';
}
