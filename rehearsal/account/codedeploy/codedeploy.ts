import type { Account } from '../account';
import { alarmsOf, checkOverride } from './alarms';
import { readAppSpec } from './app-spec';
import { DeploymentRun } from './deployment-run';
import { ConfigInput, CreateInput, DeploymentInput, GroupInput, HookStatusInput, ListInput, StopInput } from './input';
import { Deployment, DeploymentGroup, hasEnded, predefinedRouting, Routing } from './state';
import { describeDeployment, describeGroup, describeRouting, describeTarget } from './view';
import { AwsError } from '../../base/aws-error';
import { Caller } from '../iam/iam';
import { Operation, Service } from '../service';

type NewDeployment = Pick<
  Deployment,
  'config' | 'description' | 'creator' | 'revision' | 'appSpec' | 'alarms' | 'alarmOverride' | 'rollbackOf'
>;

/** The applications, groups, configurations and deployments. */
export class CodeDeploy implements Service {
  readonly prefix = 'codedeploy';

  readonly operations: Record<string, Operation> = {
    CreateDeployment: {
      resources: (input: GroupInput) => [this.groupArn(input)],
      run: (input: CreateInput, caller) => this.create(input, caller),
    },
    GetDeployment: {
      resources: ({ deploymentId }: DeploymentInput) => this.arnsOf([deploymentId]),
      run: ({ deploymentId }: DeploymentInput) => ({ deploymentInfo: this.describe(deploymentId) }),
    },
    BatchGetDeployments: {
      resources: ({ deploymentIds }: { readonly deploymentIds: string[] }) => this.arnsOf(deploymentIds),
      run: ({ deploymentIds }: { readonly deploymentIds: string[] }) => ({
        deploymentsInfo: deploymentIds.map((id) => this.describe(id)),
      }),
    },
    ListDeployments: {
      resources: (input: GroupInput) => [this.groupArn(input)],
      run: (input: ListInput) => this.list(input),
    },
    GetDeploymentGroup: {
      resources: (input: GroupInput) => [this.groupArn(input)],
      run: (input: GroupInput) => this.getGroup(input),
    },
    GetDeploymentConfig: {
      resources: ({ deploymentConfigName }: ConfigInput) => [this.configArn(deploymentConfigName)],
      run: (input: ConfigInput) => this.getConfig(input),
    },
    // IAM has no resources for the next three actions, so only a policy for * allows them
    StopDeployment: { resources: () => ['*'], run: (input: StopInput) => this.stop(input) },
    ListDeploymentTargets: {
      resources: () => ['*'],
      run: (input: DeploymentInput) => ({ targetIds: [this.describeTarget(input).targetId] }),
    },
    BatchGetDeploymentTargets: { resources: () => ['*'], run: (input: DeploymentInput) => this.getTargets(input) },
    // Nor for this one, but AWS's own templates (SAM) allow it for the group
    PutLifecycleEventHookExecutionStatus: {
      resources: ({ deploymentId }: DeploymentInput) => this.arnsOf([deploymentId]),
      run: (input: HookStatusInput) => this.putHookStatus(input),
    },
  };

  /** Called for each deployment that starts. */
  onStart?: (deployment: Deployment) => void;

  private readonly applications = new Set<string>();
  private readonly groups = new Map<string, DeploymentGroup>();
  private readonly configs = new Map<string, Routing>();
  private readonly runs = new Map<string, DeploymentRun>();

  constructor(private readonly account: Account) {}

  addApplication(name: string): void {
    this.applications.add(name);
  }

  addGroup(group: DeploymentGroup): void {
    this.groups.set(`${group.ApplicationName}/${group.DeploymentGroupName}`, group);
  }

  addConfig(name: string, routing: Routing): void {
    this.configs.set(name, routing);
  }

  routing(name: string): Routing {
    const routing = this.configs.get(name) ?? predefinedRouting(name);
    if (!routing) {
      throw new AwsError(
        400,
        'DeploymentConfigDoesNotExistException',
        `No deployment configuration found for name: ${name}`,
      );
    }
    return routing;
  }

  group(deployment: Pick<Deployment, 'application' | 'group'>): DeploymentGroup {
    this.requireApplication(deployment.application);
    const found = this.groups.get(`${deployment.application}/${deployment.group}`);
    if (!found) {
      throw new AwsError(
        400,
        'DeploymentGroupDoesNotExistException',
        `No Deployment Group found for name: ${deployment.group}`,
      );
    }
    return found;
  }

  get(id: string): Deployment {
    const found = this.account.state.deployments[id];
    if (!found) {
      throw new AwsError(400, 'DeploymentDoesNotExistException', `The deployment ${id} could not be found`);
    }
    return found;
  }

  groupArn(input: GroupInput): string {
    return this.account.arn('codedeploy', `deploymentgroup:${input.applicationName}/${input.deploymentGroupName}`);
  }

  /** Starts a deployment or a rollback. */
  start(application: string, group: string, input: NewDeployment): DeploymentRun {
    const events = (['BeforeAllowTraffic', 'AllowTraffic', 'AfterAllowTraffic'] as const).map((name) => ({
      name,
      status: 'Pending' as const,
    }));
    const id = `d-${this.account.nextId('deployment', 9).toUpperCase()}`;
    const deployment: Deployment = {
      ...input,
      id,
      application,
      group,
      status: 'Created',
      createTime: this.account.clock.now(),
      events,
      shifts: [],
    };
    this.account.state.deployments[id] = deployment;
    const run = new DeploymentRun(this.account, deployment);
    this.runs.set(id, run);
    this.onStart?.(deployment);
    run.start();
    return run;
  }

