import { Random } from './random';
import { isRed, isWorse, Rule } from '../../src/handlers/release/version-alarms/rule';

/** The traffic of an alias and the rates of errors of its versions, each between 0 and 1. */
export interface Situation {
  readonly requestsPerMinute: number;
  readonly currentRate: number;
  readonly targetRate: number;
  /** The rate of both versions in two of the minutes, in which a service behind them fails. */
  readonly outageRate?: number;
}

/** How the traffic shifts: a first share for some minutes, and then everything until the end of the bake. */
export interface Shift {
  readonly share: number;
  readonly minutes: number;
}

/** The defaults of `DeploymentAlarm.errorRate`. */
export const DEFAULTS: Rule = { maximumPercent: 2, standardDeviations: 3, minimumFailures: 3, maximumRatio: 2 };

/** The two kinds of shift in the table. */
export const SHIFTS = { canary: { share: 0.1, minutes: 10 }, allAtOnce: { share: 1, minutes: 0 } };

const WINDOW_MINUTES = 5;
const BAKE_MINUTES = 8;

interface Minute {
  readonly current: { total: number; failures: number };
  readonly target: { total: number; failures: number };
}

/** Decides after each minute whether the release is rolled back. The latest minute is the last one. */
export type Judge = (minutes: readonly Minute[], shift: Shift) => boolean;

/** Returns the share of releases that the judge rolls back. */
export function rollbacks(
  situation: Situation,
  shift: Shift,
  judge: Judge,
  { releases, seed }: { readonly releases: number; readonly seed: number },
): number {
  const random = new Random(seed);
  let count = 0;
  for (let release = 0; release < releases; release++) {
    count += Number(isRolledBack(situation, shift, judge, random));
  }
  return count / releases;
}

function isRolledBack(situation: Situation, shift: Shift, judge: Judge, random: Random): boolean {
  const minutes: Minute[] = [];
  const last = shift.minutes + BAKE_MINUTES;
  const outage = Math.floor(random.next() * (last - 1));
  while (minutes.length < last) {
    minutes.push(simulateMinute(situation, shift, minutes.length, outage, random));
    if (judge(minutes, shift)) {
      return true;
    }
  }
  return false;
}

/** Invocations arrive independently of each other, and fail independently of each other. */
function simulateMinute(situation: Situation, shift: Shift, index: number, outage: number, random: Random): Minute {
  const { requestsPerMinute, currentRate, targetRate, outageRate } = situation;
  const share = index < shift.minutes ? shift.share : 1;
  const isOut = outageRate !== undefined && (index === outage || index === outage + 1);
  const count = (requests: number, rate: number) => {
    const failures = random.events(requests * rate);
    return { failures, total: failures + random.events(requests * (1 - rate)) };
  };
  return {
    current: count(requestsPerMinute * (1 - share), isOut ? outageRate : currentRate),
    target: count(requestsPerMinute * share, isOut ? outageRate : targetRate),
  };
}

/** The alarm over the window, and during the bake the release function over the time since the first shift. */
export function versionAlarm(rule: Rule): Judge {
  return (minutes, shift) => {
    const compared = shift.minutes > 0 ? rule : { ...rule, maximumRatio: undefined };
    const isBake = minutes.length > shift.minutes;
    return isRed(sum(minutes.slice(-WINDOW_MINUTES)), compared) || (isBake && isWorse(sum(minutes), compared));
  };
}

/** The default alarm on the alias: one error of any version in a minute. */
export const anyError: Judge = (minutes) => {
  const { current, target } = minutes.at(-1)!;
  return current.failures + target.failures > 0;
};

/** A bare threshold on the new version: 2 % of at least 50 invocations, and twice the rate of the current version. */
export const bareThreshold: Judge = (minutes) => {
  const { current, target } = sum(minutes.slice(-WINDOW_MINUTES));
  const rate = target.failures / target.total;
  return target.total >= 50 && rate > 0.02 && (current.total === 0 || rate > (2 * current.failures) / current.total);
};

function sum(minutes: readonly Minute[]): Minute {
  const add = (version: keyof Minute) => ({
    total: minutes.reduce((total, minute) => total + minute[version].total, 0),
    failures: minutes.reduce((failures, minute) => failures + minute[version].failures, 0),
  });
  return { current: add('current'), target: add('target') };
}
