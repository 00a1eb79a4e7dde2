import { ActionExecutionDetail } from '@aws-sdk/client-codepipeline';
import { DEPLOY_VARIABLES, NoticeEvent, STAGES } from '../contract';
import { findFailedAction, Run } from './run';
import { ROLLED_BACK } from '../deployment/deployment-failure';
import { VERIFICATION_ROLLED_BACK } from '../steps/roll-back';

/** What people are told. */
export interface Notice {
  readonly event: NoticeEvent;
  readonly title: string;
  readonly lines: string[];
  /** What to do next. */
  readonly nextStep: string;
}

const TESTS = 10;
const OWN_RELEASE = /aws lambda (update-function-\w+|publish-version|update-alias)/;

/** The notice of a run that failed. */
export function describeFailedRun(run: Run): Notice {
  const failed = findFailedAction(run.actions);
  const message = messageOf(failed);
  const event = failedEvent(failed, message);
  const lines = [
    failed
      ? `Failed: ${failed.stageName}, ${failed.actionName}`
      : 'No action failed: a condition of a stage ended the run.',
    ...describeCause(run, message),
    ...describeTests(run),
    ...surroundings(run),
  ];
  return {
    event,
    title: `${run.pipeline}: ${describeEnd(event, failed)}`,
    lines,
    nextStep: failedNextStep(event, failed, lines),
  };
}

function messageOf(action: ActionExecutionDetail | undefined): string {
  const { errorDetails, externalExecutionSummary } = action?.output?.executionResult ?? {};
  return errorDetails?.message ?? externalExecutionSummary ?? 'no message';
}

function failedEvent(failed: ActionExecutionDetail | undefined, message: string): NoticeEvent {
  if (message.includes(ROLLED_BACK) || message.startsWith(VERIFICATION_ROLLED_BACK)) {
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

/** A build's own phases say more than the message of its action. */
function describeCause({ build }: Run, message: string): string[] {
  return build && build.phases.length > 0 ? build.phases.map((phase) => `Cause: ${phase}`) : [`Cause: ${message}`];
}

function describeTests({ build }: Run): string[] {
  if (!build || build.tests.length === 0) {
    return [];
  }
  const rest = build.tests.length > TESTS ? [`- and ${build.tests.length - TESTS} more`] : [];
  return [`Failed tests (${build.tests.length}):`, ...build.tests.slice(0, TESTS).map((test) => `- ${test}`), ...rest];
}

function failedNextStep(event: NoticeEvent, failed: ActionExecutionDetail | undefined, lines: string[]): string {
  if (event === 'ROLLED_BACK') {
    return 'The version before it is live again. Look at the log of the version that failed, and push a fix or a revert.';
  }
  if (event === 'DEPLOYMENT_FAILED') {
    return `Do what the cause says; then retry the stage ${failed?.stageName}, or push a fix.`;
  }
  const [command] = OWN_RELEASE.exec(lines.join('\n')) ?? [];
  if (command) {
    return (
      `Take the line with ${command} out of the build specification, and every other aws lambda update-* and publish-* line: ` +
      'the build has no right on the function, because the stage Deploy publishes and deploys.'
    );
  }
  if (isApproval(failed)) {
    return 'Nothing was deployed. Push what the reviewer asks for, or retry the stage.';
  }
  return `Nothing was deployed. Correct the cause and push; if it was none of the code's, retry the stage ${failed?.stageName ?? 'that failed'}.`;
}

function isApproval(action: ActionExecutionDetail | undefined): boolean {
  return action?.input?.actionTypeId?.category === 'Approval';
}

/** The notice of a run that went through. */
export function describeSucceededRun(run: Run): Notice {
  const deployed = run.actions.find(
    (action) => action.stageName === STAGES.deploy && action.output?.outputVariables?.[DEPLOY_VARIABLES.deploymentId],
  );
  const version = deployed?.output?.outputVariables?.[DEPLOY_VARIABLES.currentVersion];
  const summary = deployed?.output?.executionResult?.externalExecutionSummary;
  return {
    event: 'SUCCEEDED',
    title: `${run.pipeline}: ${version ? `version ${version} is live` : 'the run succeeded'}`,
    lines: [...(summary ? [`Result: ${summary}`] : []), ...surroundings(run)],
    nextStep: 'Nothing is to be done.',
  };
}

/** The notice of an approval that is waited for. */
export function describeApproval(run: Run, stage: string | undefined, name: string | undefined): Notice {
  const action = run.actions.find((each) => each.stageName === stage && each.actionName === name);
  const { CustomData, ExternalEntityLink } = action?.input?.resolvedConfiguration ?? action?.input?.configuration ?? {};
  return {
    event: 'APPROVAL_NEEDED',
    title: `${run.pipeline}: ${name} is waited for`,
    lines: [
      ...(CustomData ? [`Comment: ${CustomData}`] : []),
      ...(ExternalEntityLink ? [`To review: ${ExternalEntityLink}`] : []),
      ...surroundings(run),
    ],
    nextStep: `Approve or reject ${name} in the pipeline: ${consoleLink(run, 'view')}`,
  };
}

/** What the run was about, and where to look. */
function surroundings(run: Run): string[] {
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
    return `commit ${CommitId.slice(0, 8)}${repository ? ` of ${repository}` : ''}${BranchName ? `, branch ${BranchName}` : ''}${subject ? `: ${subject}` : ''}`;
  }
  if (ImageDigest) {
    return `image ${repository ?? ''}@${ImageDigest}`;
  }
  return VersionId ? `object version ${VersionId}` : source?.output?.executionResult?.externalExecutionSummary;
}

function consoleLink({ pipeline, region }: Run, page: string): string {
  return `https://${region}.${consoleHost(region)}/codesuite/codepipeline/pipelines/${pipeline}/${page}?region=${region}`;
}

function consoleHost(region: string): string {
  if (region.startsWith('cn-')) {
    return 'console.amazonaws.cn';
  }
  return region.startsWith('us-gov-') ? 'console.amazonaws-us-gov.com' : 'console.aws.amazon.com';
}
