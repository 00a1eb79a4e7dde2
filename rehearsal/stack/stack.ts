import { createHash } from 'node:crypto';
import { checkResource } from './permissions';
import { Deployed, RESOURCE_TYPES, SILENT_TYPES } from './resources';
import { Account } from '../account/account';
import { list } from '../account/iam/condition';
import { Caller } from '../account/iam/iam';
import { canonical } from '../account/lambda/state';
import { Resolver, Resource, StackTemplate } from '../template/template';

/** A pipeline of a template, its properties resolved. */
export interface PipelineDefinition {
  readonly name: string;
  readonly properties: any;
}

/** What comes of the deployment of all stacks. */
export interface Deployment {
  readonly pipelines: PipelineDefinition[];
  /** CodeBuild projects by name, their properties resolved. */
  readonly projects: Map<string, any>;
  readonly logGroups: Set<string>;
}

/** Called by an actor: deploys stacks into the account; once more on the same account is an update of the stacks. */
export async function deployStacks(account: Account, stacks: readonly StackTemplate[]): Promise<Deployment> {
  const deployment: Deployment = { pipelines: [], projects: new Map(), logGroups: new Set() };
  const exported = new Map<string, () => unknown>();
  const deployers = stacks.map((stack) => new StackDeployer(account, stack, deployment, exported));
  for (const deployer of deployers) {
    deployer.declareExports();
  }
  for (const deployer of deployers) {
    await deployer.deploy();
  }
  return deployment;
}

/** How a template is deployed that is in no assembly. */
export interface TemplateOptions {
  /** The role that CloudFormation acts with; without one nothing is held against policies. */
  readonly caller?: Caller;
  readonly onResource?: (logicalId: string, type: string, status: string, physicalId?: string, reason?: string) => void;
}

/** Called by an actor: deploys a template that a call has given. */
export async function deployTemplate(account: Account, stack: StackTemplate, options: TemplateOptions): Promise<void> {
  await new StackDeployer(
    account,
    stack,
    { pipelines: [], projects: new Map(), logGroups: new Set() },
    new Map(),
    options,
  ).deploy();
}

/** What a resource type needs to be deployed. */
export interface ResourceContext {
  readonly account: Account;
  readonly stack: StackTemplate;
  readonly logicalId: string;
  readonly properties: any;
  /** A name for a resource that has none of its own. */
  readonly generatedName: string;
  /** Whether a part of the properties is new, or another than at the last deployment. */
  readonly changed: (part: string, value: unknown) => boolean;
  readonly deployment: Deployment;
  /** The role that CloudFormation acts with; undefined for the stacks of the app. */
  readonly caller?: Caller;
}

class StackDeployer {
  private readonly deployed = new Map<string, Deployed>();
  private readonly visiting = new Set<string>();
  private readonly resolver: Resolver;

  constructor(
    private readonly account: Account,
    private readonly stack: StackTemplate,
    private readonly deployment: Deployment,
    private readonly exported: Map<string, () => unknown>,
    private readonly options: TemplateOptions = {},
  ) {
    this.resolver = new Resolver(
      stack,
      (logicalId, attribute) => this.attribute(logicalId, attribute),
      (name) => exported.get(name)?.(),
    );
  }

  declareExports(): void {
    for (const output of Object.values(this.stack.template.Outputs ?? {})) {
      if (!output.Export) {
        continue;
      }
      const name = String(this.resolver.resolve(output.Export.Name));
      this.exported.set(name, () => this.resolver.resolve(output.Value));
    }
  }

  async deploy(): Promise<void> {
    for (const logicalId of Object.keys(this.stack.template.Resources)) {
      await this.create(logicalId);
    }
  }

  private async create(logicalId: string): Promise<void> {
    const resource = this.stack.template.Resources[logicalId];
    if (!resource || this.deployed.has(logicalId)) {
      return;
    }
    if (this.visiting.has(logicalId)) {
      throw new Error(`${this.stack.stackName}: circular dependency between ${[...this.visiting].join(', ')}`);
    }
    this.visiting.add(logicalId);
    for (const other of dependenciesOf(resource)) {
      await this.create(other);
    }
    this.visiting.delete(logicalId);
    this.deployed.set(logicalId, await this.createRecorded(logicalId, resource));
  }

