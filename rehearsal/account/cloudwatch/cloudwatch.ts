import type { Account } from '../account';
import { evaluateAlarmRule } from './alarm-rule';
import { evaluateExpression } from './metric-math';
import { statistic } from './statistic';
import { NotRehearsedError } from '../../base/aws-error';
import { Operation, Service } from '../service';

/** An invocation as the metrics count it. */
export interface Sample {
  readonly time: number;
  readonly functionName: string;
  /** The invoked resource: `function` or `function:alias`. */
  readonly resource: string;
  /** The version that ran. */
  readonly version: string;
  readonly durationMs: number;
  readonly error: boolean;
}

type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** The values of a metric by period, the latest last; undefined without data. */
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
  Throttles: () => 0, // the stand-in never throttles
  Duration: (sample) => sample.durationMs,
};

const DIMENSIONS: Record<string, (sample: Sample) => string> = {
  FunctionName: (sample) => sample.functionName,
  Resource: (sample) => sample.resource,
  ExecutedVersion: (sample) => sample.version,
};

/** A metric with its statistic. */
interface MetricProperties {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: { readonly Name: string; readonly Value: string }[];
  readonly Period: number;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
}

/** A metric or an expression of an alarm. */
interface MetricDataQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: {
    readonly Metric: Pick<MetricProperties, 'Namespace' | 'MetricName' | 'Dimensions'>;
    readonly Period: number;
    readonly Stat: string;
  };
}

/** The properties of AWS::CloudWatch::Alarm that the rehearsal reads. */
export interface AlarmProperties extends MetricProperties {
  readonly AlarmName?: string;
  readonly ComparisonOperator: string;
  readonly DatapointsToAlarm?: number;
  readonly EvaluationPeriods: number;
  readonly Metrics?: MetricDataQuery[];
  readonly Threshold: number;
  readonly TreatMissingData?: string;
}

interface DescribeInput {
  readonly AlarmNames?: string[];
  readonly AlarmTypes?: string[];
  readonly StateValue?: AlarmState;
}

/** The alarms of the templates, evaluated with the real invocations. */
export class CloudWatch implements Service {
  readonly prefix = 'cloudwatch';

  readonly operations: Record<string, Operation> = {
    DescribeAlarms: {
      resources: (input: DescribeInput) => this.arns(input),
      run: (input: DescribeInput) => this.describe(input),
    },
  };

  private readonly alarms = new Map<string, AlarmProperties>();
  private readonly compositeAlarms = new Map<string, string>();

  constructor(private readonly account: Account) {}

  /** Adds an alarm. */
  addAlarm(name: string, properties: AlarmProperties): void {
    this.alarms.set(name, properties);
  }

  /** Adds a composite alarm with its rule. */
  addCompositeAlarm(name: string, rule: string): void {
    this.compositeAlarms.set(name, rule);
  }

  alarmArn(name: string): string {
    return this.account.arn('cloudwatch', `alarm:${name}`);
  }

  /** IAM has only the resource `alarm:*`; a request for composite alarms requires a permission for everything. */
  private arns({ AlarmTypes = [] }: DescribeInput): string[] {
    return [AlarmTypes.includes('CompositeAlarm') ? '*' : this.alarmArn('*')];
  }

