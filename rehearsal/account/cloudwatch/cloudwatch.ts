import { Account } from '../account';
import { evaluateAlarmRule } from './alarm-rule';
import { evaluateExpression } from './metric-math';
import { NotRehearsedError } from '../../base/aws-error';
import { list } from '../iam/condition';
import { Operation, Service } from '../service';

/** One invocation, as the metrics see it. */
export interface Sample {
  readonly time: number;
  readonly functionName: string;
  /** `function`, or `function:alias` as it was invoked. */
  readonly resource: string;
  /** The version that ran. */
  readonly version: string;
  readonly durationMs: number;
  readonly error: boolean;
}

type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** The values of a metric by period, the latest last; undefined where there is no data. */
export type Series = (number | undefined)[];

const COMPARISONS: Record<string, (value: number, threshold: number) => boolean> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

const METRICS: Record<string, (sample: Sample) => number> = {
  Invocations: () => 1,
  Errors: (sample) => Number(sample.error),
  Throttles: () => 0, // nothing here ever throttles
  Duration: (sample) => sample.durationMs,
};

const DIMENSIONS: Record<string, (sample: Sample) => string> = {
  FunctionName: (sample) => sample.functionName,
  Resource: (sample) => sample.resource,
  ExecutedVersion: (sample) => sample.version,
};

/** The alarms of the templates, computed from the invocations that really took place. */
export class CloudWatch implements Service {
  readonly prefix = 'cloudwatch';

  readonly operations: Record<string, Operation> = {
    DescribeAlarms: { resources: (input) => this.arns(input), run: (input) => this.describe(input) },
  };

  private readonly alarms = new Map<string, any>();
  private readonly compositeAlarms = new Map<string, string>();

  constructor(private readonly account: Account) {}

  /** Adds an alarm under the properties of its resource. */
  addAlarm(name: string, properties: any): void {
    this.alarms.set(name, properties);
  }

  /** Adds a composite alarm with its rule. */
  addCompositeAlarm(name: string, rule: string): void {
    this.compositeAlarms.set(name, rule);
  }

  alarmArn(name: string): string {
    return this.account.arn('cloudwatch', `alarm:${name}`);
  }

  private arns(input: any): string[] {
    return list<string>(input.AlarmNames ?? ['*']).map((name) => this.alarmArn(name));
  }

  private describe(input: any) {
    const unknown = Object.keys(input).filter(
      (key) => !['AlarmNames', 'MaxRecords', 'AlarmTypes', 'StateValue'].includes(key),
    );
    if (unknown.length > 0) {
      throw this.account.refuse(`DescribeAlarms with ${unknown.join(', ')}`);
    }
    const asked = (name: string) => !input.AlarmNames || input.AlarmNames.includes(name);
    const alarms = [...this.alarms.keys()].filter(asked).map((name) => this.describeAlarm(name, this.alarms.get(name)));
    const composites = [...this.compositeAlarms.keys()].filter(asked).map((name) => this.describeComposite(name));
    const types = input.AlarmTypes ?? ['MetricAlarm']; // composite alarms are told of on request only
    const inState = (alarm: { StateValue: string }) => !input.StateValue || alarm.StateValue === input.StateValue;
    return {
      CompositeAlarms: types.includes('CompositeAlarm') ? composites.filter(inState) : [],
      MetricAlarms: types.includes('MetricAlarm') ? alarms.filter(inState) : [],
    };
  }

  private describeComposite(name: string) {
    const rule = this.compositeAlarms.get(name)!;
    const state = this.compositeState(name);
    return {
      AlarmName: name,
      AlarmArn: this.alarmArn(name),
      AlarmRule: rule,
      StateValue: state,
      StateReason: `${rule} is ${state === 'ALARM'}`,
    };
  }

  private compositeState(name: string): AlarmState {
    return evaluateAlarmRule(this.compositeAlarms.get(name)!, (alarm) =>
      this.stateOf(alarm.replace(/^arn:.*:alarm:/, '')),
    )
      ? 'ALARM'
      : 'OK';
  }

  private stateOf(name: string): AlarmState {
    if (this.compositeAlarms.has(name)) {
      return this.compositeState(name);
    }
    if (!this.alarms.has(name)) {
      throw new NotRehearsedError(`the alarm ${name} of a composite alarm: it is in none of the templates`);
    }
    return this.evaluate(name, this.alarms.get(name)).state;
  }

