import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { VersionAlarm, VersionMetric } from '../handlers/release/contract';
import { isKnown, refuse, requireDuration, requireInteger } from '../private/validation';

/** What happens at the end of the bake when a version has too few invocations to be judged. */
export enum InconclusiveAction {
  /** The release succeeds, and its message says what is known, for example that the error rate is below 25%. */
  PROCEED = 'PROCEED',
  /** The deployment fails, and CodeDeploy rolls it back. */
  ROLL_BACK = 'ROLL_BACK',
  /** The bake goes on until there are enough invocations, at most 14 minutes in all. Then the release succeeds. */
  BAKE_LONGER = 'BAKE_LONGER',
}

/**
 * Options for the alarms on the new version of a deployment.
 *
 * A version is rolled back only if it surely fails too often: it has at least `minimumFailures` failures, the lower
 * bound of its failure rate is above `maximumPercent`, and its rate is surely above the rate of the current version and
 * at least `maximumRatio` times as high. The more invocations, the closer the lower bound is to the observed rate.
 *
 * The release function creates the alarm for the versions of a deployment, and deletes it afterwards. An alarm costs
 * less than a cent for each deployment.
 *
 * @see https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval
 */
export interface VersionAlarmOptions {
  /**
   * The highest rate of failures, in percent: greater than 0 and less than 100.
   *
   * @default 2 for errors and for your own metric, 5 for slow invocations
   */
  readonly maximumPercent?: number;

  /**
   * Whether the new version is compared with the current one while both have traffic. With `false`, a failure of a
   * service behind both versions rolls back the release. If all traffic shifts in one step, there is no such time, and
   * the versions are not compared.
   *
   * @default true
   */
  readonly compareVersions?: boolean;

  /**
   * The new version may fail this many times as often as the current one: at least 1.
   *
   * @default 2
   */
  readonly maximumRatio?: number;

  /**
   * The number of failures below which a version is never rolled back.
   *
   * @default 3
   */
  readonly minimumFailures?: number;

  /**
   * How sure the rollback is: the lower bound of the rate is that many standard deviations below the observed rate.
   * Between 1 and 6. With 2, more bad versions are found, and several times as many good versions are rolled back.
   *
   * @default 3
   */
  readonly standardDeviations?: number;

  /**
   * The number of invocations of the new version without which the result is inconclusive.
   *
   * @default 300 / maximumPercent, for example 150 for 2%: after that many invocations without a failure, the rate is
   * below the maximum with a probability of 95%
   */
  readonly minimumInvocations?: number;

  /**
   * What to do when the result is inconclusive at the end of the bake.
   *
   * @default InconclusiveAction.PROCEED
   */
  readonly onInconclusive?: InconclusiveAction;

  /**
   * The time over which the alarm counts, in whole minutes: between 1 and 10. The alarm is evaluated each minute.
   *
   * @default Duration.minutes(5)
   */
  readonly window?: Duration;

  /**
   * How late the metrics may be, in whole minutes: at most 10. The bake must be longer than `window` and `delay`
   * together.
   *
   * @default Duration.minutes(2)
   */
  readonly delay?: Duration;
}

/** Options for `DeploymentAlarm.latency`. */
export interface LatencyAlarmOptions extends VersionAlarmOptions {
  /** An invocation that takes longer counts as slow. At most the timeout of the function. */
  readonly maximum: Duration;
}

/** Options for `DeploymentAlarm.versionMetric`. */
export interface VersionMetricAlarmOptions extends VersionAlarmOptions {
  /** The metric that counts the failures. The alarm uses its sum; its statistic and its period do not matter. */
  readonly failures: cloudwatch.Metric;

  /**
   * The metric that counts all attempts.
   *
   * @default - the invocations of the version
   */
  readonly total?: cloudwatch.Metric;

  /**
   * The dimension of the metrics whose value is the number of the version. The function finds the number in the
   * environment variable `AWS_LAMBDA_FUNCTION_VERSION`.
   *
   * @default 'FunctionVersion'
   */
  readonly versionDimension?: string;
}

const WINDOW = Duration.minutes(5);
const DELAY = Duration.minutes(2);

/**
 * Returns the alarm on the errors.
 *
 * @internal
 */
export function errorRateAlarm(options: VersionAlarmOptions): VersionAlarm {
  return { name: 'ErrorRate', ...render('errorRate', options, 2) };
}

/**
 * Returns the alarm on slow invocations.
 *
 * @internal
 */
