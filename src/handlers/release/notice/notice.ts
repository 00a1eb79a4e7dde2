import { ActionExecutionDetail } from '@aws-sdk/client-codepipeline';
import { findFailedAction, Run } from './run';
import { isMarked, MARKERS, withoutMarkers } from '../base/marker';
import { CONFIGURATION_ONLY_VARIABLE, DEPLOY_VARIABLES, NoticeEvent, STAGES } from '../contract';

/** A notice to people. */
export interface Notice {
  readonly event: NoticeEvent;
  readonly title: string;
  readonly lines: string[];
  /** What to do next. */
  readonly nextStep: string;
}

const LISTED_TESTS = 10;
/** Commands with which a build specification from before this pipeline releases the function itself. */
const OWN_RELEASE = /aws lambda (update-function-\w+|publish-version|update-alias)/;

/** The notice of a failed run. */
export function describeFailedRun(run: Run): Notice {
  const failed = findFailedAction(run.actions);
  const message = messageOf(failed);
  const event = failedEvent(failed, message);
  const lines = [
    failed
      ? `Failed: action ${failed.actionName} of the stage ${failed.stageName}`
      : 'No action failed: the condition of a stage ended the run.',
    ...describeCause(run, failed, withoutMarkers(message)),
    ...describeTests(run),
    ...describeContext(run),
  ];
  return {
    event,
    title: `${run.pipeline}: ${describeEnd(event, failed)}`,
    lines,
    nextStep: nextStepAfterFailure(run, event, lines),
  };
}

function messageOf(action: ActionExecutionDetail | undefined): string {
  const { errorDetails, externalExecutionSummary } = action?.output?.executionResult ?? {};
  return errorDetails?.message ?? externalExecutionSummary ?? 'no message';
}

function failedEvent(failed: ActionExecutionDetail | undefined, message: string): NoticeEvent {
  if (isMarked(message, MARKERS.rolledBack)) {
    return 'ROLLED_BACK';
  }
  return failed?.stageName === STAGES.deploy || failed?.stageName === STAGES.verify
    ? 'DEPLOYMENT_FAILED'
    : 'BUILD_FAILED';
}

function describeEnd(event: NoticeEvent, failed: ActionExecutionDetail | undefined): string {
  if (event === 'ROLLED_BACK') {
    return 'the release was rolled back';
  }
  if (event === 'DEPLOYMENT_FAILED') {
    return `the deployment failed in ${failed?.actionName}`;
  }
  if (isApproval(failed)) {
    return 'the release was not approved';
  }
  return failed ? `${failed.actionName} failed` : 'the run failed';
}

/** The phases of a build say more than the message of its action. */
function describeCause({ build }: Run, failed: ActionExecutionDetail | undefined, message: string): string[] {
  const phases = (build?.phases ?? []).map((phase) => `Cause: ${phase}`);
  const isBuild = failed?.input?.actionTypeId?.category !== 'Invoke';
  return phases.length > 0 && isBuild ? phases : [`Cause: ${message}`, ...phases];
}

function describeTests({ build }: Run): string[] {
  if (!build || build.tests.length === 0) {
    return [];
  }
  const listed = build.tests.slice(0, LISTED_TESTS).map((test) => `- ${test}`);
  const rest = build.tests.length - listed.length;
  return [`Failed tests (${build.tests.length}):`, ...listed, ...(rest > 0 ? [`- and ${rest} more`] : [])];
}

function nextStepAfterFailure(run: Run, event: NoticeEvent, lines: string[]): string {
  const failed = findFailedAction(run.actions);
  const version = deployedVersion(run);
  const deployed = version ? `Version ${version} is live.` : 'Nothing was deployed.';
  const retry = `retry the stage ${failed?.stageName ?? 'that failed'}`;
  if (event === 'ROLLED_BACK') {
    return 'The previous version is live again. Check the log of the failed version, and push a fix or a revert.';
  }
  if (event === 'DEPLOYMENT_FAILED') {
    return `Fix the cause. Then ${retry}, or push a fix.`;
  }
  const [command] = OWN_RELEASE.exec(lines.join('\n')) ?? [];
  if (command) {
    return (
      `Remove the line with ${command} from the build specification, and every other aws lambda update-* and ` +
      `publish-* line. The build has no permissions on the function: the stage ${STAGES.deploy} publishes and deploys.`
    );
  }
  if (isApproval(failed)) {
    return `${deployed} Push the changes that the reviewer asks for, or ${retry}.`;
  }
  return `${deployed} Fix the cause and push. If the code is not the cause, ${retry}.`;
}

