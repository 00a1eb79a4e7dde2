import type { Account } from '../account';
import { evaluateExpression } from './metric-math';
import { statistic } from './statistic';
import { NotRehearsedError } from '../../base/aws-error';

/** An invocation as the metrics count it. */
export interface Sample {
  readonly time: number;
  readonly functionName: string;
  /** The invoked resource: `function` or `function:alias`. */
  readonly resource: string;
  /** The version that ran. */
  readonly version: string;
  /** Whether the alias split its traffic between two versions. */
  readonly isWeighted?: boolean;
  readonly durationMs: number;
  readonly error: boolean;
}

/** A value of a metric that a function of the user writes. */
export interface MetricValue {
  readonly time: number;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, string>;
  readonly value: number;
}

/** The values of a metric by period, the latest last; undefined without data. */
export type Series = (number | undefined)[];

/** A metric with its statistic. */
export interface MetricProperties {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: { readonly Name: string; readonly Value: string }[];
  readonly Period: number;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
}

/** A metric or an expression. */
export interface MetricDataQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: {
    readonly Metric: Pick<MetricProperties, 'Namespace' | 'MetricName' | 'Dimensions'>;
    readonly Period: number;
    readonly Stat: string;
  };
}

const METRICS: Record<string, (sample: Sample) => number> = {
  Invocations: () => 1,
  Errors: (sample) => Number(sample.error),
  Throttles: () => 0, // the stand-in never throttles
  Duration: (sample) => sample.durationMs,
};

/** A version has metrics only while the alias splits its traffic: the stricter of the two possibilities. */
const DIMENSIONS: Record<string, (sample: Sample) => string> = {
  FunctionName: (sample) => sample.functionName,
  Resource: (sample) => sample.resource,
  ExecutedVersion: (sample) => (sample.isWeighted ? sample.version : ''),
};

const MINUTE = 60_000;

/** The metrics of Lambda, by the real invocations, and those that functions of the user write. */
export class Metrics {
  constructor(private readonly account: Account) {}

  /**
   * Returns the values of a metric for the last periods that are complete. A period of several minutes slides from
   * minute to minute: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
   */
  lastPeriods(user: string, metric: MetricProperties, periods: number): Series {
    const period = metric.Period * 1000;
    const step = Math.min(period, MINUTE);
    const end = Math.floor(this.account.clock.now() / step) * step;
    const start = end - periods * period;
    return this.between(user, metric, start, end).map(({ value }) => value);
  }

  /** Returns the values of a metric in each period between two times. */
  between(
    user: string,
    metric: MetricProperties,
    start: number,
    end: number,
  ): { readonly time: number; readonly value: number | undefined }[] {
    const period = metric.Period * 1000;
    const points = this.pointsOf(user, metric);
    return Array.from({ length: Math.ceil((end - start) / period) }, (_, index) => {
      const time = start + index * period;
      const values = points.filter((point) => point.time >= time && point.time < time + period);
      return {
        time,
        value:
          values.length === 0
            ? undefined
            : statistic(
                statisticOf(metric),
                values.map(({ value }) => value),
              ),
      };
    });
  }

  /** Returns the values of the metric or of the expression whose data an alarm reads. */
  math(user: string, queries: readonly MetricDataQuery[], periods: number): Series {
    const series: Record<string, Series> = {};
    for (const { Id, Expression = '', MetricStat } of queries) {
      if (MetricStat) {
        const { Metric, Period, Stat } = MetricStat;
        series[Id] = this.lastPeriods(user, { ...Metric, Period, Statistic: Stat }, periods);
      } else {
        const known = { ...series };
        series[Id] = Array.from({ length: periods }, (_, index) => {
          const values = Object.fromEntries(Object.entries(known).map(([id, points]) => [id, points[index]]));
          return evaluateExpression(Expression, values);
        });
      }
    }
    return series[queries.find(({ ReturnData }) => ReturnData !== false)!.Id];
  }

  private pointsOf(user: string, { Namespace, MetricName = '', Dimensions = [] }: MetricProperties) {
    if (Namespace !== 'AWS/Lambda') {
      return this.valuesOf(user, { Namespace, MetricName, Dimensions });
    }
    const unknown = Dimensions.find((dimension) => !DIMENSIONS[dimension.Name]);
    const value = METRICS[MetricName];
    if (!value || unknown) {
      throw this.account.refuse(
        `the metric ${Namespace} ${MetricName}${unknown ? ` by ${unknown.Name}` : ''} (${user})`,
      );
    }
    return this.account.state.samples
      .filter((sample) => Dimensions.every(({ Name, Value }) => DIMENSIONS[Name](sample) === Value))
      .map((sample) => ({ time: sample.time, value: value(sample) }));
  }

  /** The metrics of other services are unknown. A metric of a function has no data until the function writes it. */
  private valuesOf(user: string, { Namespace = '', MetricName, Dimensions = [] }: Omit<MetricProperties, 'Period'>) {
    if (Namespace.startsWith('AWS/')) {
      throw this.account.refuse(`the metric ${Namespace} ${MetricName} (${user})`);
    }
    return this.account.state.metricValues.filter(
      ({ namespace, metricName, dimensions }) =>
        namespace === Namespace &&
        metricName === MetricName &&
        Object.keys(dimensions).length === Dimensions.length &&
        Dimensions.every(({ Name, Value }) => dimensions[Name] === Value),
    );
  }
}

function statisticOf({ Statistic, ExtendedStatistic }: MetricProperties): string {
  const name = Statistic ?? ExtendedStatistic;
  if (!name) {
    throw new NotRehearsedError('a metric without a statistic');
  }
  return name;
}
