/** The apps that examples/ has in every language. */
export const APPS = ['minimal', 'inventory-allocation', 'full'] as const;

/** A bad prop that each language's refusal program gives. */
export type Refusal = 'project-name' | 'source-directory' | 'canary';

/** Where one language's example stands while it is tried. */
export interface Place {
  /** The checkout of the library, with its packages in dist/. */
  readonly library: string;
  /** Folder for everything that is thrown away afterwards. */
  readonly work: string;
  /** The copy of the example. */
  readonly folder: string;
  /** The library's version, and those of the CDK that it is tried with: the lowest that it takes. */
  readonly versions: { readonly library: string; readonly cdk: string; readonly constructs: string };
}

/** How a language's users install the package and start an app. */
export interface Language {
  /** Folder of the example. */
  readonly name: string;
  /** The package's name for jsii-pacmak. */
  readonly target: string;
  /** Where the refusal program has to stand in the example. */
  readonly refusalProgram: string;
  /** Files that declare the dependencies, and what of package.json's `jsii.targets` has to stand in them. */
  readonly requires: (targets: Targets) => Record<string, string[]>;
  /** Commands that install the package and what it needs, in the copied example. */
  install(place: Place): string[];
  /** Commands that say whether what was installed can be used. */
  check?(): string[];
  /** What the environment has beyond this process's own. */
  environment(place: Place): NodeJS.ProcessEnv;
  /** The command that starts an app; it stands in the example's README, and the one of the minimal app in cdk.json. */
  start(app: string): string;
  /** The command that starts it. */
  refuse(refusal: Refusal): string;
  /** The line with which the message has to reach the person at the terminal. */
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
