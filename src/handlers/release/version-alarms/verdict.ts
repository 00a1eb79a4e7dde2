import { Versions } from './alarm-input';
import { Measurement, MINUTES_BEFORE, Traffic } from './measure';
import { Counts, isWorse, lowerBound, requiredInvocations, upperBound, VersionCounts } from './rule';
import { VersionAlarm } from '../contract';

/** What the metrics say about the new version. */
export type Result = 'failed' | 'passed' | 'inconclusive';

/** The result of a version alarm, over the time since the first traffic shift. */
export interface Verdict {
  readonly alarm: VersionAlarm;
  readonly result: Result;
  /** For example `ErrorRate inconclusive: 12 invocations, no error, so the rate is below 25% …`. */
  readonly text: string;
}

/** Decides on each alarm. */
export function verdictsOf(alarms: readonly VersionAlarm[], { counts }: Measurement): Verdict[] {
  return alarms.map((alarm, index) => {
    const result = resultOf(alarm, counts[index]);
    return { alarm, result, text: `${alarm.name} ${result}: ${describe(alarm, counts[index], result)}` };
  });
}

function resultOf(alarm: VersionAlarm, counts: VersionCounts): Result {
  if (isWorse(counts, alarm)) {
    return 'failed';
  }
  return counts.target.total >= requiredInvocations(alarm) ? 'passed' : 'inconclusive';
}

function describe(alarm: VersionAlarm, { current, target }: VersionCounts, result: Result): string {
  const isCompared = alarm.maximumRatio !== undefined && current.total > 0;
  return (
    `${describeCounts(alarm, target)}${describeResult(alarm, target, result)}` +
    (isCompared ? `; current version: ${describeCounts(alarm, current)}` : '')
  );
}

function describeResult(alarm: VersionAlarm, target: Counts, result: Result): string {
  const maximum = `maximum ${alarm.maximumPercent}%`;
  if (result === 'passed') {
    return ` (${maximum})`;
  }
  if (result === 'failed') {
    return `, so the rate is above ${percent(lowerBound(target, alarm.standardDeviations))} (${maximum})`;
  }
  const bound = target.total > 0 ? `, so the rate is below ${percent(upperBound(target))}` : '';
  return `${bound} (${maximum}, which needs ${requiredInvocations(alarm)} ${unitOf(alarm)})`;
}

function describeCounts(alarm: VersionAlarm, { total, failures }: Counts): string {
  if (total === 0) {
    return `no ${unitOf(alarm)}`;
  }
  const kind = failureOf(alarm);
  return failures === 0
    ? `${total} ${unitOf(alarm)}, none ${kind}`
    : `${failures} of ${total} ${unitOf(alarm)} ${kind} (${percent(failures / total)})`;
}

function unitOf({ total }: VersionAlarm): string {
  return total?.metricName ?? 'invocations';
}

function failureOf({ failures, slowMilliseconds }: VersionAlarm): string {
  if (failures) {
    return `counted by ${failures.metricName}`;
  }
  return slowMilliseconds === undefined ? 'failed' : `slower than ${slowMilliseconds} ms`;
}

/** For example `version 3: 240 invocations, 2 errors (0.8%), 31 ms on average; version 2 at the same time: …`. */
export function describeTraffic(
  { current, target, before }: Measurement,
  { currentVersion, targetVersion }: Versions,
): string {
  const old =
    current.invocations > 0
      ? `version ${currentVersion} at the same time: ${describeVersion(current)}`
      : `version ${currentVersion} in the ${MINUTES_BEFORE} minutes before: ${describeVersion(before)}`;
  return `version ${targetVersion}: ${describeVersion(target)}; ${old}`;
}

function describeVersion({ invocations, errors, milliseconds }: Traffic): string {
  if (invocations === 0) {
    return 'no invocations';
  }
  const average = milliseconds / invocations;
  const duration = average < 10 ? average.toFixed(1) : Math.round(average).toString();
  const rate = percent(errors / invocations);
  return `${count(invocations, 'invocation')}, ${count(errors, 'error')} (${rate}), ${duration} ms on average`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** For example `0.4%`, `12%`. */
function percent(share: number): string {
  const value = share * 100;
  return `${value === 0 || value >= 10 ? Math.round(value) : Number(value.toFixed(value < 0.1 ? 2 : 1))}%`;
}
