import type { Account } from '../account';
import { evaluateAlarmRule } from './alarm-rule';
import { getMetricData, MetricDataInput } from './metric-data';
import { MetricDataQuery, MetricProperties, Metrics } from './metrics';
import { AwsError, NotRehearsedError } from '../../base/aws-error';
import { Operation, Service } from '../service';

type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

const COMPARISONS: Record<string, (value: number, threshold: number) => boolean> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

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
  readonly AlarmNamePrefix?: string;
}

/** PutMetricAlarm */
type PutInput = AlarmProperties & { readonly AlarmName: string };

/** DeleteAlarms */
interface DeleteInput {
  readonly AlarmNames: string[];
}

/** The alarms of the templates, evaluated with the real invocations. */
export class CloudWatch implements Service {
  readonly prefix = 'cloudwatch';

  readonly operations: Record<string, Operation> = {
    DescribeAlarms: {
      resources: (input: DescribeInput) => this.arns(input),
      run: (input: DescribeInput) => this.describe(input),
    },
    PutMetricAlarm: {
      resources: ({ AlarmName }: PutInput) => [this.alarmArn(AlarmName)],
      run: (input: PutInput) => this.put(input),
    },
    DeleteAlarms: {
      resources: ({ AlarmNames }: DeleteInput) => AlarmNames.map((name) => this.alarmArn(name)),
      run: (input: DeleteInput) => this.delete(input),
    },
    GetMetricData: {
      resources: () => ['*'],
      run: (input: MetricDataInput) => getMetricData(this.account, this.metrics, input),
    },
  };

  /** The alarms of the templates. */
  private readonly alarms = new Map<string, AlarmProperties>();
  private readonly compositeAlarms = new Map<string, string>();

  private readonly metrics: Metrics;

  constructor(private readonly account: Account) {
    this.metrics = new Metrics(account);
  }

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

  /** The alarms of the templates, and those from PutMetricAlarm. */
  private allAlarms(): Map<string, AlarmProperties> {
    return new Map([...this.alarms, ...Object.entries(this.account.state.alarms)]);
  }

  private put(input: PutInput) {
    const returned = (input.Metrics ?? []).filter(({ ReturnData }) => ReturnData !== false);
    if (input.Metrics && returned.length !== 1) {
      throw new AwsError(400, 'ValidationError', 'Exactly one element of the metrics list should return data.');
    }
    this.account.state.alarms[input.AlarmName] = input;
    return {};
  }

  private delete({ AlarmNames }: DeleteInput) {
    const unknown = AlarmNames.filter((name) => !this.allAlarms().has(name));
    AlarmNames.forEach((name) => {
      this.alarms.delete(name);
      delete this.account.state.alarms[name];
    });
    if (unknown.length > 0) {
      throw new AwsError(404, 'ResourceNotFound', `Unknown alarms: ${unknown.join(', ')}`);
    }
    return {};
  }

  private describe(input: DescribeInput) {
    const unknown = Object.keys(input).filter(
      (key) => !['AlarmNames', 'AlarmNamePrefix', 'MaxRecords', 'AlarmTypes', 'StateValue'].includes(key),
    );
    if (unknown.length > 0) {
      throw this.account.refuse(`DescribeAlarms with ${unknown.join(', ')}`);
    }
    const wanted = (name: string) =>
      (!input.AlarmNames || input.AlarmNames.includes(name)) && name.startsWith(input.AlarmNamePrefix ?? '');
    const alarms = [...this.allAlarms()].filter(([name]) => wanted(name)).map((entry) => this.describeAlarm(...entry));
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
    const alarm = this.allAlarms().get(name);
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
      ? this.metrics.math(`alarm ${name}`, alarm.Metrics, alarm.EvaluationPeriods)
      : this.metrics.lastPeriods(`alarm ${name}`, alarm, alarm.EvaluationPeriods);
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
}
