import * as fs from 'node:fs';
import * as path from 'node:path';
import { Resolver } from './intrinsics';

export { Resolver } from './intrinsics';

/** A resource as a template declares it. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, any>;
  readonly Condition?: string;
  readonly DependsOn?: string | string[];
  readonly Metadata?: Record<string, unknown>;
}

/** A parameter as a template declares it. */
export interface Parameter {
  readonly Type: string;
  readonly Default?: unknown;
}

/** An output as a template declares it. */
export interface Output {
  readonly Value: unknown;
  readonly Export?: { readonly Name: unknown };
  readonly Condition?: string;
}

/** A CloudFormation template. */
export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Parameters?: Record<string, Parameter>;
  readonly Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  readonly Conditions?: Record<string, unknown>;
  readonly Outputs?: Record<string, Output>;
}

/** A stack of a cloud assembly, with the place where it would be deployed. */
export interface StackTemplate {
  readonly stackName: string;
  readonly template: Template;
  /** The folder of the cloud assembly that holds the stack. */
  readonly folder: string;
  readonly account: string;
  readonly region: string;
}

/** Account and Region of a stack that doesn't say its own. */
export const DEFAULT_ENVIRONMENT = { account: '123456789012', region: 'us-east-1' } as const;

/** Every stack of a cloud assembly (`cdk.out`), those of nested assemblies too. */
export function loadAssembly(folder: string): StackTemplate[] {
  const file = path.join(folder, 'manifest.json');
  if (!fs.existsSync(file)) {
    throw new Error(
      `${folder} is no cloud assembly: it has no manifest.json. Run "cdk synth" and give the folder that it writes (cdk.out).`,
    );
  }
  const artifacts: Record<string, any> = readJson(file).artifacts ?? {};
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    if (artifact.type === 'cdk:cloud-assembly') {
      return loadAssembly(path.join(folder, artifact.properties.directoryName));
    }
    return artifact.type === 'aws:cloudformation:stack' ? [loadStack(folder, id, artifact)] : [];
  });
}

/** The folder or the file of an asset, by the key in the bootstrap bucket that the template names. */
export function assetFolder(stack: StackTemplate, s3Key: string): string {
  for (const manifest of fs
    .readdirSync(stack.folder)
    .filter((name) => name.endsWith('.assets.json'))
    .sort()) {
    for (const asset of Object.values<any>(readJson(path.join(stack.folder, manifest)).files ?? {})) {
      const keys = Object.values<any>(asset.destinations).map((destination) => destination.objectKey);
      if (keys.includes(s3Key)) {
        return assetPath(stack, s3Key, asset.source);
      }
    }
  }
  throw new Error(
    `${stack.stackName}: no asset of ${stack.folder} has the key ${s3Key}. Synthesize again, and give the whole cdk.out.`,
  );
}

function assetPath(stack: StackTemplate, s3Key: string, source: { path?: string; executable?: string[] }): string {
  if (!source?.path) {
    throw new Error(
      `${stack.stackName}: the asset ${s3Key} is made by a command at deployment, which is not rehearsed.`,
    );
  }
  return path.resolve(stack.folder, source.path);
}

function loadStack(folder: string, id: string, artifact: any): StackTemplate {
  const [account, region] = String(artifact.environment ?? '')
    .replace('aws://', '')
    .split('/');
  return withoutFalseConditions({
    stackName: artifact.properties.stackName ?? id,
    template: readJson(path.join(folder, artifact.properties.templateFile)),
    folder,
    account: account && account !== 'unknown-account' ? account : DEFAULT_ENVIRONMENT.account,
    region: region && region !== 'unknown-region' ? region : DEFAULT_ENVIRONMENT.region,
  });
}

/** Conditions depend on parameters only, so a resource whose condition is false is left out when the template is read. */
function withoutFalseConditions(stack: StackTemplate): StackTemplate {
  const resolver = new Resolver(stack, (logicalId) => {
    throw new Error(`a condition can't refer to the resource ${logicalId}`);
  });
  const present = ([, part]: [string, { readonly Condition?: string }]) =>
    part.Condition === undefined || resolver.condition(part.Condition);
  const Resources = Object.fromEntries(Object.entries(stack.template.Resources ?? {}).filter(present));
  const Outputs = Object.fromEntries(Object.entries(stack.template.Outputs ?? {}).filter(present));
  return { ...stack, template: { ...stack.template, Resources, Outputs } };
}

function readJson(file: string): any {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
