import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetDeploymentGroupCommand } from '@aws-sdk/client-codedeploy';
import { cloudWatch, codeDeploy } from '../aws/clients';
import { Settings } from '../base/settings';

/** An alarm of the deployment group that is in the ALARM state. */
export interface ActiveAlarm {
  readonly name: string;
  readonly reason: string;
}

/** The alarms of the deployment group that are in the ALARM state now. */
export async function findActiveAlarms(settings: Settings): Promise<ActiveAlarm[]> {
  const names = await findAlarmNames(settings);
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
  return [...MetricAlarms, ...CompositeAlarms]
    .filter((alarm) => alarm.StateValue === 'ALARM')
    .map((alarm) => ({ name: alarm.AlarmName!, reason: alarm.StateReason ?? 'no reason given' }));
}

/** For example `errors (threshold crossed), throttles (threshold crossed).` Some reasons end with a period. */
export function describeAlarms(alarms: ActiveAlarm[]): string {
  return alarms.map((alarm) => `${alarm.name} (${alarm.reason.replace(/\.$/, '')})`).join(', ') + '.';
}

async function findAlarmNames({ applicationName, deploymentGroupName }: Settings): Promise<string[]> {
  const { deploymentGroupInfo } = await codeDeploy.send(
    new GetDeploymentGroupCommand({ applicationName, deploymentGroupName }),
  );
  const configuration = deploymentGroupInfo?.alarmConfiguration;
  if (!configuration?.enabled) {
    return [];
  }
  return (configuration.alarms ?? []).map((alarm) => alarm.name!);
}
