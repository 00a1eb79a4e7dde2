import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, readDeployment } from './deployment';
import { toFailure } from '../base/failure';
import { log } from '../base/log';
import { isMarked, MARKERS } from '../base/marker';
import { retryWhileUnavailable } from '../base/poll';
import { Settings } from '../base/settings';
import { findFunction } from '../function/lambda-function';
import { judge } from '../version-alarms/judge';
import { Verdict } from '../version-alarms/verdict';

/** A bake that watches a deployment. Times are as `Date.now()` returns them. */
export interface BakeWatch {
  readonly settings: Settings;
  readonly deploymentId: string;
  /** The end of the bake time. */
  readonly end: number;
  /** The latest end. */
  readonly deadline: number;
}

/** Why the bake ends early: it has failed, or the deployment has ended. */
export interface EarlyEnd {
  readonly status?: 'Failed';
  readonly reason: string;
}

const POLL_SECONDS = 15;
/** The metrics of Lambda have a value for each minute. */
const JUDGE_SECONDS = 60;

/**
 * Watches until the end of the bake time, and judges the new version each minute: after the last shift, the version
 * alarms may have no data (see `metrics.ts`). Returns undefined if the bake time ends without a failure.
 */
export async function watchVersions(watch: BakeWatch): Promise<EarlyEnd | undefined> {
  let nextJudgment = Date.now() + JUDGE_SECONDS * 1000;
  while (Date.now() < watch.end) {
    await sleep(Math.min(POLL_SECONDS * 1000, watch.end - Date.now()));
    if (await hasEnded(watch.deploymentId)) {
      return { reason: 'the deployment ended during the bake' };
    }
    if (Date.now() >= nextJudgment && Date.now() < watch.end) {
      nextJudgment += JUDGE_SECONDS * 1000;
      const failure = failureOf(await tryToJudge(watch));
      if (failure) {
        return failure;
      }
    }
  }
  return judgeAtEnd(watch);
}

/** A version that could not be judged at the end has not passed, so the bake fails. */
async function judgeAtEnd(watch: BakeWatch): Promise<EarlyEnd | undefined> {
  const { settings, deploymentId, deadline } = watch;
  const judgment = await retryWhileUnavailable(deadline, () => judge(settings, deploymentId));
  const { verdicts = [] } = judgment ?? {};
  const failure = failureOf(verdicts);
  const actions = verdicts.filter(({ result }) => result === 'inconclusive').map(({ alarm }) => alarm.onInconclusive);
  if (failure || !judgment || actions.every((action) => action === 'PROCEED')) {
    return failure;
  }
  if (await retryWhileUnavailable(deadline, () => isPlaceholder(settings, judgment.currentVersion))) {
    log('the first release has no version to go back to', { actions });
    return undefined;
  }
  if (actions.includes('ROLL_BACK')) {
    const refused = verdicts.filter(
      ({ alarm, result }) => result === 'inconclusive' && alarm.onInconclusive === 'ROLL_BACK',
    );
    return { status: 'Failed', reason: `at the end of the bake time, ${describe(refused)}` };
  }
  const end = watch.end + JUDGE_SECONDS * 1000;
  return end < deadline ? watchVersions({ ...watch, end }) : undefined;
}

async function isPlaceholder({ functionName }: Settings, version: string): Promise<boolean> {
  return isMarked((await findFunction(functionName, version))?.Description, MARKERS.placeholder);
}

function failureOf(verdicts: Verdict[]): EarlyEnd | undefined {
  const failed = verdicts.filter(({ result }) => result === 'failed');
  return failed.length > 0 ? { status: 'Failed', reason: `during the bake, ${describe(failed)}` } : undefined;
}

function describe(verdicts: Verdict[]): string {
  return verdicts.map(({ text }) => text).join('; ');
}

/** Metrics that could not be read during the bake are read again a minute later. */
async function tryToJudge({ settings, deploymentId }: BakeWatch): Promise<Verdict[]> {
  try {
    return (await judge(settings, deploymentId))?.verdicts ?? [];
  } catch (error) {
    log('the metrics of the versions are unknown', { error: toFailure(error).message });
    return [];
  }
}

/** A read that fails means: not known yet. */
async function hasEnded(deploymentId: string): Promise<boolean> {
  try {
    return !isRunning(await readDeployment(deploymentId));
  } catch (error) {
    log('the state of the deployment is unknown', { deploymentId, error: toFailure(error).message });
    return false;
  }
}