  /** Called by an actor: waits until no deployment is running. */
  async settle(): Promise<void> {
    for (const run of this.runs.values()) {
      await this.account.clock.idle(run.ended);
    }
  }

  private requireApplication(name: string): void {
    if (!this.applications.has(name)) {
      throw new AwsError(400, 'ApplicationDoesNotExistException', `Applications not found for ${name}`);
    }
  }

  private create(input: CreateInput, caller: Caller) {
    const { applicationName, deploymentGroupName } = input;
    const group = this.group({ application: applicationName, group: deploymentGroupName });
    const config = input.deploymentConfigName ?? group.DeploymentConfigName;
    if (input.fileExistsBehavior) {
      throw new AwsError(400, 'InvalidFileExistsBehaviorException', 'fileExistsBehavior is not supported for Lambda');
    }
    checkOverride(input.overrideAlarmConfiguration);
    if (input.overrideAlarmConfiguration) {
      this.account.calls.check(caller, 'codedeploy:UpdateDeploymentGroup', this.groupArn(input));
    }
    this.account.calls.check(caller, 'codedeploy:GetDeploymentConfig', this.configArn(config));
    this.account.calls.check(
      caller,
      'codedeploy:RegisterApplicationRevision',
      this.account.arn('codedeploy', `application:${applicationName}`),
    );
    this.routing(config);
    const appSpec = readAppSpec(input.revision);
    this.checkFree(applicationName, deploymentGroupName);
    const run = this.start(applicationName, deploymentGroupName, {
      config,
      appSpec,
      description: input.description ?? '',
      creator: 'user',
      revision: input.revision,
      alarms: alarmsOf(group, input.overrideAlarmConfiguration),
      alarmOverride: input.overrideAlarmConfiguration,
    });
    return { deploymentId: run.deployment.id };
  }

  private checkFree(application: string, group: string): void {
    const running = Object.values(this.account.state.deployments).find(
      (other) => other.application === application && other.group === group && !hasEnded(other),
    );
    if (!running) {
      return;
    }
    throw new AwsError(
      400,
      'DeploymentLimitExceededException',
      `The Deployment Group '${group}' already has an active Deployment '${running.id}'`,
    );
  }

  private describe(id: string) {
    const deployment = this.get(id);
    return describeDeployment(deployment, this.group(deployment));
  }

  private list(input: ListInput) {
    this.group({ application: input.applicationName, group: input.deploymentGroupName });
    const { start, end } = input.createTimeRange ?? {};
    const found = Object.values(this.account.state.deployments).filter(
      (deployment) =>
        deployment.application === input.applicationName &&
        deployment.group === input.deploymentGroupName &&
        (!input.includeOnlyStatuses?.length || input.includeOnlyStatuses.includes(deployment.status)) &&
        (start === undefined || deployment.createTime >= start * 1000) &&
        (end === undefined || deployment.createTime <= end * 1000),
    );
    return { deployments: found.sort((a, b) => b.createTime - a.createTime).map(({ id }) => id) };
  }

  private getGroup({ applicationName, deploymentGroupName }: GroupInput) {
    const group = this.group({ application: applicationName, group: deploymentGroupName });
    return { deploymentGroupInfo: describeGroup(group) };
  }

  private getConfig({ deploymentConfigName: name }: ConfigInput) {
    return { deploymentConfigInfo: describeRouting(name, this.routing(name)) };
  }

  private getTargets(input: DeploymentInput) {
    return {
      deploymentTargets: [{ deploymentTargetType: 'LambdaTarget', lambdaTarget: this.describeTarget(input) }],
    };
  }

  private describeTarget({ deploymentId }: DeploymentInput) {
    return describeTarget(this.account, this.get(deploymentId));
  }

  /** Performs StopDeployment. */
  stop(input: StopInput) {
    const deployment = this.get(input.deploymentId);
    if (hasEnded(deployment)) {
      throw new AwsError(
        400,
        'DeploymentAlreadyCompletedException',
        `The deployment ${deployment.id} is already completed`,
      );
    }
    this.runs.get(deployment.id)?.stop(input.autoRollbackEnabled ?? false);
    return { status: 'Pending', statusMessage: 'The deployment is being stopped' };
  }

  private putHookStatus(input: HookStatusInput) {
    const deployment = this.get(input.deploymentId);
    this.runs.get(deployment.id)?.endHook(input.lifecycleEventHookExecutionId, input.status);
    return { lifecycleEventHookExecutionId: input.lifecycleEventHookExecutionId };
  }

  private arnsOf(ids: readonly string[]): string[] {
    const deployments = ids.map((id) => this.get(id));
    return [
      ...new Set(
        deployments.map(({ application, group }) =>
          this.groupArn({ applicationName: application, deploymentGroupName: group }),
        ),
      ),
    ];
  }

  private configArn(name: string): string {
    return this.account.arn('codedeploy', `deploymentconfig:${name}`);
  }
}
