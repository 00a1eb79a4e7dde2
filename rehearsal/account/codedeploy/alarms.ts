import { AlarmOverride } from './input';
import { DeploymentGroup } from './state';
import { AwsError } from '../../base/aws-error';

const ALARM_LIMIT = 10;

/** Rejects an override without a list of alarms, even when it turns the alarms off. */
export function checkOverride(override: AlarmOverride | undefined): void {
  if (!override) {
    return;
  }
  if (!override.alarms) {
    throw invalid('Alarm list cannot be null');
  }
  if (override.enabled && override.alarms.length === 0) {
    throw invalid('Alarm configuration is enabled, but the alarm list is empty');
  }
  if (override.alarms.length > ALARM_LIMIT) {
    throw new AwsError(400, 'AlarmsLimitExceededException', `The maximum number of alarms is ${ALARM_LIMIT}`);
  }
}

/** Returns the names of the alarms that a deployment watches: those of its override, or those of its group. */
export function alarmsOf({ AlarmConfiguration }: DeploymentGroup, override: AlarmOverride | undefined): string[] {
  if (override) {
    return override.enabled ? (override.alarms ?? []).map(({ name }) => name) : [];
  }
  return AlarmConfiguration?.Enabled === false ? [] : (AlarmConfiguration?.Alarms ?? []).map(({ Name }) => Name);
}

interface Alarm {
  readonly AlarmName: string;
  readonly StateValue: string;
}

interface AlarmsOutput {
  readonly MetricAlarms: Alarm[];
  readonly CompositeAlarms: Alarm[];
}

/** Returns why the alarms stop a deployment, or undefined. Unreadable alarms stop it too, unless that is ignored. */
export async function alarmProblem(
  describeAlarms: (input: object) => Promise<AlarmsOutput>,
  names: readonly string[],
  ignoreFailure = false,
): Promise<string | undefined> {
  try {
    const input = { AlarmNames: names, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] };
    const { MetricAlarms, CompositeAlarms } = await describeAlarms(input);
    const red = [...MetricAlarms, ...CompositeAlarms].filter(({ StateValue }) => StateValue === 'ALARM');
    return red.length === 0
      ? undefined
      : 'One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, ' +
          'and the affected deployments have been stopped. ' +
          `Activated alarms: ${red.map(({ AlarmName }) => `<${AlarmName}>`).join(' ')}`;
  } catch (error) {
    return ignoreFailure ? undefined : `The alarms could not be read: ${(error as Error).message}`;
  }
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'InvalidAlarmConfigException', message);
}
