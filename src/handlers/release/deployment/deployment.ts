import { createHash } from 'node:crypto';
import {
  BatchGetDeploymentsCommand,
  CreateDeploymentCommand,
  DeploymentInfo,
  DeploymentStatus,
  GetDeploymentCommand,
  ListDeploymentsCommand,
} from '@aws-sdk/client-codedeploy';
import { codeDeploy } from '../aws/clients';
import { jobFailed } from '../base/failure';
import { Settings } from '../base/settings';

const RUNNING: DeploymentStatus[] = ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'];
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
/** Ends the description of a deployment whose alarms are not watched. */
export const WITHOUT_ALARMS = ', without alarms';
/** As many as BatchGetDeployments takes. */
const BATCH = 25;

/** Whether the deployment has not ended. */
export function isRunning(deployment: DeploymentInfo): boolean {
  return RUNNING.includes(deployment.status!);
}

/** Id of the deployment of the group that is running, if one is. */
export async function findRunningDeployment({
  applicationName,
  deploymentGroupName,
}: Settings): Promise<string | undefined> {
  const { deployments = [] } = await codeDeploy.send(
    new ListDeploymentsCommand({
      applicationName,
      deploymentGroupName,
      includeOnlyStatuses: RUNNING,
    }),
  );
  return deployments[0];
}

/** Id of the deployment that an earlier delivery of the same job has made, if there is one. */
export async function findDeploymentOfJob(settings: Settings, jobId: string): Promise<string | undefined> {
  const ids = await listDeploymentsOfDay(settings);
  for (let start = 0; start < ids.length; start += BATCH) {
    const { deploymentsInfo = [] } = await codeDeploy.send(
      new BatchGetDeploymentsCommand({ deploymentIds: ids.slice(start, start + BATCH) }),
    );
    const own = deploymentsInfo.find(
      (deployment) => deployment.description?.includes(jobId) && deployment.creator !== 'codeDeployRollback',
    );
    if (own) {
      return own.deploymentId;
    }
  }
  return undefined;
}

/** A job lives for 24 hours at most, so its deployment is one of the last day. */
async function listDeploymentsOfDay({ applicationName, deploymentGroupName }: Settings): Promise<string[]> {
  const ids: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await codeDeploy.send(
      new ListDeploymentsCommand({
        applicationName,
        deploymentGroupName,
        nextToken,
        createTimeRange: { start: new Date(Date.now() - DAY_MILLISECONDS) },
      }),
    );
    ids.push(...(page.deployments ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return ids;
}

/** What a deployment is made of. */
export interface DeploymentRequest {
  readonly appSpec: string;
  readonly description: string;
  /** Takes the place of the deployment group's configuration. */
  readonly deploymentConfigName?: string;
  readonly ignoreAlarms: boolean;
}

/** Starts a deployment and returns its id. */
export async function startDeployment(
  { applicationName, deploymentGroupName }: Settings,
  request: DeploymentRequest,
): Promise<string> {
  const { deploymentId } = await codeDeploy.send(
    new CreateDeploymentCommand({
      applicationName,
      deploymentGroupName,
      deploymentConfigName: request.deploymentConfigName,
      description: request.description + (request.ignoreAlarms ? WITHOUT_ALARMS : ''),
      revision: {
        revisionType: 'AppSpecContent',
        appSpecContent: {
          content: request.appSpec,
          sha256: createHash('sha256').update(request.appSpec).digest('hex'),
        },
      },
      overrideAlarmConfiguration: request.ignoreAlarms ? { enabled: false } : undefined,
    }),
  );
  return deploymentId!;
}

/** Reads a deployment. */
export async function readDeployment(deploymentId: string): Promise<DeploymentInfo> {
  const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
  if (!deploymentInfo) {
    throw jobFailed(`CodeDeploy tells nothing of the deployment ${deploymentId}`);
  }
  return deploymentInfo;
}
