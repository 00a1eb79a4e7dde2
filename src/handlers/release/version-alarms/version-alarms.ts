import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsCommandOutput,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import { versionAlarmInput, versionAlarmName, Versions } from './alarm-input';
import { cloudWatch } from '../aws/clients';
import { toFailure } from '../base/failure';
import { log } from '../base/log';
import { Settings } from '../base/settings';
import { versionAlarmPrefix } from '../contract';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html */
const BATCH_SIZE = 100;

/** The deployment that the alarms are for. */
export interface NewDeployment extends Versions {
  readonly jobId: string;
  /** Whether all traffic shifts in one step, so that the versions are never live at the same time. */
  readonly isAllAtOnce: boolean;
}

/**
 * Creates the version alarms of a deployment, and returns their names. Called only when no deployment is running, so
 * all other version alarms of the project are left over from a run that ended halfway.
 */
export async function createVersionAlarms(settings: Settings, deployment: NewDeployment): Promise<string[]> {
  const names = settings.versionAlarms.map((alarm) => versionAlarmName(settings, alarm, deployment));
  await tryToDelete(async () => (await listVersionAlarms(settings)).filter((name) => !names.includes(name)));
  for (const alarm of settings.versionAlarms) {
    const judged = deployment.isAllAtOnce ? { ...alarm, maximumRatio: undefined } : alarm;
    await cloudWatch.send(new PutMetricAlarmCommand(versionAlarmInput(settings, judged, deployment)));
  }
  return names;
}

/** Deletes the version alarms of a deployment that has ended. */
export async function deleteVersionAlarms(settings: Settings, deployment: DeploymentInfo): Promise<void> {
  const names = alarmNamesOf(deployment).filter((name) => name.startsWith(versionAlarmPrefix(settings.projectName)));
  await tryToDelete(async () => names);
}

/** An alarm that is not deleted is no reason to fail a release: the next run deletes it. */
async function tryToDelete(list: () => Promise<string[]>): Promise<void> {
  try {
    await deleteAlarms(await list());
  } catch (error) {
    log('the next run deletes the version alarms', { error: toFailure(error).message });
  }
}

/** The names of the alarms that a deployment watches instead of the alarms of its group; none without an override. */
export function alarmNamesOf({ overrideAlarmConfiguration }: DeploymentInfo): string[] {
  return (overrideAlarmConfiguration?.alarms ?? []).map(({ name }) => name!);
}

async function listVersionAlarms({ projectName }: Settings): Promise<string[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page: DescribeAlarmsCommandOutput = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: versionAlarmPrefix(projectName), NextToken }),
    );
    names.push(...(page.MetricAlarms ?? []).map(({ AlarmName }) => AlarmName!));
    NextToken = page.NextToken;
  } while (NextToken);
  return names;
}

async function deleteAlarms(names: string[]): Promise<void> {
  for (let start = 0; start < names.length; start += BATCH_SIZE) {
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: names.slice(start, start + BATCH_SIZE) }));
  }
}
