import { Account } from '../account';
import { readAppSpec } from './app-spec';
import { DeploymentRun } from './deployment-run';
import { AppSpec, Deployment, isOver, predefinedRouting, Routing } from './state';
import { describeDeployment, describeGroup, describeRouting, describeTarget } from './view';
import { AwsError } from '../../base/aws-error';
import { Caller } from '../iam/iam';
import { Operation, Service } from '../service';

/** A deployment group, under the properties of its resource. */
export interface DeploymentGroup {
  readonly ApplicationName: string;
  readonly DeploymentGroupName: string;
  readonly ServiceRoleArn: string;
  readonly DeploymentConfigName: string;
  readonly AlarmConfiguration?: {
    readonly Enabled?: boolean;
    readonly Alarms?: { readonly Name: string }[];
    readonly IgnorePollAlarmFailure?: boolean;
  };
  readonly AutoRollbackConfiguration?: { readonly Enabled?: boolean; readonly Events?: string[] };
}

type NewDeployment = Pick<
  Deployment,
  'config' | 'description' | 'creator' | 'revision' | 'appSpec' | 'alarms' | 'rollbackOf'
>;

/** The deployments, and what they are made with. */
export class CodeDeploy implements Service {
  readonly prefix = 'codedeploy';

  readonly operations: Record<string, Operation> = {
    CreateDeployment: {
      resources: (input) => [this.groupArn(input)],
      run: (input, caller) => this.create(input, caller),
    },
    GetDeployment: {
      resources: (input) => this.arnsOf([input.deploymentId]),
      run: (input) => ({ deploymentInfo: this.describe(input.deploymentId) }),
    },
    BatchGetDeployments: {
      resources: (input) => this.arnsOf(input.deploymentIds),
      run: (input) => ({ deploymentsInfo: input.deploymentIds.map((id: string) => this.describe(id)) }),
    },
    ListDeployments: { resources: (input) => [this.groupArn(input)], run: (input) => this.list(input) },
    GetDeploymentGroup: { resources: (input) => [this.groupArn(input)], run: (input) => this.getGroup(input) },
    GetDeploymentConfig: {
      resources: (input) => [this.configArn(input.deploymentConfigName)],
      run: (input) => this.getConfig(input),
    },
    // IAM knows no resources for these, so only a policy on * allows them
    StopDeployment: { resources: () => ['*'], run: (input) => this.stop(input) },
    ListDeploymentTargets: {
      resources: () => ['*'],
      run: (input) => ({ targetIds: [this.describeTarget(input).targetId] }),
    },
    BatchGetDeploymentTargets: { resources: () => ['*'], run: (input) => this.getTargets(input) },
    // ... nor for this one, but AWS's own templates (SAM) allow it on the group
    PutLifecycleEventHookExecutionStatus: {
      resources: (input) => this.arnsOf([input.deploymentId]),
      run: (input) => this.putHookStatus(input),
    },
  };

  /** Told of each deployment that starts. */
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

  groupArn(input: { applicationName: string; deploymentGroupName: string }): string {
    return this.account.arn('codedeploy', `deploymentgroup:${input.applicationName}/${input.deploymentGroupName}`);
  }

  /** Starts a deployment, also the one that rolls another one back. */
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

  private create(input: any, caller: Caller) {
    const { applicationName, deploymentGroupName } = input;
    if (!this.applications.has(applicationName)) {
      throw new AwsError(400, 'ApplicationDoesNotExistException', `Applications not found for ${applicationName}`);
    }
    const group = this.group({ application: applicationName, group: deploymentGroupName });
    const config = input.deploymentConfigName ?? group.DeploymentConfigName;
    if (input.fileExistsBehavior) {
      throw new AwsError(400, 'InvalidFileExistsBehaviorException', "fileExistsBehavior can't be given for Lambda");
    }
    this.account.calls.check(caller, 'codedeploy:GetDeploymentConfig', this.configArn(config));
    this.account.calls.check(
      caller,
      'codedeploy:RegisterApplicationRevision',
      this.account.arn('codedeploy', `application:${applicationName}`),
    );
    const routing = this.routing(config);
    const appSpec = readAppSpec(input.revision);
    this.checkFree(applicationName, deploymentGroupName);
    checkVersions(appSpec, routing);
    const run = this.start(applicationName, deploymentGroupName, {
      config,
      appSpec,
      description: input.description ?? '',
      creator: 'user',
      revision: input.revision,
      alarms: alarmsOf(group, input),
    });
    return { deploymentId: run.deployment.id };
  }

  private checkFree(application: string, group: string): void {
    const running = Object.values(this.account.state.deployments).find(
      (other) => other.application === application && other.group === group && !isOver(other),
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

  private list(input: any) {
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

  private getGroup(input: any) {
    const group = this.group({ application: input.applicationName, group: input.deploymentGroupName });
    return { deploymentGroupInfo: describeGroup(group) };
  }

  private getConfig(input: any) {
    return {
      deploymentConfigInfo: describeRouting(input.deploymentConfigName, this.routing(input.deploymentConfigName)),
    };
  }

  private getTargets(input: any) {
    return {
      deploymentTargets: [{ deploymentTargetType: 'LambdaTarget', lambdaTarget: this.describeTarget(input) }],
    };
  }

  private describeTarget(input: any) {
    return describeTarget(this.account, this.get(input.deploymentId));
  }

  private stop(input: any) {
    const deployment = this.get(input.deploymentId);
    if (isOver(deployment)) {
      throw new AwsError(
        400,
        'DeploymentAlreadyCompletedException',
        `The deployment ${deployment.id} is already completed`,
      );
    }
    this.runs.get(deployment.id)?.stop(input.autoRollbackEnabled);
    return { status: 'Pending', statusMessage: 'The deployment is being stopped' };
  }

  private putHookStatus(input: any) {
    const deployment = this.get(input.deploymentId);
    this.runs.get(deployment.id)?.answerHook(input.lifecycleEventHookExecutionId, input.status);
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

function checkVersions(appSpec: AppSpec, routing: Routing): void {
  if (appSpec.currentVersion !== appSpec.targetVersion || routing.kind === 'AllAtOnce') {
    return;
  }
  throw new AwsError(
    400,
    'InvalidRevisionException',
    'AppSpec file is missing or has an invalid configuration: CurrentVersion and TargetVersion are the same',
  );
}

function alarmsOf(group: DeploymentGroup, input: any): string[] {
  const own = input.overrideAlarmConfiguration;
  if (own) {
    return own.enabled ? (own.alarms ?? []).map((alarm: any) => alarm.name) : [];
  }
  const configured = group.AlarmConfiguration;
  return configured?.Enabled === false ? [] : (configured?.Alarms ?? []).map((alarm) => alarm.Name);
}
