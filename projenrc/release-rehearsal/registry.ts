import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Workspace } from './workspace';

/** A registry on this machine: the workflow's publisher publishes to it, and an app installs from it. */
export interface Registry {
  readonly name: string;
  /** Commands that the registry needs. */
  readonly tools: string[];
  /** The task that packs the package. */
  readonly task: string;
  /** The publisher's output if the registry already has the version. */
  readonly repeated: RegExp | undefined;
  start(): Promise<void>;
  /** Publishes the packages in the folder, as the workflow does, and returns the publisher's output. */
  publish(dist: string): string;
  /** Installs the version in an app of its own, synthesizes it, and returns the template. */
  consume(version: string): string;
}

/** Shared by all registries. */
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

/** The lowest CDK that the library supports, which the apps use. */
export const cdkOf = ({ devDependencies }: Manifest) => ({
  cdk: devDependencies['aws-cdk-lib'],
  constructs: devDependencies.constructs,
});

/** The template that an app synthesizes. */
export const templateIn = (folder: string) => readFileSync(path.join(folder, 'cdk.out/Consumer.template.json'), 'utf8');
