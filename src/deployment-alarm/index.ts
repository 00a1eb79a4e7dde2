import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import {
  errorRateAlarm,
  latencyAlarm,
  LatencyAlarmOptions,
  VersionAlarmOptions,
  versionAlarmSeconds,
  versionMetricAlarm,
  VersionMetricAlarmOptions,
} from './version-alarm';
import { VersionAlarm } from '../handlers/release/contract';
import { TimedAlarm } from '../private/alarm-window';
import { requireSamePlace } from '../private/given-resource';
import { requireInput } from '../private/input';
import { isKnown, refuse, requireDuration, requireInteger, requirePattern } from '../private/validation';

/** Options for an alarm on the alias. */
export interface DeploymentAlarmOptions {
  /**
   * The alarm fires at or above this value.
   *
   * @default 1
   */
  readonly threshold?: number;

  /**
   * Period over which the statistic is applied: 10, 20 or 30 seconds, or whole minutes up to a day.
   *
   * @default Duration.minutes(1)
   */
  readonly period?: Duration;

  /**
   * Number of periods to evaluate. The periods that must breach have to be shorter, together, than the bake time or the
   * traffic shift: otherwise the alarm would fire too late, and is refused.
   *
   * @default 1
   */
  readonly evaluationPeriods?: number;

  /**
   * Number of evaluated periods that must breach the threshold.
   *
   * @default - all of them
   */
  readonly datapointsToAlarm?: number;

  /**
   * How to treat a period without data.
   *
   * @default TreatMissingData.NOT_BREACHING - no invocations mean no errors
   */
  readonly treatMissingData?: cloudwatch.TreatMissingData;
}

/** Options for `DeploymentAlarm.duration`. */
export interface DurationAlarmOptions extends DeploymentAlarmOptions {
  /** The alarm fires at or above this duration, which is at most the timeout of the function. Replaces `threshold`. */
  readonly maximum: Duration;

  /**
   * Statistic of the duration in a period.
   *
   * @default 'p99'
   */
  readonly statistic?: string;
}

/**
 * What an alarm watches.
 *
 * @internal
 */
export interface DeploymentAlarmBindOptions {
  readonly projectName: string;
  readonly target: {
    readonly functionName: string;
    readonly aliasName: string;
    /** Timeout of the function, if the app knows it. */
    readonly timeout?: Duration;
  };
}

/**
 * An alarm that stops a deployment and rolls it back. CodeDeploy supports at most 10 alarms. A CloudWatch alarm costs
 * about $0.10 a month.
 *
 * @example
 * const alarms = [
 *   DeploymentAlarm.errors({ threshold: 5 }),
 *   DeploymentAlarm.throttles(),
 *   DeploymentAlarm.duration({ maximum: Duration.seconds(3) }),
 * ];
 */
export abstract class DeploymentAlarm {
  /**
   * Invocations of the alias that end with an error. A canary of 10% that always fails makes 10% of the invocations
   * fail: set the threshold below that number.
   */
  public static errors(options: DeploymentAlarmOptions = {}): DeploymentAlarm {
    requireInput('DeploymentAlarm.errors', { options });
    return new MetricAlarm(
      { id: 'LambdaErrorsAlarm', meaning: 'the alias has errors', metricName: 'Errors', statistic: 'Sum' },
      options,
    );
  }

  /** Throttled invocations of the alias, which count neither as invocations nor as errors. */
  public static throttles(options: DeploymentAlarmOptions = {}): DeploymentAlarm {
    requireInput('DeploymentAlarm.throttles', { options });
    return new MetricAlarm(
      { id: 'LambdaThrottlesAlarm', meaning: 'the alias is throttled', metricName: 'Throttles', statistic: 'Sum' },
      options,
    );
  }

  /** Invocations of the alias that take too long. */
  public static duration(options: DurationAlarmOptions): DeploymentAlarm {
    requireInput('DeploymentAlarm.duration', { options });
    if (options.threshold !== undefined) {
      refuse({
        prop: 'threshold of DeploymentAlarm.duration',
        allowed: 'omitted',
        given: options.threshold,
        remedy: 'set maximum, which has a unit',
      });
    }
    requireDuration('maximum of DeploymentAlarm.duration', options.maximum, {
      min: Duration.millis(1),
      max: Duration.minutes(15),
      source: "Lambda's limit for a timeout",
      unit: 'millis',
      remedy: 'for example Duration.seconds(3)',
    });
    requirePattern(options.statistic, STATISTIC, {
      prop: 'statistic of DeploymentAlarm.duration',
      allowed: 'a statistic of CloudWatch',
      remedy: 'for example "p99" or "Average"',
    });
    const statistic = options.statistic ?? 'p99';
    return new MetricAlarm(
      { id: 'LambdaDurationAlarm', meaning: 'the alias is slow', metricName: 'Duration', statistic },
      { ...options, threshold: options.maximum.toMilliseconds() },
    );
  }

