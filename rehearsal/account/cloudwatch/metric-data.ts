import type { Account } from '../account';
import { MetricDataQuery, Metrics } from './metrics';

/** GetMetricData. Times are in seconds since 1970. */
export interface MetricDataInput {
  readonly MetricDataQueries: MetricDataQuery[];
  readonly StartTime: number;
  readonly EndTime: number;
}

/** Returns the values of metrics. Minutes without data have no value. */
export function getMetricData(account: Account, metrics: Metrics, input: MetricDataInput) {
  const { MetricDataQueries, StartTime, EndTime, ...unknown } = input;
  const expression = MetricDataQueries.find(({ MetricStat }) => !MetricStat);
  if (Object.keys(unknown).length > 0 || expression) {
    throw account.refuse(`GetMetricData with ${[...Object.keys(unknown), expression?.Expression].join(' ')}`);
  }
  const end = Math.min(EndTime * 1000, account.clock.now());
  return {
    MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => {
      const { Metric, Period, Stat } = MetricStat!;
      const points = metrics
        .between('GetMetricData', { ...Metric, Period, Statistic: Stat }, StartTime * 1000, end)
        .filter(({ value }) => value !== undefined);
      return {
        Id,
        Label: Metric.MetricName,
        Timestamps: points.map(({ time }) => time / 1000),
        Values: points.map(({ value }) => value),
        StatusCode: 'Complete',
      };
    }),
    Messages: [],
  };
}