  private describe(input: DescribeInput) {
    const unknown = Object.keys(input).filter(
      (key) => !['AlarmNames', 'MaxRecords', 'AlarmTypes', 'StateValue'].includes(key),
    );
    if (unknown.length > 0) {
      throw this.account.refuse(`DescribeAlarms with ${unknown.join(', ')}`);
    }
    const wanted = (name: string) => !input.AlarmNames || input.AlarmNames.includes(name);
    const alarms = [...this.alarms].filter(([name]) => wanted(name)).map((entry) => this.describeAlarm(...entry));
    const composites = [...this.compositeAlarms]
      .filter(([name]) => wanted(name))
      .map(([name]) => this.describeComposite(name));
    const types = input.AlarmTypes ?? ['MetricAlarm']; // CloudWatch returns composite alarms only on request
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
      ...this.describeCommon(name),
      AlarmRule: rule,
      StateValue: state,
      StateReason: `${rule} is ${state === 'ALARM'}`,
      StateReasonData: JSON.stringify({ triggeringAlarms: [] }),
    };
  }

  /** The rehearsal has no actions of alarms, and evaluates each alarm whenever somebody asks. */
  private describeCommon(name: string) {
    const now = this.account.clock.now() / 1000;
    return {
      AlarmName: name,
      AlarmArn: this.alarmArn(name),
      AlarmConfigurationUpdatedTimestamp: now,
      StateUpdatedTimestamp: now,
      StateTransitionedTimestamp: now,
      ActionsEnabled: true,
      AlarmActions: [],
      OKActions: [],
      InsufficientDataActions: [],
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
    const alarm = this.alarms.get(name);
    if (!alarm) {
      throw new NotRehearsedError(`the alarm ${name} of a composite alarm: no template contains it`);
    }
    return this.evaluate(name, alarm).state;
  }

  private describeAlarm(name: string, alarm: AlarmProperties) {
    const { state, reason } = this.evaluate(name, alarm);
    this.account.state.alarmStates[name] = state;
    return {
      ...this.describeCommon(name),
      StateValue: state,
      StateReason: reason,
      MetricName: alarm.MetricName,
      Namespace: alarm.Namespace,
      Dimensions: alarm.Dimensions ?? [],
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

  private evaluate(name: string, alarm: AlarmProperties): { state: AlarmState; reason: string } {
    const breaches = COMPARISONS[alarm.ComparisonOperator];
    if (!breaches) {
      throw this.account.refuse(`the comparison ${alarm.ComparisonOperator} (alarm ${name})`);
    }
    const values = alarm.Metrics
      ? this.mathSeries(name, alarm.Metrics, alarm.EvaluationPeriods)
      : this.series(name, alarm, alarm.EvaluationPeriods);
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
    const reason =
      `Threshold Crossed: ${breaching} out of the last ${points.length} datapoints [${shown}] breached: ` +
      `${alarm.ComparisonOperator} ${alarm.Threshold}`;
    return breaching >= needed
      ? { state: 'ALARM', reason: `${reason} (minimum ${needed} datapoints for OK -> ALARM transition).` }
      : { state: 'OK', reason: `${reason} (fewer than ${needed}).` };
  }

  private lastState(name: string): AlarmState {
    return (this.account.state.alarmStates[name] as AlarmState | undefined) ?? 'INSUFFICIENT_DATA';
  }

  private mathSeries(name: string, queries: readonly MetricDataQuery[], periods: number): Series {
    const series: Record<string, Series> = {};
    for (const { Id, MetricStat } of queries) {
      if (MetricStat) {
        const { Metric, Period, Stat } = MetricStat;
        series[Id] = this.series(name, { ...Metric, Period, Statistic: Stat }, periods);
      }
    }
    const returned = queries.find(({ ReturnData }) => ReturnData !== false)!;
    if (returned.MetricStat) {
      return series[returned.Id];
    }
    return Array.from({ length: periods }, (_, index) => {
      const values = Object.fromEntries(Object.entries(series).map(([id, points]) => [id, points[index]]));
      return evaluateExpression(returned.Expression ?? '', values);
    });
  }

  /** Returns the values of a metric for the last complete periods. */
  private series(name: string, metric: MetricProperties, periods: number): Series {
    const period = metric.Period * 1000;
    const end = Math.floor(this.account.clock.now() / period) * period;
    const { samples, value } = this.samplesOf(name, metric);
    return Array.from({ length: periods }, (_, index) => {
      const from = end - (periods - index) * period;
      const values = samples.filter(({ time }) => time >= from && time < from + period).map(value);
      return values.length === 0 ? undefined : statistic(metric.Statistic ?? metric.ExtendedStatistic ?? '', values);
    });
  }

  /** Returns the samples with the dimensions of a metric, and the value of a sample. */
  private samplesOf(name: string, { Namespace, MetricName = '', Dimensions = [] }: MetricProperties) {
    const unknown = Dimensions.find((dimension) => !DIMENSIONS[dimension.Name]);
    const value = METRICS[MetricName];
    if (Namespace !== 'AWS/Lambda' || !value || unknown) {
      throw this.account.refuse(
        `the metric ${Namespace} ${MetricName}${unknown ? ` by ${unknown.Name}` : ''} (alarm ${name})`,
      );
    }
    const samples = this.account.state.samples.filter((sample) =>
      Dimensions.every(({ Name, Value }) => DIMENSIONS[Name](sample) === Value),
    );
    return { samples, value };
  }
}
