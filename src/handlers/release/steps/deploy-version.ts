import { setTimeout as sleep } from 'node:timers/promises';
import { UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { lambda } from '../aws/clients';
import { configurationError, isNamed, jobFailed, ReleaseFailure, toFailure } from '../base/failure';
import { readFlag } from '../base/flag';
import { log } from '../base/log';
import { Settings } from '../base/settings';
import { readArtifactFile } from '../code/artifact';
import { APP_SPEC_FILE, ARTIFACTS, DEPLOY_VARIABLES, IGNORE_ALARMS_VARIABLE, NONE } from '../contract';
import { findActiveAlarms, findAlarmNames } from '../deployment/alarms';
import { AppSpec, parseAppSpec, renderAppSpec } from '../deployment/app-spec';
import { findDeploymentOfJob, findRunningDeployment, startDeployment } from '../deployment/deployment';
import { DeployStep, nextStep, Situation } from '../deployment/next-step';
import { addNote, Progress, readProgress } from '../deployment/progress';
import { watchDeployment } from '../deployment/watch-deployment';
import { createAlias } from '../function/alias';
import { AliasState, describeWeights, findAlias, findFunction } from '../function/lambda-function';
import { describeLateAlias, findHoldingAllocation, HELD_MINUTES } from '../function/provisioned-concurrency';
import { Outcome, requireArtifact, StepInput } from '../job/job';
import { POLL_SECONDS, VISIT_SECONDS } from '../job/visit';
import { createVersionAlarms } from '../version-alarms/version-alarms';

const ALL_AT_ONCE = 'CodeDeployDefault.LambdaAllAtOnce';

/** Step `deploy`: CodeDeploy shifts the traffic to the published version. A rollback is part of the step. */
export async function deployVersion(input: StepInput): Promise<Outcome> {
  const progress = readProgress(input.job.continuationToken);
  const until = Math.min(Date.now() + VISIT_SECONDS * 1000, input.deadline);
  if (progress.deploymentId) {
    return watchDeployment(input.settings, { ...progress, deploymentId: progress.deploymentId }, until);
  }
  const appSpec = parseAppSpec(
    await readArtifactFile(requireArtifact(input.job.inputs, ARTIFACTS.appSpecFile), APP_SPEC_FILE),
  );
  requireSameFunction(appSpec, input.settings);
  return startAndWatch(input, appSpec, { ...progress, targetVersion: appSpec.targetVersion }, until);
}

function requireSameFunction(appSpec: AppSpec, { functionName, aliasName }: Settings): void {
  if (appSpec.functionName === functionName && appSpec.aliasName === aliasName) {
    return;
  }
  throw configurationError(
    `The AppSpec is for ${appSpec.functionName}:${appSpec.aliasName}, ` +
      `but this pipeline deploys ${functionName}:${aliasName}. Run the pipeline again.`,
  );
}

/** The result of one step: the outcome of the job, or its progress and what to wait for before the next step. */
type StepResult = { readonly outcome: Outcome } | { readonly progress: Progress; readonly waitFor?: string };

/** Takes steps until there is a deployment to watch, or nothing is left to do. */
async function startAndWatch(input: StepInput, appSpec: AppSpec, start: Progress, until: number): Promise<Outcome> {
  const { job, settings } = input;
  const ignoreAlarms = readFlag(IGNORE_ALARMS_VARIABLE, job.parameters.ignoreAlarms);
  let progress = start;
  for (;;) {
    const deploymentId = progress.deploymentId ?? (await findDeploymentOfJob(settings, job.id));
    if (deploymentId) {
      return watchDeployment(settings, { ...progress, deploymentId }, until);
    }
    const situation = await readSituation(settings, appSpec.targetVersion, ignoreAlarms);
    const result = await takeStep(input, appSpec, situation, progress);
    if ('outcome' in result) {
      return result.outcome;
    }
    progress = result.progress;
    if (!result.waitFor) {
      continue;
    }
    if (Date.now() + POLL_SECONDS * 1000 > until) {
      return { summary: `waiting for ${result.waitFor}`, continuation: progress };
    }
    await sleep(POLL_SECONDS * 1000);
  }
}

async function takeStep(
  input: StepInput,
  appSpec: AppSpec,
  situation: Situation,
  progress: Progress,
): Promise<StepResult> {
  const { settings } = input;
  const next = nextStep(situation);
  log('next step', { ...next });
  switch (next.step) {
    case 'wait':
      return { progress, waitFor: `the deployment ${next.deploymentId}, which somebody else started` };
    case 'wait for Lambda':
      return waitForLambda(settings, situation.alias!, next.waitFor, progress);
    case 'clear weights':
      return { progress: await clearWeights(settings, situation.alias!, progress) };
    case 'deploy':
      return createDeployment(input, appSpec, next, progress);
    case 'refuse':
      throw jobFailed([next.message, ...progress.notes.map((note) => `Note: ${note}.`)].join(' '));
    case 'create alias':
      await createAlias(settings, appSpec.targetVersion);
      if (await pointsElsewhere(settings, appSpec.targetVersion)) {
        return { progress, waitFor: 'the alias, which somebody else created at the same time' };
      }
      return finished(appSpec, progress, `the first release: created the alias ${settings.aliasName}, which points to`);
    case 'nothing':
      return finished(appSpec, progress, `nothing to deploy: the alias ${settings.aliasName} already points to`);
  }
}

/** Lambda ends its own routing when the provisioned concurrency is ready. */
function waitForLambda(settings: Settings, alias: AliasState, waitFor: string, progress: Progress): StepResult {
  const { heldSince = Date.now() } = progress;
  if (Date.now() - heldSince >= HELD_MINUTES * 60_000) {
    throw jobFailed(`The pipeline started no deployment. ${describeLateAlias(settings, alias)}`);
  }
  return { progress: { ...progress, heldSince }, waitFor };
}

/** If Lambda does not return an alias yet, this step has just created that alias. */
async function pointsElsewhere(settings: Settings, version: string): Promise<boolean> {
  const alias = await findAlias(settings);
  return alias !== undefined && alias.version !== version;
}

function finished({ targetVersion }: AppSpec, { notes }: Progress, result: string): StepResult {
  return {
    outcome: {
      summary: [`${result} version ${targetVersion}`, ...notes].join('; '),
      variables: { [DEPLOY_VARIABLES.deploymentId]: NONE, [DEPLOY_VARIABLES.currentVersion]: targetVersion },
    },
  };
}

async function readSituation(settings: Settings, targetVersion: string, ignoreAlarms: boolean): Promise<Situation> {
  const [runningDeployment, activeAlarms, target] = await Promise.all([
    findRunningDeployment(settings),
    findActiveAlarms(settings),
    findFunction(settings.functionName, targetVersion),
  ]);
  // After the list of deployments: a deployment that ended in between has moved the alias.
  const alias = await findAlias(settings);
  const current = alias && (await findFunction(settings.functionName, alias.version));
  const allocation = runningDeployment ? undefined : await findHoldingAllocation(settings, alias);
  return {
    functionName: settings.functionName,
    aliasName: settings.aliasName,
    alias,
    allocation,
    targetVersion,
    current,
    target,
    runningDeployment,
    activeAlarms,
    ignoreAlarms,
    judgesVersions: settings.versionAlarms.length > 0,
  };
}

/** Creates the deployment, unless CodeDeploy is still running another one. */
async function createDeployment(
  { job, settings }: StepInput,
  appSpec: AppSpec,
  step: DeployStep,
  progress: Progress,
): Promise<StepResult> {
  const { currentVersion, allAtOnceReason, ignoreAlarmsReason } = step;
  const notes = describeDeviations(appSpec, step);
  const alarmNames = await prepareAlarms(settings, job.id, appSpec, step);
  try {
    const deploymentId = await startDeployment(settings, {
      jobId: job.id,
      appSpec: renderAppSpec({ ...appSpec, currentVersion }),
      description: `version ${currentVersion} to ${appSpec.targetVersion}`,
      deploymentConfigName: allAtOnceReason ? ALL_AT_ONCE : undefined,
      ignoreAlarms: ignoreAlarmsReason !== undefined,
      alarmNames,
    });
    log('started a deployment', { deploymentId, currentVersion, targetVersion: appSpec.targetVersion, notes });
    return { progress: { ...notes.reduce(addNote, progress), deploymentId, currentVersion } };
  } catch (error) {
    // The list did not show that deployment yet. Another delivery of this job may even have created it.
    if (isNamed(error, 'DeploymentLimitExceededException')) {
      return { progress, waitFor: 'a deployment that has just started' };
    }
    const deploymentId = await findAfterError(settings, job.id, error);
    return { progress: { ...notes.reduce(addNote, progress), deploymentId, currentVersion } };
  }
}

/** Creates the version alarms. Their override replaces the alarms of the group, so it repeats them. */
async function prepareAlarms(
  settings: Settings,
  jobId: string,
  { targetVersion }: AppSpec,
  { currentVersion, allAtOnceReason, ignoreAlarmsReason, omittedAlarms }: DeployStep,
): Promise<string[] | undefined> {
  if (settings.versionAlarms.length === 0 || ignoreAlarmsReason) {
    return undefined;
  }
  const ofGroup = (await findAlarmNames(settings)).filter((name) => !omittedAlarms.includes(name));
  const isAllAtOnce = allAtOnceReason !== undefined;
  const own = await createVersionAlarms(settings, { jobId, currentVersion, targetVersion, isAllAtOnce });
  return [...ofGroup, ...own];
}

/** CodeDeploy may have created the deployment although its answer was lost. */
async function findAfterError(settings: Settings, jobId: string, error: unknown): Promise<string> {
  const { type, message } = toFailure(error);
  if (type !== 'SystemUnavailable') {
    throw error;
  }
  log('no answer to CreateDeployment', { error: message });
  await sleep(POLL_SECONDS * 1000);
  const deploymentId = await findDeploymentOfJob(settings, jobId).catch(() => undefined);
  if (deploymentId) {
    return deploymentId;
  }
  throw new ReleaseFailure(
    type,
    `${message} If CodeDeploy has started the deployment anyway, the deployment continues without the pipeline. ` +
      `Check the deployment group ${settings.deploymentGroupName} before you retry the stage.`,
  );
}

/** Notes on everything that differs from the AppSpec and from the configuration of the deployment group. */
function describeDeviations(
  appSpec: AppSpec,
  { currentVersion, allAtOnceReason, ignoreAlarmsReason, omittedAlarms }: DeployStep,
): string[] {
  const expected = appSpec.currentVersion;
  return [
    ...(currentVersion === expected
      ? []
      : [`after the step publish, somebody moved the alias from version ${expected} to ${currentVersion}`]),
    ...(allAtOnceReason ? [`all traffic shifts in one step: ${allAtOnceReason}`] : []),
    ...(ignoreAlarmsReason ? [`the deployment ignores the alarms: ${ignoreAlarmsReason}`] : []),
    ...(omittedAlarms.length > 0 && !ignoreAlarmsReason
      ? [`version ${currentVersion} caused ${omittedAlarms.join(', ')}, which the deployment does not watch`]
      : []),
  ];
}

/** Sends all traffic to the version that the alias points to, after a deployment that stopped halfway. */
async function clearWeights(
  { functionName, aliasName }: Settings,
  alias: AliasState,
  progress: Progress,
): Promise<Progress> {
  try {
    await lambda.send(
      new UpdateAliasCommand({
        FunctionName: functionName,
        Name: aliasName,
        FunctionVersion: alias.version,
        RoutingConfig: { AdditionalVersionWeights: {} },
        RevisionId: alias.revisionId,
      }),
    );
  } catch (error) {
    // Another delivery of this job may have done the same. The next read of the alias shows it.
    if (!isNamed(error, 'PreconditionFailedException')) {
      throw error;
    }
  }
  return addNote(
    progress,
    `a stopped deployment had left the traffic split (${describeWeights(alias)}), ` +
      `so the pipeline sent all of it to version ${alias.version}`,
  );
}
