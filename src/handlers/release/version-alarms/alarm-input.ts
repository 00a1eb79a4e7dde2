import { MetricDataQuery, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { failuresOf, Metric, totalOf } from './metrics';
import { renderRule } from './rule';
import { Settings } from '../base/settings';
import { VersionAlarm, versionAlarmPrefix } from '../contract';

/** The versions of a deployment. */
export interface Versions {
  readonly currentVersion: string;
  readonly targetVersion: string;
}

/**
 * Returns the name of a version alarm. An alarm that is updated keeps its state, so each deployment needs new names.
 * Each attempt has another job.
 */
export function versionAlarmName(
  { projectName }: Settings,
  { name }: VersionAlarm,
  { targetVersion, jobId }: Versions & { readonly jobId: string },
): string {
  return `${versionAlarmPrefix(projectName)}${targetVersion}-${name}-${jobId.slice(0, 8)}`;
}

/** One period of the length of the window: CloudWatch moves the window every minute. */
export function versionAlarmInput(
  settings: Settings,
  alarm: VersionAlarm,
  deployment: Versions & { readonly jobId: string },
): PutMetricAlarmCommandInput {
  return {
    AlarmName: versionAlarmName(settings, alarm, deployment),
    AlarmDescription:
      `Rolls back version ${deployment.targetVersion} of ${settings.functionName}. ` +
      `The pipeline of ${settings.projectName} deletes this alarm after the deployment.`,
    Metrics: [
      ...counted(settings, alarm, deployment.targetVersion, ['total', 'failures']),
      ...(alarm.maximumRatio === undefined
        ? []
        : counted(settings, alarm, deployment.currentVersion, ['currentTotal', 'currentFailures'])),
      { Id: 'worse', Expression: renderRule(alarm), ReturnData: true },
    ],
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    Threshold: 1,
    EvaluationPeriods: 1,
    TreatMissingData: 'notBreaching',
  };
}

/** The invocations and the failures of a version, under two names. There is no data without invocations. */
function counted(
  settings: Settings,
  alarm: VersionAlarm,
  version: string,
  [total, failures]: [string, string],
): MetricDataQuery[] {
  const query = (Id: string, metric: Metric): MetricDataQuery => ({
    Id,
    ReturnData: false,
    MetricStat: { ...metric, Period: alarm.windowSeconds },
  });
  const expression = (Id: string, Expression: string): MetricDataQuery => ({ Id, Expression, ReturnData: false });
  const known = `FILL(${failures}Known, 0)`;
  return [
    query(`${total}Known`, totalOf(settings, alarm, version)),
    query(`${failures}Known`, failuresOf(settings, alarm, version)),
    expression(total, `FILL(${total}Known, 0)`),
    // There can be more failures than invocations, because the two metrics arrive at different times.
    expression(failures, `IF(${known} > ${total}, ${total}, ${known})`),
  ];
}
