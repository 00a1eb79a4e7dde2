import { Dimension, MetricStat } from '@aws-sdk/client-cloudwatch';
import { Settings } from '../base/settings';
import { VersionAlarm, VersionMetric } from '../contract';

/** A metric and its statistic, for any period. */
export type Metric = Pick<MetricStat, 'Metric' | 'Stat'>;

/** The version whose data a metric has; undefined for all versions of the alias. */
export type Version = string | undefined;

/** The invocations of a version, or the metric that replaces them. */
export function totalOf(settings: Settings, { total }: VersionAlarm, version: Version): Metric {
  return total ? userMetric(total, version) : lambdaMetric(settings, 'Invocations', 'Sum', version);
}

/** The failures of a version. */
export function failuresOf(settings: Settings, alarm: VersionAlarm, version: Version): Metric {
  if (alarm.failures) {
    return userMetric(alarm.failures, version);
  }
  // A trimmed count: the number of invocations that take longer.
  return alarm.slowMilliseconds === undefined
    ? lambdaMetric(settings, 'Errors', 'Sum', version)
    : lambdaMetric(settings, 'Duration', `TC(${alarm.slowMilliseconds}:)`, version);
}

/**
 * A metric of Lambda. The metrics by version have data only with all three dimensions, and perhaps only while the alias
 * splits its traffic: https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
 */
export function lambdaMetric(
  { functionName, aliasName }: Settings,
  MetricName: string,
  Stat: string,
  version: Version,
): Metric {
  const dimensions = {
    FunctionName: functionName,
    Resource: `${functionName}:${aliasName}`,
    ...(version === undefined ? {} : { ExecutedVersion: version }),
  };
  return { Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions: render(dimensions) }, Stat };
}

function userMetric({ namespace, metricName, dimensions, versionDimension }: VersionMetric, version: Version): Metric {
  return {
    Metric: {
      Namespace: namespace,
      MetricName: metricName,
      Dimensions: render({ ...dimensions, ...(version === undefined ? {} : { [versionDimension]: version }) }),
    },
    Stat: 'Sum',
  };
}

function render(dimensions: Record<string, string>): Dimension[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
