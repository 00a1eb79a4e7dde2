import { createHash } from 'node:crypto';
import {
  AlarmConfiguration,
  BatchGetDeploymentsCommand,
  CreateDeploymentCommand,
  DeploymentInfo,
  DeploymentStatus,
  GetDeploymentCommand,
  ListDeploymentsCommand,
} from '@aws-sdk/client-codedeploy';
import { codeDeploy } from '../aws/clients';
import { jobFailed } from '../base/failure';
import { isMarked, mark, MARKERS } from '../base/marker';
import { Settings } from '../base/settings';

const RUNNING: DeploymentStatus[] = ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'];
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeployments.html */
const BATCH_SIZE = 25;

/** Whether the deployment is still running. */
export function isRunning(deployment: DeploymentInfo): boolean {
  return RUNNING.includes(deployment.status!);
}

/** Id of the running deployment of the deployment group, if there is one. */
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

/** Id of the deployment that an earlier delivery of the same job created, if there is one. */
export async function findDeploymentOfJob(settings: Settings, jobId: string): Promise<string | undefined> {
  const ids = await listDeploymentsOfDay(settings);
  for (let start = 0; start < ids.length; start += BATCH_SIZE) {
    const { deploymentsInfo = [] } = await codeDeploy.send(
      new BatchGetDeploymentsCommand({ deploymentIds: ids.slice(start, start + BATCH_SIZE) }),
    );
    const own = deploymentsInfo.find(
      ({ creator, description }) => creator !== 'codeDeployRollback' && isMarked(description, MARKERS.job(jobId)),
    );
    if (own) {
      return own.deploymentId;
    }
  }
  return undefined;
}

/** A job lasts at most 24 hours, so its deployment is one of the last day. */
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

/** The input of a deployment. */
export interface DeploymentRequest {
  readonly jobId: string;
  readonly appSpec: string;
  readonly description: string;
  /** Overrides the deployment configuration of the deployment group. */
  readonly deploymentConfigName?: string;
  readonly ignoreAlarms: boolean;
  /** Replaces the alarms of the deployment group. */
  readonly alarmNames?: string[];
}

/** Starts a deployment and returns its id. */
export async function startDeployment(
  { applicationName, deploymentGroupName }: Settings,
  request: DeploymentRequest,
): Promise<string> {
  const markers = [MARKERS.job(request.jobId), ...(request.ignoreAlarms ? [MARKERS.ignoresAlarms] : [])];
  const { deploymentId } = await codeDeploy.send(
    new CreateDeploymentCommand({
      applicationName,
      deploymentGroupName,
      deploymentConfigName: request.deploymentConfigName,
      description: mark(request.description, ...markers),
      revision: {
        revisionType: 'AppSpecContent',
        appSpecContent: {
          content: request.appSpec,
          sha256: createHash('sha256').update(request.appSpec).digest('hex'),
        },
      },
      overrideAlarmConfiguration: renderOverride(request),
    }),
  );
  return deploymentId!;
}

function renderOverride({ ignoreAlarms, alarmNames }: DeploymentRequest): AlarmConfiguration | undefined {
  if (ignoreAlarms) {
    return { enabled: false, alarms: [] }; // CodeDeploy rejects an override without a list
  }
  return alarmNames && { enabled: true, alarms: alarmNames.map((name) => ({ name })) };
}

/** Returns the details of a deployment. */
export async function readDeployment(deploymentId: string): Promise<DeploymentInfo> {
  const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
  if (!deploymentInfo) {
    throw jobFailed(`CodeDeploy returned no details for the deployment ${deploymentId}. Retry the stage.`);
  }
  return deploymentInfo;
}
