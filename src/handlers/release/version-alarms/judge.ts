import { LambdaTarget } from '@aws-sdk/client-codedeploy';
import { readLambdaTarget } from './lambda-target';
import { measure, MeasuredDeployment } from './measure';
import { describeTraffic, Verdict, verdictsOf } from './verdict';
import { Settings } from '../base/settings';

/** The result of all version alarms of a deployment. */
export interface Judgment {
  readonly currentVersion: string;
  readonly verdicts: Verdict[];
  /** The traffic of both versions and all verdicts, for a message. */
  readonly text: string;
}

/**
 * Judges the new version with the metrics since the first traffic shift. Returns undefined if there are no version
 * alarms, or if no traffic has shifted. `end` is the end of the deployment.
 */
export async function judge(settings: Settings, deploymentId: string, end?: Date): Promise<Judgment | undefined> {
  if (settings.versionAlarms.length === 0) {
    return undefined;
  }
  const measured = measuredDeployment(await readLambdaTarget(deploymentId), end);
  if (!measured) {
    return undefined;
  }
  const measurement = await measure(settings, settings.versionAlarms, measured);
  const verdicts = verdictsOf(settings.versionAlarms, measurement);
  return {
    currentVersion: measured.currentVersion,
    verdicts,
    text: [describeTraffic(measurement, measured), ...verdicts.map(({ text }) => text)].join('; '),
  };
}

function measuredDeployment(
  { lambdaFunctionInfo = {}, lifecycleEvents = [] }: LambdaTarget,
  end = new Date(Date.now()),
): MeasuredDeployment | undefined {
  const { currentVersion, targetVersion } = lambdaFunctionInfo;
  const shift = lifecycleEvents.find(({ lifecycleEventName }) => lifecycleEventName === 'AllowTraffic');
  if (!currentVersion || !targetVersion || !shift?.startTime) {
    return undefined;
  }
  const shifted = shift.status === 'Succeeded' ? shift.endTime : undefined;
  return { currentVersion, targetVersion, start: shift.startTime, shifted, end };
}
