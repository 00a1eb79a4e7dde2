import { VersionAlarm } from '../contract';

/** The invocations of a version, and the failures among them. */
export interface Counts {
  readonly total: number;
  readonly failures: number;
}

/** The counts of both versions of a deployment. */
export interface VersionCounts {
  readonly current: Counts;
  readonly target: Counts;
}

/** The numbers of the rule. */
export type Rule = Pick<
  VersionAlarm,
  'maximumPercent' | 'standardDeviations' | 'minimumFailures' | 'maximumRatio' | 'minimumInvocations'
>;

/** The number of standard deviations of the upper bound in a message: about 95 % of all bounds are true. */
const UPPER_DEVIATIONS = 1.645;

/**
 * Whether the rate of failures of the target version is surely too high: at least `minimumFailures` failures, a Wilson
 * lower bound above the maximum, and a rate that is surely above the rate of the current version and at least
 * `maximumRatio` times as high. All inequalities are products, because metric math omits a data point with a division
 * by zero. Without invocations of the current version, only the maximum counts.
 */
export function isWorse({ current, target }: VersionCounts, rule: Rule): boolean {
  const { maximumPercent, standardDeviations, minimumFailures, maximumRatio } = rule;
  const share = maximumPercent / 100;
  const excess = target.failures - share * target.total;
  const isAboveMaximum =
    target.failures >= minimumFailures &&
    excess > 0 &&
    excess ** 2 > standardDeviations ** 2 * share * (1 - share) * target.total;
  if (maximumRatio === undefined) {
    return isAboveMaximum;
  }
  const lead = target.failures * current.total - current.failures * target.total;
  const variance = target.total * current.failures * (current.total - current.failures);
  return (
    isAboveMaximum &&
    lead ** 2 >= standardDeviations ** 2 * variance &&
    target.failures * current.total >= maximumRatio * current.failures * target.total
  );
}

/**
 * Whether the alarm is red. An alarm that compares the versions is never red without traffic of the current version:
 * after the last shift, a version that fails as often as the current one did would be rolled back. Then the release
 * function judges with the counts of the whole deployment.
 */
export function isRed(counts: VersionCounts, rule: Rule): boolean {
  return (rule.maximumRatio === undefined || counts.current.total > 0) && isWorse(counts, rule);
}

/**
 * Renders `isRed` as metric math: 1 or 0. The names are `total` and `failures` of the target version, `currentTotal`
 * and `currentFailures`.
 */
export function renderRule({ maximumPercent, standardDeviations, minimumFailures, maximumRatio }: Rule): string {
  const share = maximumPercent / 100;
  const deviation = plain(standardDeviations ** 2 * share * (1 - share));
  const excess = `(failures - ${plain(share)} * total)`;
  const lead = '(failures * currentTotal - currentFailures * total)';
  const variance = `${plain(standardDeviations ** 2)} * total * currentFailures * (currentTotal - currentFailures)`;
  const conditions = [
    `failures >= ${minimumFailures}`,
    `${excess} > 0`,
    `${excess} * ${excess} > ${deviation} * total`,
    ...(maximumRatio === undefined
      ? []
      : [
          'currentTotal > 0',
          `${lead} * ${lead} >= ${variance}`,
          `failures * currentTotal >= ${plain(maximumRatio)} * currentFailures * total`,
        ]),
  ];
  return `IF(${conditions.map((condition) => `(${condition})`).join(' AND ')}, 1, 0)`;
}

/** Metric math knows no exponents such as 1e-7. */
function plain(value: number): string {
  return value.toFixed(12).replace(/\.?0+$/, '');
}

/**
 * The number of invocations without which nothing is known: after that many invocations without a failure, the rate is
 * below the maximum with a probability of 95 %.
 */
export function requiredInvocations({ minimumInvocations, maximumPercent }: Rule): number {
  return minimumInvocations ?? Math.ceil(300 / maximumPercent);
}

/** The Wilson lower bound of the rate, between 0 and 1. */
export function lowerBound({ total, failures }: Counts, deviations: number): number {
  return total === 0 ? 0 : wilson({ total, failures }, -deviations);
}

/** The rate is below this bound with a probability of about 95 %. */
export function upperBound({ total, failures }: Counts): number {
  if (failures === 0) {
    return Math.min(1, 3 / total); // the rule of three; 3 / 0 is infinite
  }
  return wilson({ total, failures }, UPPER_DEVIATIONS);
}

/** https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval */
function wilson({ total, failures }: Counts, z: number): number {
  const spread = Math.sqrt((failures * (total - failures)) / total + z ** 2 / 4);
  return (failures + z ** 2 / 2 + z * spread) / (total + z ** 2);
}
