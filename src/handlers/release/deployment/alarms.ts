import { DescribeAlarmsCommand, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { DeploymentInfo, GetDeploymentGroupCommand } from '@aws-sdk/client-codedeploy';
import { cloudWatch, codeDeploy } from '../aws/clients';
import { Settings } from '../base/settings';
import { alarmNamesOf } from '../version-alarms/version-alarms';

/** An alarm of the deployment group that is in the ALARM state. */
export interface ActiveAlarm {
  readonly name: string;
  readonly reason: string;
  /** Whether the alarm watches a metric of the alias, so that before a deployment only the current version is red. */
  readonly isOfAlias?: boolean;
}

/** The alarms of a deployment that are in the ALARM state now. Without a deployment: the alarms of the group. */
export async function findActiveAlarms(settings: Settings, deployment: DeploymentInfo = {}): Promise<ActiveAlarm[]> {
  const own = alarmNamesOf(deployment);
  const names = own.length > 0 ? own : await findAlarmNames(settings);
  if (names.length === 0) {
    return []; // without names, CloudWatch would return all alarms of the account
  }
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({
      AlarmNames: names,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], // the default omits composite alarms
      MaxRecords: 100,
    }),
  );
  const ofAlias = MetricAlarms.filter((alarm) => watchesAlias(settings, alarm)).map(({ AlarmName }) => AlarmName);
  return [...MetricAlarms, ...CompositeAlarms]
    .filter((alarm) => alarm.StateValue === 'ALARM')
    .map(({ AlarmName, StateReason }) => ({
      name: AlarmName!,
      reason: StateReason ?? 'no reason given',
      isOfAlias: ofAlias.includes(AlarmName),
    }));
}

function watchesAlias({ functionName, aliasName }: Settings, { Namespace, Dimensions = [] }: MetricAlarm): boolean {
  const resource = Dimensions.find(({ Name }) => Name === 'Resource')?.Value;
  return Namespace === 'AWS/Lambda' && resource === `${functionName}:${aliasName}`;
}

/** For example `errors (threshold crossed), throttles (threshold crossed).` Some reasons end with a period. */
export function describeAlarms(alarms: ActiveAlarm[]): string {
  return alarms.map((alarm) => `${alarm.name} (${alarm.reason.replace(/\.$/, '')})`).join(', ') + '.';
}

/** The names of the alarms of the deployment group. */
export async function findAlarmNames({ applicationName, deploymentGroupName }: Settings): Promise<string[]> {
  const { deploymentGroupInfo } = await codeDeploy.send(
    new GetDeploymentGroupCommand({ applicationName, deploymentGroupName }),
  );
  const configuration = deploymentGroupInfo?.alarmConfiguration;
  if (!configuration?.enabled) {
    return [];
  }
  return (configuration.alarms ?? []).map((alarm) => alarm.name!);
}
