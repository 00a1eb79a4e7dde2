import { GetMetricDataCommand, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { Versions } from './alarm-input';
import { failuresOf, lambdaMetric, Metric, totalOf, Version } from './metrics';
import { VersionCounts } from './rule';
import { cloudWatch } from '../aws/clients';
import { systemUnavailable } from '../base/failure';
import { Settings } from '../base/settings';
import { VersionAlarm } from '../contract';

/** A deployment whose versions are measured. */
export interface MeasuredDeployment extends Versions {
  /** The first traffic shift. */
  readonly start: Date;
  /** The last traffic shift; undefined while both versions have traffic. */
  readonly shifted?: Date;
  /** The end of the deployment, or now. */
  readonly end: Date;
}

/** The invocations of a version during a deployment. */
export interface Traffic {
  readonly invocations: number;
  readonly errors: number;
  /** The sum of all durations. */
  readonly milliseconds: number;
}

/** The metrics of both versions since the first traffic shift. */
export interface Measurement {
  readonly counts: VersionCounts[];
  readonly target: Traffic;
  /** The traffic of the current version in the minutes in which both versions had traffic. */
  readonly current: Traffic;
  /** The traffic of the alias in the minutes before the shift. */
  readonly before: Traffic;
}

/** The values of a metric by the beginning of the minute. */
type Series = ReadonlyMap<number, number>;

/** A metric of both versions, and of the alias if the metric does not need the dimension of the version. */
interface Measured {
  readonly target: Series;
  readonly current: Series;
  readonly alias?: Series;
}

const MINUTE = 60_000;
/** How many minutes before the shift are measured. */
export const MINUTES_BEFORE = 5;

const floor = (time: Date): number => Math.floor(time.getTime() / MINUTE) * MINUTE;

/**
 * Measures the versions of a deployment, and counts for each alarm. After the last shift, all invocations of the alias
 * are invocations of the target version, so these minutes need no metrics by version, which may not exist then.
 */
export async function measure(
  settings: Settings,
  alarms: readonly VersionAlarm[],
  deployment: MeasuredDeployment,
): Promise<Measurement> {
  const reader = new MetricReader(deployment);
  const invocations = reader.add((version) => lambdaMetric(settings, 'Invocations', 'Sum', version));
  const errors = reader.add((version) => lambdaMetric(settings, 'Errors', 'Sum', version));
  const milliseconds = reader.add((version) => lambdaMetric(settings, 'Duration', 'Sum', version));
  const counted = alarms.map((alarm) => ({
    total: reader.add((version) => totalOf(settings, alarm, version), alarm.total === undefined),
    failures: reader.add((version) => failuresOf(settings, alarm, version), alarm.failures === undefined),
  }));
  await reader.read();
  const trafficBy = (sum: (measured: Measured) => number): Traffic => ({
    invocations: sum(invocations()),
    errors: sum(errors()),
    milliseconds: sum(milliseconds()),
  });
  const { sumTarget, sumCurrent, sumBefore } = sumsOf(deployment);
  return {
    counts: counted.map(({ total, failures }) => ({
      target: counts(sumTarget(total()), sumTarget(failures())),
      current: counts(sumCurrent(total()), sumCurrent(failures())),
    })),
    target: trafficBy(sumTarget),
    current: trafficBy(sumCurrent),
    before: trafficBy(sumBefore),
  };
}

/** There can be more failures than invocations, because the two metrics arrive at different times. */
function counts(total: number, failures: number): { total: number; failures: number } {
  return { total, failures: Math.min(failures, total) };
}

function sumsOf({ start, shifted, end }: MeasuredDeployment) {
  const first = floor(start);
  const last = shifted ? floor(shifted) : Infinity;
  const add = (series: Series | undefined, isIncluded: (minute: number) => boolean): number =>
    [...(series ?? [])].filter(([minute]) => isIncluded(minute)).reduce((sum, [, value]) => sum + value, 0);
  return {
    sumTarget: ({ target, alias }: Measured) =>
      add(target, (minute) => minute >= first && (minute <= last || !alias)) +
      add(alias, (minute) => minute > last && minute + MINUTE <= end.getTime()),
    sumCurrent: ({ current }: Measured) => add(current, (minute) => minute > first && minute < last),
    sumBefore: ({ alias }: Measured) => add(alias, (minute) => minute < first),
  };
}

/** Reads several metrics with one call. */
class MetricReader {
  private readonly queries: MetricDataQuery[] = [];
  private readonly series = new Map<string, Map<number, number>>();

  constructor(private readonly deployment: MeasuredDeployment) {}

  /** Adds a metric to the call. The result is available after `read`. */
  add(metricOf: (version: Version) => Metric, hasAlias = true): () => Measured {
    const { targetVersion, currentVersion } = this.deployment;
    const target = this.query(metricOf(targetVersion));
    const current = this.query(metricOf(currentVersion));
    const alias = hasAlias ? this.query(metricOf(undefined)) : undefined;
    const read = (id: string): Series => this.series.get(id) ?? new Map();
    return () => ({
      target: read(target),
      current: read(current),
      alias: alias === undefined ? undefined : read(alias),
    });
  }

  async read(): Promise<void> {
    const { start, end } = this.deployment;
    let NextToken: string | undefined;
    do {
      const page = await cloudWatch.send(
        new GetMetricDataCommand({
          MetricDataQueries: this.queries,
          StartTime: new Date(floor(start) - MINUTES_BEFORE * MINUTE),
          EndTime: new Date(floor(end) + MINUTE),
          NextToken,
        }),
      );
      (page.MetricDataResults ?? []).forEach((result) => this.store(result));
      NextToken = page.NextToken;
    } while (NextToken);
  }

  private query(metric: Metric): string {
    const Id = `m${this.queries.length}`;
    this.queries.push({ Id, MetricStat: { ...metric, Period: MINUTE / 1000 } });
    return Id;
  }

  /** A metric that could not be read must not look like a metric without data. */
  private store({ Id = '', Timestamps = [], Values = [], StatusCode, Messages = [] }: MetricDataResult): void {
    if (StatusCode === 'InternalError' || StatusCode === 'Forbidden') {
      const details = Messages.map(({ Value }) => Value).join(' ');
      throw systemUnavailable(`CloudWatch could not read a metric: ${details || StatusCode}. Retry the stage.`);
    }
    const series = this.series.get(Id) ?? new Map<number, number>();
    Timestamps.forEach((time, index) => series.set(floor(time), Values[index]));
    this.series.set(Id, series);
  }
}
