import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { isKnown, refuse, requireInteger } from './private/validation';

/** Options of an alarm that watches the alias. */
export interface DeploymentAlarmOptions {
  /**
   * The value from which on the alarm goes off.
   *
   * @default 1
   */
  readonly threshold?: number;

  /**
   * Time over which the metric is summed up: 10, 20 or 30 seconds or whole minutes, at most a day.
   *
   * @default Duration.minutes(1)
   */
  readonly period?: Duration;

  /**
   * Number of periods that are looked at. The bake time has to be longer than all of them together, or the alarm can't go off in time.
   *
   * @default 1
   */
  readonly evaluationPeriods?: number;

  /**
   * Number of those periods that have to reach the threshold.
   *
   * @default - all of them
   */
  readonly datapointsToAlarm?: number;

  /**
   * What a period without data means.
   *
   * @default TreatMissingData.NOT_BREACHING - a function that nobody calls is well
   */
  readonly treatMissingData?: cloudwatch.TreatMissingData;
}

/** Options of `DeploymentAlarm.duration`. */
export interface DurationAlarmOptions extends DeploymentAlarmOptions {
  /** The duration from which on the alarm goes off; instead of `threshold`. */
  readonly maximum: Duration;

  /**
   * Which duration of a period counts.
   *
   * @default 'p99'
   */
  readonly statistic?: string;
}

/**
 * What an alarm is made for.
 *
 * @internal
 */
export interface DeploymentAlarmBindOptions {
  readonly projectName: string;
  readonly functionName: string;
  readonly aliasName: string;
}

/**
 * An alarm that stops a deployment and rolls it back. CodeDeploy takes ten at most. An alarm of CloudWatch costs about $0.10 a month.
 *
 * @example
 * const alarms = [DeploymentAlarm.errors({ threshold: 5 }), DeploymentAlarm.throttles(), DeploymentAlarm.duration({ maximum: Duration.seconds(3) })];
 */
export abstract class DeploymentAlarm {
  /** Invocations of the alias that ended with an error. A canary of 10 % that always fails is an error rate of 10 %: keep the threshold below that. */
  public static errors(options: DeploymentAlarmOptions = {}): DeploymentAlarm {
    return new MetricAlarm(
      { id: 'LambdaErrorsAlarm', meaning: 'the alias has errors', metricName: 'Errors', statistic: 'Sum' },
      options,
    );
  }

  /** Invocations of the alias that were throttled: these count neither as invocations nor as errors. */
  public static throttles(options: DeploymentAlarmOptions = {}): DeploymentAlarm {
    return new MetricAlarm(
      { id: 'LambdaThrottlesAlarm', meaning: 'the alias is throttled', metricName: 'Throttles', statistic: 'Sum' },
      options,
    );
  }

  /** Invocations of the alias that take too long. */
  public static duration(options: DurationAlarmOptions): DeploymentAlarm {
    if (options.threshold !== undefined) {
      refuse({
        prop: 'threshold of DeploymentAlarm.duration',
        allowed: 'left out',
        given: options.threshold,
        remedy: 'give maximum, which has a unit',
      });
    }
    const statistic = options.statistic ?? 'p99';
    return new MetricAlarm(
      { id: 'LambdaDurationAlarm', meaning: 'the alias is slow', metricName: 'Duration', statistic },
      { ...options, threshold: options.maximum.toMilliseconds() },
    );
  }

  /**
   * An alarm that exists.
   *
   * @param alarm of any kind, in the account and region of the pipeline: composite alarms and alarms on metrics of your own too
   */
  public static existing(alarm: cloudwatch.IAlarm): DeploymentAlarm {
    return new ExistingAlarm(alarm);
  }

  /** @internal */
  public abstract _bind(scope: Construct, options: DeploymentAlarmBindOptions): cloudwatch.IAlarm;
}

interface WatchedMetric {
  readonly id: string;
  readonly meaning: string;
  readonly metricName: string;
  readonly statistic: string;
}

class MetricAlarm extends DeploymentAlarm {
  constructor(
    private readonly watched: WatchedMetric,
    private readonly options: DeploymentAlarmOptions,
  ) {
    super();
    validate(watched.id, options);
  }

  public _bind(
    scope: Construct,
    { projectName, functionName, aliasName }: DeploymentAlarmBindOptions,
  ): cloudwatch.IAlarm {
    const { id, meaning, metricName, statistic } = this.watched;
    if (scope.node.tryFindChild(id)) {
      refuse({
        prop: 'alarms',
        allowed: 'of each kind once',
        given: `${id} twice`,
        remedy: 'make the second one yourself and add it with DeploymentAlarm.existing',
      });
    }
    const {
      period = Duration.minutes(1),
      threshold = 1,
      evaluationPeriods = 1,
      datapointsToAlarm,
      treatMissingData,
    } = this.options;
    return new cloudwatch.Alarm(scope, id, {
      alarmName: `${projectName}-${id}`,
      alarmDescription: `Stops a deployment of ${projectName} and rolls it back: ${meaning}`,
      // The metrics of the alias as a whole, both versions together: which version comes next is known only when it is published.
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
      treatMissingData: treatMissingData ?? cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}

class ExistingAlarm extends DeploymentAlarm {
  constructor(private readonly alarm: cloudwatch.IAlarm) {
    super();
  }

  public _bind(): cloudwatch.IAlarm {
    return this.alarm;
  }
}

function validate(
  id: string,
  { threshold, period, evaluationPeriods, datapointsToAlarm }: DeploymentAlarmOptions,
): void {
  if (isKnown(threshold) && threshold <= 0) {
    refuse({
      prop: `threshold of ${id}`,
      allowed: 'more than 0',
      given: threshold,
      remedy: 'the alarm goes off at the threshold and above it, so 1 tolerates none at all',
    });
  }
  const seconds = period?.isUnresolved() ? undefined : period?.toSeconds();
  if (
    seconds !== undefined &&
    !([10, 20, 30].includes(seconds) || (seconds >= 60 && seconds <= 86400 && seconds % 60 === 0))
  ) {
    refuse({
      prop: `period of ${id}`,
      allowed: '10, 20 or 30 seconds or whole minutes up to a day',
      given: `${seconds} seconds`,
      remedy: 'use Duration.minutes(1)',
    });
  }
  requireInteger(
    `evaluationPeriods of ${id}`,
    evaluationPeriods,
    1,
    1440,
    'one or two periods see a bad version in time',
  );
  requireInteger(
    `datapointsToAlarm of ${id}`,
    datapointsToAlarm,
    1,
    evaluationPeriods ?? 1,
    'it counts among the evaluationPeriods',
  );
}
