import type { Account } from '../account';
import { Deployment, DeploymentGroup, LifecycleEvent, Routing } from './state';

/** Renders a deployment as CodeDeploy returns it. */
export function describeDeployment(deployment: Deployment, group: DeploymentGroup) {
  return {
    deploymentId: deployment.id,
    applicationName: deployment.application,
    deploymentGroupName: deployment.group,
    deploymentConfigName: deployment.config,
    description: deployment.description,
    creator: deployment.creator,
    status: deployment.status,
    revision: deployment.revision,
    computePlatform: 'Lambda',
    createTime: deployment.createTime / 1000,
    startTime: deployment.status === 'Created' ? undefined : deployment.createTime / 1000,
    completeTime: deployment.completeTime === undefined ? undefined : deployment.completeTime / 1000,
    errorInformation: deployment.error,
    rollbackInfo: rollbackOf(deployment),
    autoRollbackConfiguration: describeRollback(group),
    overrideAlarmConfiguration: deployment.alarmOverride,
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
  };
}

function rollbackOf(deployment: Deployment) {
  if (deployment.rollbackId) {
    return {
      rollbackDeploymentId: deployment.rollbackId,
      rollbackMessage:
        `Deployment ${deployment.id} terminated. ` +
        `Automatic rollback is triggered with a DeploymentId ${deployment.rollbackId}.`,
    };
  }
  const { id, rollbackOf: triggering } = deployment;
  return triggering
    ? {
        rollbackTriggeringDeploymentId: triggering,
        rollbackMessage: `Deployment ${id} is triggered to roll back deployment ${triggering}.`,
      }
    : undefined;
}

/** Renders a deployment group as CodeDeploy returns it. */
export function describeGroup(group: DeploymentGroup) {
  const { Enabled, Alarms, IgnorePollAlarmFailure } = group.AlarmConfiguration ?? {};
  return {
    applicationName: group.ApplicationName,
    deploymentGroupName: group.DeploymentGroupName,
    deploymentConfigName: group.DeploymentConfigName,
    serviceRoleArn: group.ServiceRoleArn,
    computePlatform: 'Lambda',
    alarmConfiguration: {
      enabled: Alarms !== undefined && Enabled !== false,
      ignorePollAlarmFailure: IgnorePollAlarmFailure ?? false,
      alarms: (Alarms ?? []).map(({ Name }) => ({ name: Name })),
    },
    autoRollbackConfiguration: describeRollback(group),
    deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
  };
}

function describeRollback(group: DeploymentGroup) {
  const { Enabled, Events } = group.AutoRollbackConfiguration ?? {};
  return { enabled: Enabled ?? false, events: Events ?? [] };
}

/** Renders a deployment configuration as CodeDeploy returns it. */
export function describeRouting(name: string, { kind, percentage, minutes }: Routing) {
  return {
    deploymentConfigName: name,
    computePlatform: 'Lambda',
    trafficRoutingConfig: {
      type: kind,
      ...(kind === 'TimeBasedCanary'
        ? { timeBasedCanary: { canaryPercentage: percentage, canaryInterval: minutes } }
        : {}),
      ...(kind === 'TimeBasedLinear'
        ? { timeBasedLinear: { linearPercentage: percentage, linearInterval: minutes } }
        : {}),
    },
  };
}

/** Renders the only target of a Lambda deployment as CodeDeploy returns it. */
export function describeTarget(account: Account, deployment: Deployment) {
  const { functionName, aliasName, currentVersion, targetVersion } = deployment.appSpec;
  return {
    deploymentId: deployment.id,
    targetId: `${functionName}:${aliasName}`,
    targetArn: `${account.lambda.arn({ FunctionName: functionName })}:${aliasName}`,
    status:
      deployment.status === 'Created' ? 'Pending' : deployment.status === 'Stopped' ? 'Failed' : deployment.status,
    lastUpdatedAt: account.clock.now() / 1000,
    lifecycleEvents: deployment.events.map(describeEvent),
    lambdaFunctionInfo: { functionName, functionAlias: aliasName, currentVersion, targetVersion },
  };
}

function describeEvent({ name, status, startTime, endTime, message }: LifecycleEvent) {
  return {
    lifecycleEventName: name,
    status,
    startTime: startTime === undefined ? undefined : startTime / 1000,
    endTime: endTime === undefined ? undefined : endTime / 1000,
    ...(message ? { diagnostics: { errorCode: 'ScriptFailed', message } } : {}),
  };
}