  private async createRecorded(logicalId: string, resource: Resource): Promise<Deployed> {
    const { onResource } = this.options;
    try {
      onResource?.(logicalId, resource.Type, 'CREATE_IN_PROGRESS');
      const deployed = await this.createOne(logicalId, resource);
      onResource?.(logicalId, resource.Type, 'CREATE_COMPLETE', deployed.ref);
      return deployed;
    } catch (error) {
      onResource?.(logicalId, resource.Type, 'CREATE_FAILED', undefined, (error as Error).message);
      throw error;
    }
  }

  private async createOne(logicalId: string, resource: Resource): Promise<Deployed> {
    const deployType = RESOURCE_TYPES[resource.Type];
    if (!deployType && !this.options.caller) {
      return this.leaveOut(logicalId, resource.Type);
    }
    const properties = this.resolver.resolve(resource.Properties ?? {});
    const context: ResourceContext = {
      account: this.account,
      stack: this.stack,
      logicalId,
      properties,
      changed: (part, value) => this.changed(`${this.stack.stackName}/${logicalId}/${part}`, value),
      deployment: this.deployment,
      generatedName: this.generatedName(logicalId),
      caller: this.options.caller,
    };
    if (context.caller) {
      checkResource(context, resource.Type, context.caller);
    }
    return deployType(context);
  }

  private changed(key: string, value: unknown): boolean {
    const before = this.account.state.deployed[key];
    this.account.state.deployed[key] = createHash('sha256')
      .update(canonical(value ?? null))
      .digest('hex');
    return this.account.state.deployed[key] !== before;
  }

  /** A resource that isn't rehearsed is named in the output; what refers to it gets a name that leads nowhere. */
  private leaveOut(logicalId: string, type: string): Deployed {
    if (!SILENT_TYPES.includes(type)) {
      this.account.notRehearsed.add(`${type} ${logicalId}`);
    }
    return { ref: logicalId, attributes: {} };
  }

  private attribute(logicalId: string, attribute?: string): unknown {
    const deployed = this.deployed.get(logicalId);
    if (!deployed) {
      throw new Error(`${this.stack.stackName}: ${logicalId} is needed before it is deployed`);
    }
    if (attribute === undefined) {
      return deployed.ref;
    }
    const { Type } = this.stack.template.Resources[logicalId];
    if (!RESOURCE_TYPES[Type]) {
      return attribute === 'Arn'
        ? `arn:aws:not-rehearsed:${this.account.region}:${this.account.id}:${logicalId}`
        : `${logicalId}.${attribute}`;
    }
    if (!(attribute in deployed.attributes)) {
      throw this.account.refuse(`the attribute ${attribute} of ${logicalId} (${Type})`);
    }
    return deployed.attributes[attribute];
  }

  private generatedName(logicalId: string): string {
    const suffix = createHash('sha256').update(`${this.stack.stackName}/${logicalId}`).digest('hex').slice(0, 12);
    return `${`${this.stack.stackName}-${logicalId}`.slice(0, 50)}-${suffix}`;
  }
}

/** The logical ids that a resource refers to. */
function dependenciesOf(resource: Resource): string[] {
  const found = new Set<string>(list(resource.DependsOn));
  const visit = (value: any): void => {
    if (Array.isArray(value)) {
      return value.forEach(visit);
    }
    if (value === null || typeof value !== 'object') {
      return;
    }
    if (typeof value.Ref === 'string') {
      found.add(value.Ref);
    }
    if (value['Fn::GetAtt']) {
      found.add(String(list<string>(value['Fn::GetAtt'])[0]).split('.')[0]);
    }
    if (value['Fn::Sub']) {
      namesIn(list<string>(value['Fn::Sub'])[0]).forEach((name) => found.add(name));
    }
    Object.values(value).forEach(visit);
  };
  visit(resource.Properties);
  return [...found];
}

function namesIn(text: string): string[] {
  return [...String(text).matchAll(/\$\{([A-Za-z0-9]+)[.}]/g)].map((match) => match[1]);
}
