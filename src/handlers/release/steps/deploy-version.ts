import { setTimeout as sleep } from 'node:timers/promises';
import { UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { configurationError, isNamed, jobFailed, ReleaseFailure, toFailure } from '../base/failure';
import { log } from '../base/log';
import { Settings } from '../base/settings';
import { readArtifactFile } from '../code/artifact';
import { APP_SPEC_FILE, ARTIFACTS, DEPLOY_VARIABLES, NONE, StepParameters } from '../contract';
import { findRedAlarms } from '../deployment/alarms';
import { AppSpec, parseAppSpec, renderAppSpec } from '../deployment/app-spec';
import { findDeploymentOfJob, findRunningDeployment, startDeployment } from '../deployment/deployment';
import { DeployStep, nextStep, NextStep, Situation } from '../deployment/next-step';
import { Progress, readProgress } from '../deployment/progress';
import { watchDeployment } from '../deployment/watch-deployment';
import { createAlias, grantPermissions } from '../function/alias';
import { readWantedConfiguration } from '../function/configuration';
import { AliasState, describeWeights, findAlias, findFunction } from '../function/lambda-function';
import { Outcome, requireArtifact, StepInput } from '../job/job';
import { POLL_SECONDS, VISIT_SECONDS } from '../job/visit';

const ALL_AT_ONCE = 'CodeDeployDefault.LambdaAllAtOnce';

/** Step `deploy`: has CodeDeploy shift the traffic to the published version, and stays until that, or its rollback, is finished. */
export async function deployVersion(input: StepInput): Promise<Outcome> {
  const outcome = await shiftTraffic(input);
  if (!outcome.continuation) {
    await grantWantedPermissions(input.settings, outcome);
  }
  return outcome;
}

async function grantWantedPermissions(settings: Settings, { summary }: Outcome): Promise<void> {
  const wanted = await readWantedConfiguration(settings);
  try {
    await grantPermissions(settings, wanted?.Permissions);
  } catch (error) {
    const { type, message } = toFailure(error);
    throw new ReleaseFailure(
      type,
      `the release is live (${summary}), but ${message} When that is corrected, retry the stage.`,
    );
  }
}

async function shiftTraffic(input: StepInput): Promise<Outcome> {
  const progress = readProgress(input.job.continuationToken);
  const until = Math.min(Date.now() + VISIT_SECONDS * 1000, input.deadline);
  if (progress.deploymentId) {
    return watchDeployment(input.settings, { ...progress, deploymentId: progress.deploymentId }, until);
  }
  const appSpec = parseAppSpec(
    await readArtifactFile(requireArtifact(input.job.inputs, ARTIFACTS.appSpecFile), APP_SPEC_FILE),
  );
  refuseOtherFunction(appSpec, input.settings);
  return bringAbout(input, appSpec, { ...progress, targetVersion: appSpec.targetVersion }, until);
}

function refuseOtherFunction(appSpec: AppSpec, { functionName, aliasName }: Settings): void {
  if (appSpec.functionName === functionName && appSpec.aliasName === aliasName) {
    return;
  }
  throw configurationError(
    `the AppSpec is for ${appSpec.functionName}:${appSpec.aliasName}, and this pipeline deploys ${functionName}:${aliasName}. Run the pipeline again.`,
  );
}

/** How one step ended: the job's outcome, or how far it is now and which deployment it has to wait for. */
type Turn = { readonly outcome: Outcome } | { readonly progress: Progress; readonly waitFor?: string };

/** Takes one step after the other until there is a deployment to watch, or nothing is left to do. */
async function bringAbout(input: StepInput, appSpec: AppSpec, start: Progress, until: number): Promise<Outcome> {
  const { job, settings } = input;
  const ignoreAlarms = readIgnoreAlarms(job.parameters);
  let progress = start;
  for (;;) {
    const own = await findDeploymentOfJob(settings, job.id);
    if (own) {
      return watchDeployment(settings, { ...progress, deploymentId: own }, until);
    }
    const turn = await takeStep(
      input,
      appSpec,
      await readSituation(settings, appSpec.targetVersion, ignoreAlarms),
      progress,
    );
    if ('outcome' in turn) {
      return turn.outcome;
    }
    progress = turn.progress;
    if (progress.deploymentId) {
      return watchDeployment(settings, { ...progress, deploymentId: progress.deploymentId }, until);
    }
    if (!turn.waitFor) {
      continue;
    }
    if (Date.now() + POLL_SECONDS * 1000 > until) {
      return { summary: `waiting for ${turn.waitFor}`, continuation: progress };
    }
    await sleep(POLL_SECONDS * 1000);
  }
}

async function takeStep(input: StepInput, appSpec: AppSpec, situation: Situation, progress: Progress): Promise<Turn> {
  const next = nextStep(situation);
  log('next step', { ...next });
  switch (next.step) {
    case 'wait':
      return { progress, waitFor: `the deployment ${next.deploymentId}, which somebody else started` };
    case 'clear weights':
      await clearWeights(input.settings, situation.alias!);
      return {
        progress: note(
          progress,
          `a stopped deployment had left the alias split (${describeWeights(situation.alias!)}), so it was put back to version ${next.version}`,
        ),
      };
    case 'deploy':
      return begin(input, appSpec, next, progress);
    default:
      return { outcome: await conclude(input.settings, appSpec, next, progress) };
  }
}

function readIgnoreAlarms({ ignoreAlarms = 'false' }: StepParameters): boolean {
  if (ignoreAlarms === 'true' || ignoreAlarms === 'false') {
    return ignoreAlarms === 'true';
  }
  throw configurationError(
    `the variable that ignores the alarms must be true or false, got '${ignoreAlarms}'. Start the pipeline again with one of these.`,
  );
}

async function readSituation(settings: Settings, targetVersion: string, ignoreAlarms: boolean): Promise<Situation> {
  const [runningDeployment, redAlarms, target] = await Promise.all([
    findRunningDeployment(settings),
    findRedAlarms(settings),
    findFunction(settings.functionName, targetVersion),
  ]);
  const alias = await findAlias(settings); // after the list of deployments: a deployment that ended between the two has moved it
  const current = alias && (await findFunction(settings.functionName, alias.version));
  return {
    aliasName: settings.aliasName,
    alias,
    targetVersion,
    current,
    target,
    runningDeployment,
    redAlarms,
    ignoreAlarms,
  };
}

/** Creates the deployment, unless CodeDeploy is busy with another one. */
async function begin(
  { job, settings }: StepInput,
  appSpec: AppSpec,
  next: DeployStep,
  progress: Progress,
): Promise<Turn> {
  const { currentVersion, allAtOnceBecause, ignoreAlarmsBecause } = next;
  const notes = [
    ...(currentVersion === appSpec.currentVersion
      ? []
      : [`since the publication somebody moved the alias from version ${appSpec.currentVersion} to ${currentVersion}`]),
    ...(allAtOnceBecause ? [`all traffic shifts at once: ${allAtOnceBecause}`] : []),
    ...(ignoreAlarmsBecause ? [`the alarms are not watched: ${ignoreAlarmsBecause}`] : []),
  ];
  try {
    const deploymentId = await startDeployment(settings, {
      appSpec: renderAppSpec({ ...appSpec, currentVersion }),
      description: `version ${currentVersion} to ${appSpec.targetVersion}, job ${job.id}`,
      deploymentConfigName: allAtOnceBecause ? ALL_AT_ONCE : undefined,
      ignoreAlarms: ignoreAlarmsBecause !== undefined,
    });
    log('started a deployment', { deploymentId, currentVersion, targetVersion: appSpec.targetVersion, notes });
    return { progress: { ...notes.reduce(note, progress), deploymentId, currentVersion } };
  } catch (error) {
    // Its list did not show that one yet: it may even be ours, from another delivery of this job.
    if (isNamed(error, 'DeploymentLimitExceededException')) {
      return { progress, waitFor: 'a deployment that has just begun' };
    }
    throw error;
  }
}

/** Puts all traffic back on the version that most of it was meant for. */
async function clearWeights({ functionName, aliasName }: Settings, { version, revisionId }: AliasState): Promise<void> {
  try {
    await lambda.send(
      new UpdateAliasCommand({
        FunctionName: functionName,
        Name: aliasName,
        FunctionVersion: version,
        RoutingConfig: { AdditionalVersionWeights: {} },
        RevisionId: revisionId,
      }),
    );
  } catch (error) {
    // Another delivery of this job may have done the same: the next look at the alias tells.
    if (!isNamed(error, 'PreconditionFailedException')) {
      throw error;
    }
  }
}

async function conclude(
  settings: Settings,
  { targetVersion }: AppSpec,
  next: NextStep,
  progress: Progress,
): Promise<Outcome> {
  if (next.step === 'refuse') {
    throw jobFailed([next.because, ...progress.notes].join(' '));
  }
  if (next.step === 'create alias') {
    await createAlias(settings, targetVersion);
  }
  const summary =
    next.step === 'create alias'
      ? `the first release: the alias ${settings.aliasName} was made at version ${targetVersion}`
      : `nothing to deploy: the alias ${settings.aliasName} is at version ${targetVersion} already`;
  return {
    summary: [summary, ...progress.notes].join('; '),
    variables: { [DEPLOY_VARIABLES.deploymentId]: NONE, [DEPLOY_VARIABLES.currentVersion]: targetVersion },
  };
}

function note(progress: Progress, text: string): Progress {
  return { ...progress, notes: [...progress.notes, text] };
}