export function latencyAlarm(options: LatencyAlarmOptions): VersionAlarm {
  return {
    name: 'Latency',
    ...render('latency', options, 5),
    slowMilliseconds: options.maximum.toMilliseconds(),
  };
}

/**
 * Returns the alarm on a metric of the user.
 *
 * @internal
 */
export function versionMetricAlarm(options: VersionMetricAlarmOptions): VersionAlarm {
  const { failures, total, versionDimension = 'FunctionVersion' } = options;
  return {
    name: failures.metricName.replace(/\W/g, ''),
    ...render('versionMetric', options, 2),
    failures: metricOf('failures', failures, versionDimension),
    ...(total && { total: metricOf('total', total, versionDimension) }),
  };
}

/**
 * Returns the seconds of data that the alarm needs; undefined if unknown.
 *
 * @internal
 */
export function versionAlarmSeconds({ window = WINDOW, delay = DELAY }: VersionAlarmOptions): number | undefined {
  return window.isUnresolved() || delay.isUnresolved() ? undefined : window.toSeconds() + delay.toSeconds();
}

function render(factory: string, options: VersionAlarmOptions, maximumPercent: number): Omit<VersionAlarm, 'name'> {
  validate(factory, options);
  const { compareVersions = true, maximumRatio = 2, window = WINDOW } = options;
  return {
    maximumPercent: options.maximumPercent ?? maximumPercent,
    standardDeviations: options.standardDeviations ?? 3,
    minimumFailures: options.minimumFailures ?? 3,
    ...(compareVersions && { maximumRatio }),
    ...(options.minimumInvocations !== undefined && { minimumInvocations: options.minimumInvocations }),
    windowSeconds: window.toSeconds(),
    onInconclusive: options.onInconclusive ?? InconclusiveAction.PROCEED,
  };
}

function metricOf(
  prop: string,
  { namespace, metricName, dimensions = {} }: cloudwatch.Metric,
  versionDimension: string,
): VersionMetric {
  if (versionDimension in dimensions) {
    refuse({
      prop: `${prop} of DeploymentAlarm.versionMetric`,
      allowed: `without the dimension ${versionDimension}, because the release function adds the number of the version`,
      given: dimensions[versionDimension],
      remedy: 'remove the dimension, or set versionDimension to the dimension with the number of the version',
    });
  }
  return { namespace, metricName, dimensions: dimensions as Record<string, string>, versionDimension };
}

function validate(factory: string, options: VersionAlarmOptions): void {
  const prop = (name: string) => `${name} of DeploymentAlarm.${factory}`;
  const { maximumPercent, maximumRatio, standardDeviations, compareVersions } = options;
  requireNumber(
    prop('maximumPercent'),
    maximumPercent,
    'greater than 0 and less than 100',
    (value) => value > 0 && value < 100,
  );
  requireNumber(prop('maximumRatio'), maximumRatio, 'at least 1', (value) => value >= 1);
  requireNumber(prop('standardDeviations'), standardDeviations, 'between 1 and 6', (value) => value >= 1 && value <= 6);
  requireInteger(prop('minimumFailures'), options.minimumFailures, 1, 1_000_000, 'for example 3');
  requireInteger(prop('minimumInvocations'), options.minimumInvocations, 1, 1_000_000_000, 'for example 150');
  if (compareVersions === false && maximumRatio !== undefined) {
    refuse({
      prop: prop('maximumRatio'),
      allowed: 'omitted when compareVersions is false',
      given: maximumRatio,
      remedy: 'remove one of the two',
    });
  }
  requireWholeMinutes(prop('window'), options.window, 1);
  requireWholeMinutes(prop('delay'), options.delay, 0);
}

function requireNumber(
  prop: string,
  value: number | undefined,
  allowed: string,
  isAllowed: (value: number) => boolean,
): void {
  if (isKnown(value) && !isAllowed(value)) {
    refuse({ prop, allowed, given: value, remedy: 'omit it to use the default' });
  }
}

function requireWholeMinutes(prop: string, value: Duration | undefined, min: number): void {
  const remedy = 'for example Duration.minutes(5)';
  requireDuration(prop, value, {
    min: Duration.minutes(min),
    max: Duration.minutes(10),
    source: "so that the bake fits into Lambda's 15 minutes",
    remedy,
  });
  if (value && !value.isUnresolved() && value.toSeconds() % 60 !== 0) {
    refuse({
      prop,
      allowed: "whole minutes, because Lambda's metrics have a value for each minute",
      given: value,
      remedy,
    });
  }
}
