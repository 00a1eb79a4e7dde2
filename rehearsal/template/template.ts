import * as fs from 'node:fs';
import * as path from 'node:path';
import { StackTemplate, Template } from './form';
import { Resolver } from './intrinsics';

/** The account and the Region of an environment-agnostic stack. */
export const DEFAULT_ENVIRONMENT = { account: '123456789012', region: 'us-east-1' } as const;

/** A template may have none. */
const NO_RESOURCES = { Resources: {} };

interface Manifest {
  readonly artifacts?: Record<string, Artifact>;
}

interface Artifact {
  readonly type: string;
  /** For example `aws://123456789012/us-east-1`. */
  readonly environment?: string;
  /** The ids of the artifacts to deploy before this one. */
  readonly dependencies?: string[];
  readonly properties: { readonly directoryName: string; readonly templateFile: string; readonly stackName?: string };
}

interface AssetManifest {
  readonly files?: Record<string, Asset>;
}

interface Asset {
  readonly source: { readonly path?: string };
  readonly destinations: Record<string, { readonly objectKey: string }>;
}

/** Loads every stack of a cloud assembly (`cdk.out`) and of its nested assemblies. */
export function loadAssembly(folder: string): StackTemplate[] {
  const file = path.join(folder, 'manifest.json');
  if (!fs.existsSync(file)) {
    throw new Error(
      `${folder} is not a cloud assembly: manifest.json is missing. ` +
        'Run "cdk synth" and pass its output folder (cdk.out).',
    );
  }
  return Object.entries(readJson<Manifest>(file).artifacts ?? {}).flatMap(([id, artifact]) => {
    if (artifact.type === 'cdk:cloud-assembly') {
      return loadAssembly(path.join(folder, artifact.properties.directoryName));
    }
    return artifact.type === 'aws:cloudformation:stack' ? [loadStack(folder, id, artifact)] : [];
  });
}

/** Returns the folder or the file of an asset by its key in the bootstrap bucket, as the template names it. */
export function assetFolder(stack: StackTemplate, s3Key: string): string {
  const found = findAsset(stack, s3Key);
  if (!found) {
    throw new Error(
      `${stack.stackName}: no asset of ${stack.folder} has the key ${s3Key}. ` +
        'Run "cdk synth" again and pass the whole cdk.out.',
    );
  }
  return found;
}

function findAsset(stack: StackTemplate, s3Key: string): string | undefined {
  if (!fs.existsSync(stack.folder)) {
    return undefined;
  }
  const manifests = fs.readdirSync(stack.folder).filter((name) => name.endsWith('.assets.json'));
  for (const manifest of manifests.sort()) {
    const { files } = readJson<AssetManifest>(path.join(stack.folder, manifest));
    const asset = Object.values(files ?? {}).find(({ destinations }) =>
      Object.values(destinations).some(({ objectKey }) => objectKey === s3Key),
    );
    if (asset) {
      return assetPath(stack, s3Key, asset);
    }
  }
  return undefined;
}

function assetPath(stack: StackTemplate, s3Key: string, { source }: Asset): string {
  if (!source.path) {
    throw new Error(
      `${stack.stackName}: a command creates the asset ${s3Key} during the deployment, which is not rehearsed.`,
    );
  }
  return path.resolve(stack.folder, source.path);
}

function loadStack(
  folder: string,
  id: string,
  { environment = '', properties, dependencies = [] }: Artifact,
): StackTemplate {
  const [account, region] = environment.replace('aws://', '').split('/');
  return {
    id,
    dependencies,
    stackName: properties.stackName ?? id,
    template: { ...NO_RESOURCES, ...readJson<Template>(path.join(folder, properties.templateFile)) },
    folder,
    account: account && account !== 'unknown-account' ? account : DEFAULT_ENVIRONMENT.account,
    region: region && region !== 'unknown-region' ? region : DEFAULT_ENVIRONMENT.region,
  };
}

/** Omits resources and outputs whose condition is false. Conditions depend on parameters only. */
export function withoutFalseConditions(stack: StackTemplate): StackTemplate {
  const resolver = new Resolver(stack, (logicalId) => {
    throw new Error(`a condition cannot refer to the resource ${logicalId}`);
  });
  const present = ([, part]: [string, { readonly Condition?: string }]) =>
    part.Condition === undefined || resolver.condition(part.Condition);
  const Resources = Object.fromEntries(Object.entries(stack.template.Resources ?? {}).filter(present));
  const Outputs = Object.fromEntries(Object.entries(stack.template.Outputs ?? {}).filter(present));
  return { ...stack, template: { ...stack.template, Resources, Outputs } };
}

/** Returns the stack with values for its parameters. The template may declare others, and lists are texts. */
export function withParameterValues(stack: StackTemplate, values: Readonly<Record<string, unknown>>): StackTemplate {
  const Parameters = Object.fromEntries(
    Object.entries(stack.template.Parameters ?? {}).map(([name, parameter]) => [
      name,
      name in values ? { ...parameter, Default: values[name] } : parameter,
    ]),
  );
  return { ...stack, template: { ...stack.template, Parameters } };
}

/** Returns the stack of a nested template: the asset at an address in the bootstrap bucket. */
export function nestedStack(parent: StackTemplate, { logicalId, templateUrl, parameters }: NestedStack): StackTemplate {
  const file = assetFolder(parent, templateUrl.split('/').at(-1)!);
  const values = Object.entries(parameters).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(',') : value,
  ]);
  const stack = { ...parent, stackName: `${parent.stackName}-${logicalId}`, template: readJson<Template>(file) };
  return withoutFalseConditions(withParameterValues(stack, Object.fromEntries(values)));
}

/** A stack of another stack. */
export interface NestedStack {
  readonly logicalId: string;
  readonly templateUrl: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Returns the template of a stack and those of its nested stacks, as far as the assembly has them. */
export function allTemplates(stack: StackTemplate): Template[] {
  const nested = Object.values(stack.template.Resources ?? {})
    .filter(({ Type }) => Type === 'AWS::CloudFormation::Stack')
    .flatMap(({ Properties }) => /[0-9a-f]{64}\.json/.exec(JSON.stringify(Properties?.TemplateURL ?? ''))?.[0] ?? [])
    .flatMap((key) => findAsset(stack, key) ?? []);
  return [stack.template, ...nested.flatMap((file) => allTemplates({ ...stack, template: readJson<Template>(file) }))];
}

function readJson<T>(file: string): T {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
