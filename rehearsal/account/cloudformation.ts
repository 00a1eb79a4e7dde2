import type { Account } from './account';
import { AwsError, NotRehearsedError } from '../base/aws-error';
import { Caller } from './iam/iam';
import { Operation, Service } from './service';
import { checkCapabilities, readTemplate, withParameters } from './template-body';
import { StackTemplate, Template } from '../template/form';

/** A stack from CreateStack. Unlike the stacks of the app, no assembly contains it. */
export interface StackState {
  readonly id: string;
  readonly name: string;
  readonly template: Template;
  readonly created: number;
  readonly roleArn: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  deleted?: number;
  status: string;
  reason?: string;
  readonly events: StackEvent[];
}

interface StackEvent {
  readonly EventId: string;
  readonly StackId: string;
  readonly StackName: string;
  readonly Timestamp: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason?: string;
  /** JSON. */
  readonly ResourceProperties?: string;
}

/** Deploys the template of a stack. */
export type DeployTemplate = (account: Account, stack: StackTemplate, options: TemplateOptions) => Promise<void>;

/** Options of the deployment of a template. */
export interface TemplateOptions {
  /** The role of CloudFormation. Without a role, the deployment does not check permissions. */
  readonly caller?: Caller;
  readonly onResource?: (event: ResourceEvent) => void;
}

/** A change of the status of a resource. */
export interface ResourceEvent {
  readonly logicalId: string;
  readonly type: string;
  readonly status: string;
  readonly physicalId?: string;
  readonly reason?: string;
  readonly properties?: object;
}

interface StackInput {
  readonly StackName: string;
}

interface CreateStackInput extends StackInput {
  readonly RoleARN?: string;
  readonly OnFailure?: string;
  readonly TemplateBody?: string;
  readonly TemplateURL?: string;
  /** An empty list is an empty text in the query protocol. */
  readonly Parameters?: { readonly ParameterKey: string; readonly ParameterValue: string }[] | '';
  readonly Capabilities?: string[] | '';
}

const START_DELAY = 5000;

/** The stacks from templates in the source. */
export class CloudFormation implements Service {
  readonly prefix = 'cloudformation';

  readonly operations: Record<string, Operation> = {
    CreateStack: {
      resources: ({ StackName }: StackInput) => [this.arn(StackName)],
      run: (input: CreateStackInput, caller) => this.create(input, caller),
    },
    DeleteStack: {
      resources: ({ StackName }: StackInput) => [this.arn(StackName)],
      run: (input: StackInput) => this.delete(input),
    },
    DescribeStacks: {
      resources: ({ StackName }: StackInput) => [this.arn(StackName)],
      run: ({ StackName }: StackInput) => ({ Stacks: [this.describeAny(StackName)] }),
    },
    DescribeStackEvents: {
      resources: ({ StackName }: StackInput) => [this.arn(StackName)],
      run: ({ StackName }: StackInput) => this.describeEvents(StackName),
    },
  };

  /** The status of each stack of the app, by name. */
  readonly appStacks = new Map<string, string>();

  constructor(
    private readonly account: Account,
    private readonly deployTemplate: DeployTemplate,
  ) {}

  /** Called by an actor: restores the parts of the stacks that the account does not keep, such as roles. */
  async restore(): Promise<void> {
    for (const stack of this.account.state.stacks.filter(({ status }) => status === 'CREATE_COMPLETE')) {
      await this.deployTemplate(this.account, this.template(stack), {});
    }
  }

  private async create(input: CreateStackInput, caller: Caller) {
    const { StackName, RoleARN } = input;
    if (!RoleARN || input.OnFailure === 'DO_NOTHING') {
      throw this.account.refuse('CreateStack without RoleARN, or with OnFailure DO_NOTHING');
    }
    this.account.calls.check(caller, 'iam:PassRole', RoleARN, {
      'iam:PassedToService': 'cloudformation.amazonaws.com',
    });
    if (this.find(StackName)) {
      throw new AwsError(400, 'AlreadyExistsException', `Stack [${StackName}] already exists`);
    }
    const template = readTemplate(input.TemplateBody ?? (await this.fetch(input.TemplateURL!, caller)));
    const values = Object.fromEntries(
      (input.Parameters || []).map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
    );
    const stack: StackState = {
      id: this.account.arn('cloudformation', `stack/${StackName}/${this.account.nextUuid('stack')}`),
      name: StackName,
      template: withParameters(template, values),
      created: this.account.clock.now(),
      roleArn: RoleARN,
      parameters: values,
      capabilities: input.Capabilities || [],
      status: 'CREATE_IN_PROGRESS',
      events: [],
    };
    checkCapabilities(template, input.Capabilities || []);
    const role = this.account.iam.assume(RoleARN, 'cloudformation.amazonaws.com', stack.id, 'AWSCloudFormation');
    this.account.state.stacks.push(stack);
    this.finish(stack, 'CREATE_IN_PROGRESS', 'User Initiated');
    void this.account.clock.run(() => this.deploy(stack, role, input.OnFailure));
    return { StackId: stack.id };
  }

