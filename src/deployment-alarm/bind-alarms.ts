import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { DeploymentAlarm, DeploymentAlarmBindOptions } from '.';
import { VersionAlarm } from '../handlers/release/contract';
import { requireTimelyAlarms } from '../private/alarm-window';
import { refuse } from '../private/validation';

/** The alarms of a pipeline. */
export interface BoundAlarms {
  /** The alarms of the stack. */
  readonly alarms: cloudwatch.AlarmBase[];
  /** The alarms that the release function creates for each deployment. */
  readonly versionAlarms: VersionAlarm[];
}

/** What the alarms watch, and for how long they can stop a deployment. */
export interface AlarmContext extends DeploymentAlarmBindOptions {
  /** Minutes between the first and the last traffic shift; undefined if unknown. */
  readonly shiftMinutes?: number;
  readonly bakeTime: Duration;
}

const BAKE_TIME = Duration.minutes(5);

/** The alarms when the user gives none. */
export function defaultAlarms(): DeploymentAlarm[] {
  return [DeploymentAlarm.errors(), DeploymentAlarm.throttles()];
}

/** Returns the bake time when the user gives none: with version alarms, a minute longer than their data needs. */
export function defaultBakeTime(alarms: DeploymentAlarm[] = []): Duration {
  const needed = alarms.map(({ _timing: { isOnVersion, seconds = 0 } }) => (isOnVersion ? seconds + 60 : 0));
  return Duration.seconds(Math.max(BAKE_TIME.toSeconds(), ...needed));
}

/** Creates the alarms of the stack, and collects those of the versions. */
export function bindAlarms(scope: Construct, all: DeploymentAlarm[], context: AlarmContext): BoundAlarms {
  const { shiftMinutes, bakeTime } = context;
  const timings = all.map(({ _timing }) => _timing);
  requireTimelyAlarms(scope, timings, { shiftMinutes, bakeTime });
  const bound = all.map((alarm) => alarm._bind(scope, context));
  const versionAlarms = bound.filter(isVersionAlarm);
  versionAlarms.forEach(({ name }, index) => requireFirst(name, versionAlarms.slice(0, index)));
  return {
    alarms: bound.filter((alarm): alarm is cloudwatch.AlarmBase => !isVersionAlarm(alarm)),
    versionAlarms: versionAlarms.map((alarm) => withoutComparison(alarm, shiftMinutes)),
  };
}

function isVersionAlarm(alarm: cloudwatch.AlarmBase | VersionAlarm): alarm is VersionAlarm {
  return 'windowSeconds' in alarm;
}

function requireFirst(name: string, before: VersionAlarm[]): void {
  if (before.some((other) => other.name === name)) {
    refuse({
      prop: 'alarms',
      allowed: 'of different kinds',
      described: `two ${name}`,
      remedy: 'remove one of the two, or use another metric',
    });
  }
}

/** If all traffic shifts in one step, the versions never have traffic in the same minutes. */
function withoutComparison({ maximumRatio, ...alarm }: VersionAlarm, shiftMinutes: number | undefined): VersionAlarm {
  return shiftMinutes === 0 || maximumRatio === undefined ? alarm : { ...alarm, maximumRatio };
}
