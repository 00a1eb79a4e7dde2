import { createHash } from 'node:crypto';
import { Deployed, Deployment, ResourceContext } from './context';
import { deleteCustomResources } from './custom-resource';
import { releasedFunctions } from './function-uses';
import { checkResource } from './permissions';
import { checkReplacement, forgetOthers, RefusedUpdateError } from './replacement';
import { RESOURCE_TYPES, SILENT_TYPES } from './resources';
import type { Account } from '../account/account';
import { TemplateOptions } from '../account/cloudformation';
import { AwsError, NotRehearsedError } from '../base/aws-error';
import { canonical } from '../base/canonical';
import { list } from '../base/list';
import { Resource, StackTemplate } from '../template/form';
import { Resolver } from '../template/intrinsics';
import { nestedStack, withoutFalseConditions } from '../template/template';

/** Called by an actor: deploys stacks into the account, or updates them if the account has them. */
export async function deployStacks(account: Account, stacks: readonly StackTemplate[]): Promise<Deployment> {
  const deployment = emptyDeployment();
  const exported = new Map<string, () => unknown>();
  const deployers = stacks.map(
    (stack) => new StackDeployer(account, withoutFalseConditions(stack), deployment, exported),
  );
  stacks.flatMap(releasedFunctions).forEach((name) => deployment.released.add(name));
  for (const deployer of deployers) {
    deployer.declareExports();
  }
  for (const { stackName } of stacks) {
    const status = account.state.deployed[`${stackName}/`] ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS';
    account.cloudFormation.appStacks.set(stackName, status);
  }
  for (const deployer of deployers) {
    await deployer.deploy();
  }
  await announceUpdates(account, deployment);
  for (const [stackName, status] of account.cloudFormation.appStacks) {
    account.cloudFormation.appStacks.set(stackName, status.replace('IN_PROGRESS', 'COMPLETE'));
  }
  return deployment;
}

/** Emits the events of the update while its stacks still have to complete it. */
async function announceUpdates({ ssm, clock }: Account, { updatedParameters }: Deployment): Promise<void> {
  updatedParameters.forEach((name) => ssm.announceUpdate(name));
  if (updatedParameters.length > 0) {
    await clock.sleep(REST_OF_UPDATE);
  }
}

/** The duration of an update after it has written a parameter. */
const REST_OF_UPDATE = 15_000;

/** Called by an actor: deploys a template outside of the assembly. */
export async function deployTemplate(account: Account, stack: StackTemplate, options: TemplateOptions): Promise<void> {
  await new StackDeployer(account, stack, emptyDeployment(), new Map(), options).deploy();
}

function emptyDeployment(): Deployment {
  return {
    pipelines: [],
    projects: new Map(),
    logGroups: new Set(),
    deploymentRoles: new Set(),
    released: new Set(),
    updatedParameters: [],
  };
}

const NESTED = 'AWS::CloudFormation::Stack';
const NO_UUID = '00000000-0000-0000-0000-000000000000';

/** AWS::CloudFormation::Stack */
interface NestedStackProperties {
  readonly TemplateURL: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
}

/** A deployment that CloudFormation would fail. */
export class StackFailure extends Error {}