  private describeAlarm(name: string, alarm: any) {
    const { state, reason } = this.evaluate(name, alarm);
    this.account.state.alarmStates[name] = state;
    return {
      AlarmName: name,
      AlarmArn: this.alarmArn(name),
      StateValue: state,
      StateReason: reason,
      StateUpdatedTimestamp: this.account.clock.now() / 1000,
      MetricName: alarm.MetricName,
      Namespace: alarm.Namespace,
      Dimensions: alarm.Dimensions,
      Statistic: alarm.Statistic,
      ExtendedStatistic: alarm.ExtendedStatistic,
      Period: alarm.Period,
      EvaluationPeriods: alarm.EvaluationPeriods,
      DatapointsToAlarm: alarm.DatapointsToAlarm,
      Threshold: alarm.Threshold,
      ComparisonOperator: alarm.ComparisonOperator,
      TreatMissingData: alarm.TreatMissingData,
    };
  }

  private evaluate(name: string, alarm: any): { state: AlarmState; reason: string } {
    const breaches = COMPARISONS[alarm.ComparisonOperator];
    if (!breaches) {
      throw this.account.refuse(`the comparison ${alarm.ComparisonOperator} (alarm ${name})`);
    }
    const values = alarm.Metrics ? this.mathSeries(name, alarm) : this.series(name, alarm, alarm.EvaluationPeriods);
    const treatment = alarm.TreatMissingData ?? 'missing';
    const points = values.map((value) =>
      value === undefined ? treatment === 'breaching' : breaches(value, alarm.Threshold),
    );
    const needed = alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods;
    const shown = values.map((value) => value ?? 'no data').join(', ');
    const breaching = points.filter(Boolean).length;
    if (values.every((value) => value === undefined) && treatment === 'missing') {
      return { state: 'INSUFFICIENT_DATA', reason: 'No datapoints were received.' };
    }
    if (values.every((value) => value === undefined) && treatment === 'ignore') {
      return { state: this.lastState(name), reason: 'No datapoints were received.' };
    }
    const reason = `Threshold Crossed: ${breaching} out of the last ${points.length} datapoints [${shown}] breached: ${alarm.ComparisonOperator} ${alarm.Threshold}`;
    return breaching >= needed
      ? { state: 'ALARM', reason: `${reason} (minimum ${needed} datapoints for OK -> ALARM transition).` }
      : { state: 'OK', reason: `${reason} (fewer than ${needed}).` };
  }

  private lastState(name: string): AlarmState {
    return (this.account.state.alarmStates[name] as AlarmState | undefined) ?? 'INSUFFICIENT_DATA';
  }

  private mathSeries(name: string, alarm: any): Series {
    const series: Record<string, Series> = {};
    for (const metric of alarm.Metrics.filter((part: any) => part.MetricStat)) {
      const { Metric, Period, Stat } = metric.MetricStat;
      series[metric.Id] = this.series(name, { ...Metric, Period, Statistic: Stat }, alarm.EvaluationPeriods);
    }
    const answer = alarm.Metrics.find((part: any) => part.ReturnData !== false);
    if (answer.MetricStat) {
      return series[answer.Id];
    }
    return Array.from({ length: alarm.EvaluationPeriods }, (_, index) => {
      const values = Object.fromEntries(Object.entries(series).map(([id, points]) => [id, points[index]]));
      return evaluateExpression(answer.Expression, values);
    });
  }

  /** A metric's values of the last periods that are over. */
  private series(name: string, metric: any, periods: number): Series {
    const period = metric.Period * 1000;
    const end = Math.floor(this.account.clock.now() / period) * period;
    const samples = this.samplesOf(name, metric);
    return Array.from({ length: periods }, (_, index) => {
      const from = end - (periods - index) * period;
      const values = samples.filter(({ time }) => time >= from && time < from + period).map(METRICS[metric.MetricName]);
      return values.length === 0 ? undefined : statistic(metric.Statistic ?? metric.ExtendedStatistic, values);
    });
  }

  private samplesOf(name: string, metric: any): Sample[] {
    const dimensions: { Name: string; Value: string }[] = metric.Dimensions ?? [];
    const unknown = dimensions.find((dimension) => !DIMENSIONS[dimension.Name]);
    if (metric.Namespace !== 'AWS/Lambda' || !METRICS[metric.MetricName] || unknown) {
      throw this.account.refuse(
        `the metric ${metric.Namespace} ${metric.MetricName}${unknown ? ` by ${unknown.Name}` : ''} (alarm ${name})`,
      );
    }
    return this.account.state.samples.filter((sample) =>
      dimensions.every(({ Name, Value }) => DIMENSIONS[Name](sample) === Value),
    );
  }
}

/** A statistic of the values of one period. */
export function statistic(name: string, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const percentile = /^p(\d+(?:\.\d+)?)$/.exec(name);
  if (percentile) {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil((sorted.length * Number(percentile[1])) / 100) - 1)];
  }
  switch (name) {
    case 'Sum':
      return sum;
    case 'Average':
      return sum / values.length;
    case 'Maximum':
      return Math.max(...values);
    case 'Minimum':
      return Math.min(...values);
    case 'SampleCount':
      return values.length;
    default:
      throw new NotRehearsedError(`the statistic ${name}`);
  }
}
