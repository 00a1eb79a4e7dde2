import type { Account } from './account';
import { AwsError, NotRehearsedError } from '../base/aws-error';
import { Caller } from './iam/iam';
import { Operation, Service } from './service';
import { checkCapabilities, readTemplate, withParameters } from './template-body';
import { deployTemplate } from '../stack/stack';
import type { StackTemplate, Template } from '../template/template';

/** A stack that a call has made: other than those of the app, it is in no assembly. */
export interface StackState {
  readonly id: string;
  readonly name: string;
  readonly template: Template;
  readonly created: number;
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
}

const START_DELAY = 5000;

/** The stacks that are made of a template in the source. */
export class CloudFormation implements Service {
  readonly prefix = 'cloudformation';

  readonly operations: Record<string, Operation> = {
    CreateStack: {
      resources: (input) => [this.arn(input.StackName)],
      run: (input, caller) => this.create(input, caller),
    },
    DeleteStack: { resources: (input) => [this.arn(input.StackName)], run: (input) => this.delete(input) },
    DescribeStacks: {
      resources: (input) => [this.arn(input.StackName)],
      run: (input) => ({ Stacks: [this.describe(this.get(input.StackName))] }),
    },
    DescribeStackEvents: {
      resources: (input) => [this.arn(input.StackName)],
      run: (input) => ({ StackEvents: [...this.get(input.StackName).events].reverse() }),
    },
  };

  constructor(private readonly account: Account) {}

  /** Called by an actor: what the stacks hold beside what the account keeps, such as their roles. */
  async restore(): Promise<void> {
    for (const stack of this.account.state.stacks.filter(({ status }) => status === 'CREATE_COMPLETE')) {
      await deployTemplate(this.account, this.template(stack), {});
    }
  }

  private async create(input: any, caller: Caller) {
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
    const template = readTemplate(input.TemplateBody ?? (await this.fetch(input.TemplateURL, caller)));
    const values = Object.fromEntries(
      (input.Parameters || []).map(({ ParameterKey, ParameterValue }: any) => [ParameterKey, ParameterValue]),
    );
    const stack: StackState = {
      id: this.account.arn('cloudformation', `stack/${StackName}/${this.account.nextUuid('stack')}`),
      name: StackName,
      template: withParameters(template, values),
      created: this.account.clock.now(),
      status: 'CREATE_IN_PROGRESS',
      events: [],
    };
    checkCapabilities(template, input.Capabilities || []); // the query protocol writes an empty list as an empty text
    const role = this.account.iam.assume(RoleARN, 'cloudformation.amazonaws.com', stack.id, 'AWSCloudFormation');
    this.account.state.stacks.push(stack);
    void this.account.clock.run(() => this.make(stack, role, input.OnFailure));
    return { StackId: stack.id };
  }

  private async make(stack: StackState, role: Caller, onFailure = 'ROLLBACK'): Promise<void> {
    try {
      await this.account.clock.sleep(START_DELAY);
      await deployTemplate(this.account, this.template(stack), {
        caller: role,
        onResource: (logicalId, type, status, physicalId, reason) =>
          this.record(stack, logicalId, type, status, physicalId, reason),
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

  private delete(input: any) {
    const stack = this.find(input.StackName);
    if (!stack) {
      return {};
    }
    this.clear(stack);
    this.finish(stack, 'DELETE_COMPLETE');
    return {};
  }

  /** Takes away the functions that a stack has made; nothing else of it could be noticed. */
  private clear({ name, events }: StackState): void {
    const made = events.filter(
      (event) => event.ResourceType === 'AWS::Lambda::Function' && event.ResourceStatus === 'CREATE_COMPLETE',
    );
    for (const { PhysicalResourceId } of made) {
      delete this.account.state.functions[PhysicalResourceId!];
    }
    for (const key of Object.keys(this.account.state.deployed)) {
      if (key.startsWith(`${name}/`)) {
        delete this.account.state.deployed[key];
      }
    }
  }

  private finish(stack: StackState, status: string, reason?: string): void {
    stack.status = status;
    stack.reason = reason;
    this.record(stack, stack.name, 'AWS::CloudFormation::Stack', status, stack.id, reason);
  }

  private record(
    stack: StackState,
    logicalId: string,
    type: string,
    status: string,
    physicalId?: string,
    reason?: string,
  ): void {
    stack.events.push({
      EventId: this.account.nextUuid('event'),
      StackId: stack.id,
      StackName: stack.name,
      Timestamp: new Date(this.account.clock.now()).toISOString(),
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      ResourceStatus: status,
      ResourceStatusReason: reason,
    });
  }

  private describe({ id, name, status, reason, created }: StackState) {
    return {
      StackId: id,
      StackName: name,
      StackStatus: status,
      StackStatusReason: reason,
      CreationTime: new Date(created).toISOString(),
    };
  }

  /** By the id also a stack that was deleted, by the name only one that is there. */
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
    return (await this.account.perform(caller, 's3', 'GetObject', input)).Body.toString();
  }
}
