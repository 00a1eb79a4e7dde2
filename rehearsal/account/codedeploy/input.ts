import { Revision } from './state';

/* The inputs of the operations, as far as the rehearsal reads them. */

/** A deployment group. */
export interface GroupInput {
  readonly applicationName: string;
  readonly deploymentGroupName: string;
}

/** The alarms of one deployment instead of those of its group. */
export interface AlarmOverride {
  readonly enabled?: boolean;
  readonly alarms?: { readonly name: string }[];
}

/** CreateDeployment */
export interface CreateInput extends GroupInput {
  readonly deploymentConfigName?: string;
  readonly description?: string;
  readonly fileExistsBehavior?: string;
  readonly revision: Revision;
  readonly overrideAlarmConfiguration?: AlarmOverride;
}

/** ListDeployments */
export interface ListInput extends GroupInput {
  readonly includeOnlyStatuses?: string[];
  /** In seconds since 1970. */
  readonly createTimeRange?: { readonly start?: number; readonly end?: number };
}

/** A deployment. */
export interface DeploymentInput {
  readonly deploymentId: string;
}

/** StopDeployment */
export interface StopInput extends DeploymentInput {
  readonly autoRollbackEnabled?: boolean;
}

/** PutLifecycleEventHookExecutionStatus */
export interface HookStatusInput extends DeploymentInput {
  readonly lifecycleEventHookExecutionId: string;
  readonly status: string;
}

/** GetDeploymentConfig */
export interface ConfigInput {
  readonly deploymentConfigName: string;
}