  /**
   * Invocations of the new version that end with an error, in percent. The alarm exists during a deployment only, and
   * takes into account how many invocations there are: see `VersionAlarmOptions`. An error is an exception, a timeout,
   * or a failure of the runtime. A handler that returns an HTTP 500 has no error: use `versionMetric` for it.
   */
  public static errorRate(options: VersionAlarmOptions = {}): DeploymentAlarm {
    requireInput('DeploymentAlarm.errorRate', { options });
    return new AlarmOnVersion(errorRateAlarm(options), versionAlarmSeconds(options));
  }

  /**
   * Invocations of the new version that take longer than `maximum`, in percent. Like `errorRate`, the alarm exists
   * during a deployment only.
   */
  public static latency(options: LatencyAlarmOptions): DeploymentAlarm {
    requireInput('DeploymentAlarm.latency', { options });
    return new AlarmOnVersion(latencyAlarm(options), versionAlarmSeconds(options), options.maximum);
  }

  /**
   * Failures of the new version that a metric of yours counts, in percent of its invocations: for example HTTP 500
   * responses. The metric needs a dimension with the number of the version. Like `errorRate`, the alarm exists during a
   * deployment only.
   */
  public static versionMetric(options: VersionMetricAlarmOptions): DeploymentAlarm {
    requireInput('DeploymentAlarm.versionMetric', { options });
    return new AlarmOnVersion(versionMetricAlarm(options), versionAlarmSeconds(options));
  }

  /**
   * An existing alarm.
   *
   * @param alarm in the account and Region of the pipeline; it can be a composite alarm or watch any metric
   */
  public static existing(alarm: cloudwatch.IAlarm): DeploymentAlarm {
    requireInput('DeploymentAlarm.existing', { alarm });
    return new ExistingAlarm(alarm);
  }

  /**
   * What is known about the time until the alarm fires.
   *
   * @internal
   */
  public abstract readonly _timing: TimedAlarm;

  /**
   * Creates or returns the alarm of the stack, or returns what the release function needs to create the alarm for each
   * deployment.
   *
   * @internal
   */
  public abstract _bind(scope: Construct, options: DeploymentAlarmBindOptions): cloudwatch.AlarmBase | VersionAlarm;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html */
const STATISTIC = new RegExp(
  '^(SampleCount|Average|Sum|Minimum|Maximum|IQM|' +
    '(p|tm|wm|tc|ts)(\\d{1,2}(\\.\\d{1,10})?|100)|' +
    '(PR|TM|WM|TC|TS)\\([\\d.]*%?:[\\d.]*%?\\))$',
  'i',
);

interface WatchedMetric {
  readonly id: string;
  readonly meaning: string;
  readonly metricName: string;
  readonly statistic: string;
}

class MetricAlarm extends DeploymentAlarm {
  public readonly _timing: TimedAlarm;

  constructor(
    private readonly watched: WatchedMetric,
    private readonly options: DeploymentAlarmOptions,
  ) {
    super();
    validate(watched.id, options);
    const { period = Duration.minutes(1), evaluationPeriods = 1, datapointsToAlarm = evaluationPeriods } = options;
    const isNumeric = !period.isUnresolved() && isKnown(datapointsToAlarm);
    const seconds = isNumeric ? period.toSeconds() * datapointsToAlarm : undefined;
    this._timing = { name: watched.id, seconds, isExisting: false };
  }

