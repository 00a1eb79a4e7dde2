/** The content of an AppSpec. */
export interface AppSpec {
  readonly functionName: string;
  readonly aliasName: string;
  readonly currentVersion: string;
  readonly targetVersion: string;
  /** The functions to invoke before and after the shift. */
  readonly hooks: { readonly BeforeAllowTraffic?: string; readonly AfterAllowTraffic?: string };
}

/** The traffic routing: the percentage of each step, and the minutes between two steps. */
export interface Routing {
  readonly kind: 'AllAtOnce' | 'TimeBasedCanary' | 'TimeBasedLinear';
  readonly percentage: number;
  readonly minutes: number;
}

/** The status of a deployment. */
export type DeploymentStatus = 'Created' | 'InProgress' | 'Succeeded' | 'Failed' | 'Stopped';
/** The status of a lifecycle event. */
export type LifecycleStatus = 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Skipped';

/** A step of a deployment. */
export interface LifecycleEvent {
  readonly name: 'BeforeAllowTraffic' | 'AllowTraffic' | 'AfterAllowTraffic';
  status: LifecycleStatus;
  startTime?: number;
  endTime?: number;
  message?: string;
}

/** An update of the alias by CodeDeploy. */
export interface Shift {
  readonly time: number;
  readonly version: string;
  readonly weights: Record<string, number>;
}

/** The revision of a deployment. */
export interface Revision {
  readonly revisionType?: string;
  readonly appSpecContent?: { readonly content?: string; readonly sha256?: string };
}

/** A deployment. */
export interface Deployment {
  readonly id: string;
  readonly application: string;
  readonly group: string;
  readonly config: string;
  readonly description: string;
  readonly creator: 'user' | 'codeDeployRollback';
  readonly revision: Revision;
  readonly appSpec: AppSpec;
  readonly alarms: readonly string[];
  /** The alarms that replace those of the group. */
  readonly alarmOverride?: object;
  readonly createTime: number;
  completeTime?: number;
  status: DeploymentStatus;
  error?: { readonly code: string; readonly message: string };
  rollbackId?: string;
  readonly rollbackOf?: string;
  readonly events: LifecycleEvent[];
  readonly shifts: Shift[];
}

/** The properties of AWS::CodeDeploy::DeploymentGroup that the rehearsal reads. */
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

/** Whether a deployment has ended. */
export function hasEnded(deployment: Deployment): boolean {
  return ['Succeeded', 'Failed', 'Stopped'].includes(deployment.status);
}

/** Returns the routing of a predefined deployment configuration. */
export function predefinedRouting(name: string): Routing | undefined {
  if (name === 'CodeDeployDefault.LambdaAllAtOnce') {
    return { kind: 'AllAtOnce', percentage: 100, minutes: 0 };
  }
  const canary = /^CodeDeployDefault\.LambdaCanary10Percent(5|10|15|30)Minutes$/.exec(name);
  if (canary) {
    return { kind: 'TimeBasedCanary', percentage: 10, minutes: Number(canary[1]) };
  }
  const linear = /^CodeDeployDefault\.LambdaLinear10PercentEvery(1Minute|2Minutes|3Minutes|10Minutes)$/.exec(name);
  return linear ? { kind: 'TimeBasedLinear', percentage: 10, minutes: parseInt(linear[1]) } : undefined;
}

/** Returns the percentage of traffic for the new version in each step. */
export function stepsOf(routing: Routing): number[] {
  if (routing.kind === 'AllAtOnce') {
    return [100];
  }
  if (routing.kind === 'TimeBasedCanary') {
    return [routing.percentage, 100];
  }
  const steps = Math.ceil(100 / routing.percentage);
  return Array.from({ length: steps }, (_, index) => Math.min(100, (index + 1) * routing.percentage));
}