function isApproval(action: ActionExecutionDetail | undefined): boolean {
  return action?.input?.actionTypeId?.category === 'Approval';
}

/** The notice of a successful run. */
export function describeSucceededRun(run: Run): Notice {
  const version = deployedVersion(run);
  const summary = findDeployment(run)?.output?.executionResult?.externalExecutionSummary;
  return {
    event: 'SUCCEEDED',
    title: `${run.pipeline}: ${version ? `version ${version} is live` : 'the run succeeded'}`,
    lines: [...(summary ? [`Result: ${summary}`] : []), ...describeContext(run)],
    nextStep: 'No action needed.',
  };
}

function findDeployment(run: Run): ActionExecutionDetail | undefined {
  return run.actions.find(
    (action) => action.stageName === STAGES.deploy && action.output?.outputVariables?.[DEPLOY_VARIABLES.deploymentId],
  );
}

/** The version that this run made live; undefined before the end of the deployment. */
function deployedVersion(run: Run): string | undefined {
  return findDeployment(run)?.output?.outputVariables?.[DEPLOY_VARIABLES.currentVersion];
}

/** The notice of a pending approval. */
export function describeApproval(run: Run, stage: string | undefined, name: string | undefined): Notice {
  const action = run.actions.find((each) => each.stageName === stage && each.actionName === name);
  const { CustomData, ExternalEntityLink } = action?.input?.resolvedConfiguration ?? action?.input?.configuration ?? {};
  return {
    event: 'APPROVAL_NEEDED',
    title: `${run.pipeline}: waiting for approval of ${name}`,
    lines: [
      ...(CustomData ? [`Comment: ${CustomData}`] : []),
      ...(ExternalEntityLink ? [`To review: ${ExternalEntityLink}`] : []),
      ...describeContext(run),
    ],
    nextStep: `Approve or reject ${name} in the pipeline: ${consoleLink(run, 'view')}`,
  };
}

/** The notice of a configuration change for which no run starts. */
export function describePendingChange(pipeline: string, cause: string, fields: readonly string[]): Notice {
  return {
    event: 'CONFIGURATION_PENDING',
    title: `${pipeline}: a configuration change is not released yet`,
    lines: [...(fields.length > 0 ? [`Changed: ${fields.join(', ')}`] : []), `Cause: ${cause}`],
    nextStep:
      'The next run applies the change. To start a run that releases the live code with the new configuration: ' +
      `aws codepipeline start-pipeline-execution --name ${pipeline} ` +
      `--variables name=${CONFIGURATION_ONLY_VARIABLE},value=true`,
  };
}

/** The source of the run, and links to its details. */
function describeContext(run: Run): string[] {
  const source = describeSource(run.actions);
  return [
    ...(source ? [`Source: ${source}`] : []),
    ...(run.build?.log ? [`Log: ${run.build.log}`] : []),
    `Run: ${consoleLink(run, `executions/${run.executionId}/timeline`)}`,
    ...run.missing,
  ];
}

function describeSource(actions: ActionExecutionDetail[]): string | undefined {
  const source = actions.find((action) => action.input?.actionTypeId?.category === 'Source');
  const { CommitId, CommitMessage, BranchName, FullRepositoryName, RepositoryName, ImageDigest, VersionId } =
    source?.output?.outputVariables ?? {};
  const repository = FullRepositoryName ?? RepositoryName;
  if (CommitId) {
    const [subject] = (CommitMessage ?? '').split('\n');
    return [
      `commit ${CommitId.slice(0, 8)}`,
      ...(repository ? [` of ${repository}`] : []),
      ...(BranchName ? [`, branch ${BranchName}`] : []),
      ...(subject ? [`: ${subject}`] : []),
    ].join('');
  }
  if (ImageDigest) {
    return `image ${repository ?? ''}@${ImageDigest}`;
  }
  return VersionId ? `object version ${VersionId}` : source?.output?.executionResult?.externalExecutionSummary;
}

function consoleLink({ pipeline, region }: Run, page: string): string {
  const console = `https://${region}.${consoleHost(region)}/codesuite/codepipeline`;
  return `${console}/pipelines/${pipeline}/${page}?region=${region}`;
}

function consoleHost(region: string): string {
  if (region.startsWith('cn-')) {
    return 'console.amazonaws.cn';
  }
  return region.startsWith('us-gov-') ? 'console.amazonaws-us-gov.com' : 'console.aws.amazon.com';
}
