import { ActionExecutionDetail } from '@aws-sdk/client-codepipeline';
import { BuildEvidence, readBuildEvidence } from './build-evidence';
import { readEvidence } from '../base/evidence';
import { readActionExecutions } from '../job/action-executions';

/** The part of CodePipeline's events that a notice needs. */
export interface PipelineEvent {
  readonly region: string;
  readonly 'detail-type': string;
  readonly detail: {
    readonly pipeline: string;
    readonly 'execution-id': string;
    readonly state: string;
    readonly stage?: string;
    readonly action?: string;
  };
}

/** The details of a run of the pipeline. */
export interface Run {
  readonly pipeline: string;
  readonly executionId: string;
  readonly region: string;
  /** The latest first. */
  readonly actions: ActionExecutionDetail[];
  /** Of the build that failed: the failed action, or the verification beside the action that rolls back. */
  readonly build?: BuildEvidence;
  /** The details that could not be read. */
  readonly missing: string[];
}

/** Reads the details of the run in the event. A failed read must not suppress the notice. */
export async function readRun({ region, detail }: PipelineEvent): Promise<Run> {
  const missing: string[] = [];
  const pipeline = detail.pipeline;
  const executionId = detail['execution-id'];
  const actions =
    (await readEvidence('actions of the run', readActionExecutions(pipeline, executionId), missing)) ?? [];
  const buildId = findFailedBuild(actions)?.output?.executionResult?.externalExecutionId;
  const build = buildId ? await readEvidence('build', readBuildEvidence(buildId, missing), missing) : undefined;
  return { pipeline, executionId, region, actions, build, missing };
}

/** The last action that failed. Earlier ones belong to attempts before a retry of their stage. */
export function findFailedAction(actions: ActionExecutionDetail[]): ActionExecutionDetail | undefined {
  return actions.find((action) => action.status === 'Failed');
}

function findFailedBuild(actions: ActionExecutionDetail[]): ActionExecutionDetail | undefined {
  const failed = findFailedAction(actions);
  return actions.find(
    ({ status, stageName, input }) =>
      status === 'Failed' && stageName === failed?.stageName && input?.actionTypeId?.provider === 'CodeBuild',
  );
}
