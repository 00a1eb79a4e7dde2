/** The apps that examples/ has in every language. */
export const APPS = ['minimal', 'inventory-allocation', 'full'] as const;

/** A bad prop that each language's refusal program gives. */
export type Refusal = 'project-name' | 'source-directory' | 'canary';

/** The folders for the trial of one language's example. */
export interface Place {
  /** The checkout of the library, with its packages in dist/. */
  readonly library: string;
  /** Folder for everything that the trial deletes at its end. */
  readonly work: string;
  /** The copy of the example. */
  readonly folder: string;
  /** The library's version, and the lowest versions of the CDK that it supports, which the trial uses. */
  readonly versions: { readonly library: string; readonly cdk: string; readonly constructs: string };
}

/** How a language's users install the package and start an app. */
export interface Language {
  /** Folder of the example. */
  readonly name: string;
  /** The package's name for jsii-pacmak. */
  readonly target: string;
  /** Path of the refusal program in the example. */
  readonly refusalProgram: string;
  /** Files that declare the dependencies, with the names from package.json's `jsii.targets` that they must contain. */
  readonly requires: (targets: Targets) => Record<string, string[]>;
  /** Commands that install the package and its dependencies in the copied example. */
  install(place: Place): string[];
  /** Commands that check whether the installed packages are usable. */
  check?(): string[];
  /** Environment variables in addition to those of this process. */
  environment(place: Place): NodeJS.ProcessEnv;
  /** The command that starts an app. The example's README shows it, and cdk.json has the command of the minimal app. */
  start(app: string): string;
  /** The command that starts the refusal program. */
  refuse(refusal: Refusal): string;
  /** Whether the output shows the message on the line where users look. */
  refusalLine(output: string[], message: string): boolean;
}

/** The names of the packages, as package.json has them for jsii. */
export interface Targets {
  readonly npm: string;
  readonly python: { readonly distName: string; readonly module: string };
  readonly java: {
    readonly package: string;
    readonly maven: { readonly groupId: string; readonly artifactId: string };
  };
  readonly go: { readonly moduleName: string };
}
