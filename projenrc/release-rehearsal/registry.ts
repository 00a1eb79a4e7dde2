import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Workspace } from './workspace';

/** A registry on this machine: the release is published to it by the workflow's publisher, and taken from it by an app. */
export interface Registry {
  readonly name: string;
  /** Commands that have to be there. */
  readonly tools: string[];
  /** The task that makes what is published. */
  readonly task: string;
  /** What the publisher says when the registry has the version already, and nothing is published. */
  readonly repeated: RegExp | undefined;
  start(): Promise<void>;
  /** Publishes what the folder holds, as the workflow does, and returns what the publisher printed. */
  publish(dist: string): string;
  /** Installs the version in an app of its own, synthesizes it, and returns the template. */
  consume(version: string): string;
}

/** What all registries need to know. */
export interface Context {
  readonly workspace: Workspace;
  /** Folder with the commands of the publisher. */
  readonly publishers: string;
  readonly manifest: Manifest;
}

export interface Manifest {
  readonly name: string;
  readonly devDependencies: Record<string, string>;
  readonly jsii: {
    readonly targets: {
      readonly java: {
        readonly package: string;
        readonly maven: { readonly groupId: string; readonly artifactId: string };
      };
      readonly python: { readonly distName: string; readonly module: string };
      readonly go: { readonly moduleName: string };
    };
  };
}

/** The lowest CDK that the library takes, which the apps have. */
export const cdkOf = ({ devDependencies }: Manifest) => ({
  cdk: devDependencies['aws-cdk-lib'],
  constructs: devDependencies.constructs,
});

/** What the apps synthesize. */
export const templateIn = (folder: string) => readFileSync(path.join(folder, 'cdk.out/Consumer.template.json'), 'utf8');