class StackDeployer {
  private readonly deployed = new Map<string, Deployed>();
  private readonly visiting = new Set<string>();
  /** The hashes of the parts of the resource that is being deployed. */
  private readonly parts = new Map<string, string>();
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
      (name, reference) => this.storedValue(name, reference),
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
    const { account, stack } = this;
    const logicalIds = Object.keys(stack.template.Resources);
    const isDeployed = `${stack.stackName}/`;
    try {
      for (const logicalId of logicalIds) {
        await this.create(logicalId);
      }
    } catch (error) {
      if (!account.state.deployed[isDeployed]) {
        await this.rollBackCreation();
      }
      throw error;
    }
    account.state.deployed[isDeployed] = 'true';
    forgetOthers(account, stack.stackName, logicalIds);
    await deleteCustomResources(account, stack.stackName, logicalIds);
  }

  /** Deletes what the failed first deployment of the stack created, as far as a second one notices. */
  private async rollBackCreation(): Promise<void> {
    const { account, stack } = this;
    await deleteCustomResources(account, stack.stackName);
    for (const key of Object.keys(account.state.deployed)) {
      if (key.startsWith(`${stack.stackName}/`)) {
        delete account.state.deployed[key];
      }
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
    const type = resource.Type;
    const known = RESOURCE_TYPES[type] !== undefined || this.options.caller !== undefined;
    const properties = known ? (this.resolver.resolve(resource.Properties ?? {}) as object) : {};
    const event = { logicalId, type, status: 'CREATE_IN_PROGRESS', properties };
    try {
      onResource?.(event);
      const deployed = await this.createOne(logicalId, resource, properties);
      const physicalId = deployed.ref;
      onResource?.({ ...event, physicalId, reason: 'Resource creation Initiated' });
      onResource?.({ ...event, physicalId, status: 'CREATE_COMPLETE' });
      return deployed;
    } catch (error) {
      onResource?.({ ...event, status: 'CREATE_FAILED', reason: (error as Error).message });
      throw this.failure(logicalId, type, error as Error);
    }
  }

  /** A failure of the stack itself, in contrast to something that is not rehearsed. */
  private failure(logicalId: string, type: string, error: Error): Error {
    const refused = error instanceof RefusedUpdateError || error instanceof AwsError;
    return refused && !(error instanceof NotRehearsedError) && !this.options.caller
      ? new StackFailure(`the stack ${this.stack.stackName} fails at ${logicalId} (${type}): ${error.message}`)
      : error;
  }

  /** Returns a value that no template contains. Without one, functions and builds see the reference itself. */
  private storedValue(name: string, reference: string): string {
    const value = this.account.secrets[name];
    if (value === undefined) {
      this.account.notRehearsed.add(`the stored value ${reference}: pass it with --secret ${name}=<value>`);
    }
    return value ?? reference;
  }

  /** Deploys a nested stack, whose outputs are its attributes. */
  private async createNested(logicalId: string, resource: Resource): Promise<Deployed> {
    const { TemplateURL, Parameters } = this.resolver.resolve(resource.Properties ?? {}) as NestedStackProperties;
    const stack = nestedStack(this.stack, { logicalId, templateUrl: TemplateURL, parameters: Parameters ?? {} });
    const nested = new StackDeployer(this.account, stack, this.deployment, this.exported, this.options);
    nested.declareExports();
    await nested.deploy();
    return {
      ref: this.account.arn('cloudformation', `stack/${stack.stackName}/${NO_UUID}`),
      attributes: Object.fromEntries(
        Object.entries(stack.template.Outputs ?? {}).map(([name, { Value }]) => [
          `Outputs.${name}`,
          nested.resolver.resolve(Value),
        ]),
      ),
    };
  }

  private async createOne(logicalId: string, resource: Resource, properties: object): Promise<Deployed> {
    if (resource.Type === NESTED && !this.options.caller) {
      return this.createNested(logicalId, resource);
    }
    const deployType = RESOURCE_TYPES[resource.Type];
    if (!deployType && !this.options.caller) {
      return this.omit(logicalId, resource.Type);
    }
    const context: ResourceContext<never> = {
      account: this.account,
      stack: this.stack,
      logicalId,
      properties: properties as never, // each type declares what it reads
      changed: (part, value) => this.changed(`${this.stack.stackName}/${logicalId}/${part}`, value),
      deployment: this.deployment,
      generatedName: this.generatedName(logicalId),
      caller: this.options.caller,
    };
    checkReplacement(this.account, `${this.stack.stackName}/${logicalId}`, resource.Type, properties);
    if (context.caller) {
      checkResource(context, resource.Type, context.caller);
    }
    const deployed = await deployType(context);
    this.parts.forEach((hash, key) => (this.account.state.deployed[key] = hash));
    this.parts.clear();
    return deployed;
  }

  /** Whether a part of a resource is new or changed. The account remembers the part when its resource is deployed. */
  private changed(key: string, value: unknown): boolean {
    const hash = createHash('sha256')
      .update(canonical(value ?? null))
      .digest('hex');
    this.parts.set(key, hash);
    return this.account.state.deployed[key] !== hash;
  }

  /** Names a resource in the output that is not rehearsed. References to it get a name without a meaning. */
  private omit(logicalId: string, type: string): Deployed {
    if (!SILENT_TYPES.includes(type)) {
      this.account.notRehearsed.add(`${type} ${logicalId}`);
    }
    return { ref: logicalId, attributes: {} };
  }

  private attribute(logicalId: string, attribute?: string): unknown {
    const deployed = this.deployed.get(logicalId);
    if (!deployed) {
      throw new Error(`${this.stack.stackName}: ${logicalId} is used before its deployment`);
    }
    if (attribute === undefined) {
      return deployed.ref;
    }
    const { Type } = this.stack.template.Resources[logicalId];
    if (!RESOURCE_TYPES[Type] && Type !== NESTED) {
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

/** The intrinsic functions that refer to resources. */
interface References {
  readonly Ref?: unknown;
  readonly 'Fn::GetAtt'?: string | string[];
  readonly 'Fn::Sub'?: string | string[];
}

/** Returns the logical ids that a resource refers to. */
function dependenciesOf(resource: Resource): string[] {
  const found = new Set<string>(list(resource.DependsOn));
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      return value.forEach(visit);
    }
    if (value === null || typeof value !== 'object') {
      return;
    }
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value as References;
    if (typeof Ref === 'string') {
      found.add(Ref);
    }
    if (attribute) {
      found.add(String(list(attribute)[0]).split('.')[0]);
    }
    if (text) {
      namesIn(list(text)[0]).forEach((name) => found.add(name));
    }
    Object.values(value).forEach(visit);
  };
  visit(resource.Properties);
  return [...found];
}

function namesIn(text: string): string[] {
  return [...String(text).matchAll(/\$\{([A-Za-z0-9]+)[.}]/g)].map((match) => match[1]);
}