  public _bind(scope: Construct, { projectName, target }: DeploymentAlarmBindOptions): cloudwatch.AlarmBase {
    const { id, meaning, metricName, statistic } = this.watched;
    const { functionName, aliasName } = target;
    if (scope.node.tryFindChild(id)) {
      refuse({
        prop: 'alarms',
        allowed: 'of different kinds',
        described: `two ${id}`,
        remedy: 'create the second one yourself and add it with DeploymentAlarm.existing',
      });
    }
    const { period = Duration.minutes(1), threshold = 1, evaluationPeriods = 1, datapointsToAlarm } = this.options;
    if (metricName === 'Duration') {
      requireReachable('duration', threshold, target.timeout);
    }
    return new cloudwatch.Alarm(scope, id, {
      alarmName: `${projectName}-${id}`,
      alarmDescription: `Stops a deployment of ${projectName} and rolls it back: ${meaning}`,
      // The metrics cover both versions of the alias, because the next version is unknown until it is published.
      metric: new cloudwatch.Metric({
        namespace: 'AWS/Lambda',
        metricName,
        statistic,
        period,
        dimensionsMap: { FunctionName: functionName, Resource: `${functionName}:${aliasName}` },
      }),
      threshold,
      evaluationPeriods,
      datapointsToAlarm,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: this.options.treatMissingData ?? cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}

class ExistingAlarm extends DeploymentAlarm {
  public readonly _timing: TimedAlarm;

  constructor(private readonly alarm: cloudwatch.IAlarm) {
    super();
    const { defaultChild, path } = alarm.node;
    const {
      period,
      evaluationPeriods,
      datapointsToAlarm = evaluationPeriods,
    } = defaultChild instanceof cloudwatch.CfnAlarm ? defaultChild : ({} as Partial<cloudwatch.CfnAlarm>);
    const isNumeric = isKnown(period) && isKnown(datapointsToAlarm);
    this._timing = { name: path, seconds: isNumeric ? period * datapointsToAlarm : undefined, isExisting: true };
  }

  public _bind(scope: Construct): cloudwatch.AlarmBase {
    requireSamePlace(scope, 'alarm of DeploymentAlarm.existing', this.alarm, this.alarm.alarmArn);
    if (!isAlarmBase(this.alarm)) {
      refuse({
        prop: 'alarm of DeploymentAlarm.existing',
        allowed: 'an alarm of the CDK: cloudwatch.Alarm, cloudwatch.CompositeAlarm, or an imported alarm',
        described: `${this.alarm.node.path}, which has no addAlarmAction`,
        remedy: 'import the alarm with cloudwatch.Alarm.fromAlarmArn',
      });
    }
    return this.alarm;
  }
}

/** The app may have two copies of the CDK, so the class does not decide. */
function isAlarmBase(alarm: cloudwatch.IAlarm): alarm is cloudwatch.AlarmBase {
  return typeof (alarm as Partial<cloudwatch.AlarmBase>).addAlarmAction === 'function';
}

class AlarmOnVersion extends DeploymentAlarm {
  public readonly _timing: TimedAlarm;

  constructor(
    private readonly versionAlarm: VersionAlarm,
    seconds: number | undefined,
    private readonly maximum?: Duration,
  ) {
    super();
    this._timing = { name: versionAlarm.name, seconds, isExisting: false, isOnVersion: true };
  }

  public _bind(_scope: Construct, { target }: DeploymentAlarmBindOptions): VersionAlarm {
    if (this.maximum) {
      requireReachable('latency', this.maximum.toMilliseconds(), target.timeout);
    }
    return this.versionAlarm;
  }
}

/** A function ends at its timeout, so a longer duration never occurs. */
function requireReachable(factory: string, milliseconds: number, timeout: Duration | undefined): void {
  if (timeout && !timeout.isUnresolved() && isKnown(milliseconds) && milliseconds > timeout.toMilliseconds()) {
    refuse({
      prop: `maximum of DeploymentAlarm.${factory}`,
      allowed: `at most the timeout of the function, ${timeout.toHumanString()}`,
      given: Duration.millis(milliseconds),
      remedy: 'use a shorter maximum, or a longer timeout of the function',
    });
  }
}

function validate(
  id: string,
  { threshold, period, evaluationPeriods, datapointsToAlarm }: DeploymentAlarmOptions,
): void {
  if (isKnown(threshold) && threshold <= 0) {
    refuse({
      prop: `threshold of ${id}`,
      allowed: 'greater than 0',
      given: threshold,
      remedy: 'the alarm fires at or above the threshold, so a threshold of 1 tolerates none',
    });
  }
  requirePeriod(`period of ${id}`, period);
  requireInteger(
    `evaluationPeriods of ${id}`,
    evaluationPeriods,
    1,
    1440,
    'use 1 or 2 to detect a bad version in time',
  );
  requireInteger(
    `datapointsToAlarm of ${id}`,
    datapointsToAlarm,
    1,
    evaluationPeriods ?? 1,
    'use at most the number of evaluationPeriods',
  );
}

function requirePeriod(prop: string, period: Duration | undefined): void {
  if (period?.isUnresolved()) {
    refuse({
      prop,
      allowed: 'known at synthesis, because the CDK checks the period of a metric',
      given: period,
      remedy: 'for example Duration.minutes(1)',
    });
  }
  const seconds = period?.toSeconds({ integral: false });
  if (
    seconds !== undefined &&
    !([10, 20, 30].includes(seconds) || (seconds >= 60 && seconds <= 86400 && seconds % 60 === 0))
  ) {
    refuse({
      prop,
      allowed: '10, 20, or 30 seconds, or whole minutes up to a day',
      given: period,
      remedy: 'for example Duration.minutes(1)',
    });
  }
}
