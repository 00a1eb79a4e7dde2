import { Annotations, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { refuse } from './validation';

/** An alarm of the deployment group. */
export interface TimedAlarm {
  readonly name: string;
  /** Seconds of data that the alarm needs before it fires; undefined if unknown. */
  readonly seconds?: number;
  /** Whether the user created the alarm, which may have other purposes. */
  readonly isExisting: boolean;
  /** Whether the alarm watches the new version, during the bake too. */
  readonly isOnVersion?: true;
}

/** How long the alarms can stop a deployment. */
export interface AlarmWindow {
  /** Minutes between the first and the last traffic shift; undefined if unknown. */
  readonly shiftMinutes?: number;
  readonly bakeTime: Duration;
}

/** Refuses an alarm that fires only after the end of the deployment. */
export function requireTimelyAlarms(
  scope: Construct,
  alarms: TimedAlarm[],
  { shiftMinutes, bakeTime }: AlarmWindow,
): void {
  if (bakeTime.isUnresolved()) {
    return;
  }
  alarms
    .filter(({ seconds, isOnVersion }) => isOnVersion && seconds !== undefined && seconds >= bakeTime.toSeconds())
    .forEach((alarm) => refuseShortBake(alarm, bakeTime));
  if (shiftMinutes === undefined || alarms.length === 0) {
    return;
  }
  const window = Duration.seconds(Math.max(shiftMinutes * 60, bakeTime.toSeconds()));
  if (window.toSeconds() === 0) {
    refuse({
      prop: 'bakeTime',
      allowed: 'longer than 0 if all traffic shifts together, because alarms cannot stop a deployment that has ended',
      given: bakeTime,
      remedy: 'use a longer bakeTime, a linear or canary deploymentConfig, or alarms: []',
    });
  }
  alarms
    .filter(({ seconds }) => seconds !== undefined && seconds >= window.toSeconds())
    .forEach((alarm) => rejectLateAlarm(scope, alarm, window));
}

/** The release function judges the version at the end of the bake, when the last window of data has arrived. */
function refuseShortBake({ name, seconds }: TimedAlarm, bakeTime: Duration): never {
  return refuse({
    prop: 'bakeTime',
    allowed: `longer than window and delay of ${name} together, ${Duration.seconds(seconds!).toHumanString()}`,
    given: bakeTime,
    remedy: 'use a longer bakeTime, or omit it; or use a shorter window',
  });
}

function rejectLateAlarm(scope: Construct, { name, seconds, isExisting }: TimedAlarm, window: Duration): void {
  const needed = Duration.seconds(seconds!).toHumanString();
  const allowed = `shorter than the bake time or the traffic shift, ${window.toHumanString()}`;
  const remedy = 'use a shorter period, fewer evaluationPeriods, or a longer bakeTime';
  if (!isExisting) {
    refuse({ prop: `period × evaluationPeriods of ${name}`, allowed, described: needed, remedy });
  }
  Annotations.of(scope).addWarningV2(
    `cdk-lambda-ci-cd-pipeline:late-alarm-${name}`,
    `the alarm ${name} needs ${needed} of data, which must be ${allowed}, to stop a deployment; ${remedy}`,
  );
}