  private async deploy(stack: StackState, role: Caller, onFailure = 'ROLLBACK'): Promise<void> {
    try {
      await this.account.clock.sleep(START_DELAY);
      await this.deployTemplate(this.account, this.template(stack), {
        caller: role,
        onResource: (event) => this.record(stack, event),
      });
      this.finish(stack, 'CREATE_COMPLETE');
    } catch (error) {
      if (error instanceof NotRehearsedError) {
        this.account.refused.add(error.what);
      }
      this.clear(stack);
      this.finish(stack, onFailure === 'DELETE' ? 'DELETE_COMPLETE' : 'ROLLBACK_COMPLETE', (error as Error).message);
    }
  }

  private delete({ StackName }: StackInput) {
    const stack = this.find(StackName);
    if (!stack) {
      return {};
    }
    this.clear(stack);
    this.finish(stack, 'DELETE_COMPLETE');
    return {};
  }

  /** Removes the functions of a stack, and the names of its resources. Nothing else in it affects a release. */
  private clear({ name, events }: StackState): void {
    const created = events.filter(
      (event) => event.ResourceType === 'AWS::Lambda::Function' && event.ResourceStatus === 'CREATE_COMPLETE',
    );
    for (const { PhysicalResourceId } of created) {
      delete this.account.state.functions[PhysicalResourceId!];
    }
    for (const kept of [this.account.state.deployed, this.account.state.resources]) {
      for (const key of Object.keys(kept).filter((each) => each.startsWith(`${name}/`))) {
        delete kept[key];
      }
    }
  }

  private finish(stack: StackState, status: string, reason?: string): void {
    stack.status = status;
    stack.reason = status === 'CREATE_IN_PROGRESS' ? undefined : reason;
    stack.deleted = status === 'DELETE_COMPLETE' ? this.account.clock.now() : undefined;
    this.record(stack, {
      logicalId: stack.name,
      type: 'AWS::CloudFormation::Stack',
      status,
      physicalId: stack.id,
      reason,
    });
  }

  private record(stack: StackState, event: ResourceEvent): void {
    const { logicalId, type, status, physicalId = '', reason, properties } = event;
    const time = new Date(this.account.clock.now()).toISOString();
    stack.events.push({
      EventId: properties ? `${logicalId}-${status}-${time}` : this.account.nextUuid('event'),
      StackId: stack.id,
      StackName: stack.name,
      Timestamp: time,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      ResourceStatus: status,
      ResourceStatusReason: reason,
      ResourceProperties: properties && JSON.stringify(properties),
    });
  }

  private describeAny(nameOrId: string) {
    const StackStatus = this.appStacks.get(nameOrId);
    return StackStatus
      ? {
          StackName: nameOrId,
          StackStatus,
          StackId: this.account.arn('cloudformation', `stack/${nameOrId}/00000000-0000-0000-0000-000000000000`),
          CreationTime: new Date(this.account.clock.now()).toISOString(),
        }
      : this.describe(this.get(nameOrId));
  }

  private describe(stack: StackState) {
    const { id, name, status, reason, created, deleted, roleArn, parameters, capabilities } = stack;
    const Parameters = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    }));
    return {
      StackId: id,
      StackName: name,
      StackStatus: status,
      StackStatusReason: reason,
      CreationTime: new Date(created).toISOString(),
      DeletionTime: deleted && new Date(deleted).toISOString(),
      Parameters: Parameters.length > 0 ? Parameters : undefined,
      Capabilities: capabilities.length > 0 ? capabilities : undefined,
      RoleARN: roleArn,
      DisableRollback: false,
      DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
      EnableTerminationProtection: deleted ? undefined : false,
      NotificationARNs: [],
      RollbackConfiguration: {},
      Tags: [],
    };
  }

  private describeEvents(nameOrId: string) {
    const stack = this.find(nameOrId);
    if (!stack) {
      throw new AwsError(400, 'ValidationError', `Stack [${nameOrId}] does not exist`);
    }
    return { StackEvents: [...stack.events].reverse() };
  }

  /** Finds a stack by its name or its id. Only the id finds a deleted stack. */
  private find(nameOrId: string): StackState | undefined {
    return this.account.state.stacks.find(
      ({ id, name, status }) => id === nameOrId || (name === nameOrId && status !== 'DELETE_COMPLETE'),
    );
  }

  private get(nameOrId: string): StackState {
    const stack = this.find(nameOrId);
    if (!stack) {
      throw new AwsError(400, 'ValidationError', `Stack with id ${nameOrId} does not exist`);
    }
    return stack;
  }

  private arn(nameOrId: string): string {
    return nameOrId.startsWith('arn:') ? nameOrId : this.account.arn('cloudformation', `stack/${nameOrId}/*`);
  }

  private template({ name, template }: StackState): StackTemplate {
    return {
      stackName: name,
      template,
      folder: this.account.folder,
      account: this.account.id,
      region: this.account.region,
    };
  }

  private async fetch(url: string, caller: Caller): Promise<string> {
    const { hostname, pathname } = new URL(url);
    const input = { Bucket: hostname.split('.s3.')[0], Key: decodeURIComponent(pathname.slice(1)) };
    return (await this.account.perform<{ Body: Buffer }>(caller, 's3', 'GetObject', input)).Body.toString();
  }
}
