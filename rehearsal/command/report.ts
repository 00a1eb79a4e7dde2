import type { NamedEvent } from './events';
import type { Account } from '../account/account';
import { Deployment } from '../account/codedeploy/state';
import { Call } from '../account/iam/calls';
import { Notice } from '../account/sns';
import { StageRecord } from '../pipeline/record';
import { Traffic } from '../pipeline/traffic';
import { PipelineDefinition, PipelineProperties } from '../stack/pipeline-definition';

/** What starts a run: a push, or a change of the function's configuration. */
export type Trigger = 'push' | 'configuration change';

/** The result of a run of a pipeline. */
export interface PipelineReport {
  readonly name: string;
  /** What started the run. */
  readonly trigger: Trigger;
  readonly status: 'Succeeded' | 'Failed';
  readonly cause?: string;
  readonly stages: readonly StageRecord[];
  readonly alias?: {
    readonly functionName: string;
    readonly aliasName: string;
    readonly version: string;
    readonly weights: Record<string, number>;
  };
  readonly versions: readonly string[];
  readonly shifts: readonly {
    readonly time: string;
    readonly version: string;
    readonly weights: Record<string, number>;
  }[];
  readonly deployments: readonly DeploymentReport[];
  /** The notices that people would receive. */
  readonly notices: readonly Notice[];
  readonly invocations: {
    readonly count: number;
    readonly errors: number;
    /** Invocations that called something that is not rehearsed. They count neither as errors nor as successes. */
    readonly unknown: number;
    /** The names of the events. */
    readonly events: readonly string[];
  };
  /** What each version returned to the traffic. */
  readonly responses: readonly VersionResponse[];
  /** The start and the duration on the virtual clock. */
  readonly started: string;
  readonly seconds: number;
}

/** What a version returned to the traffic. */
export interface VersionResponse {
  readonly version: string;
  /** The first payload, cut to 200 characters. */
  readonly first?: string;
  /** The latest error with its stack. */
  readonly error?: string;
}

/** A deployment of a run. */
export interface DeploymentReport extends Pick<
  Deployment,
  'id' | 'status' | 'creator' | 'config' | 'error' | 'rollbackId'
> {
  readonly currentVersion: string;
  readonly targetVersion: string;
  readonly createTime: string;
  readonly completeTime?: string;
}

/** The result of a rehearsal, for machines. */
export interface Report {
  readonly rehearsal: true;
  readonly pipelines: readonly PipelineReport[];
  readonly calls: readonly Call[];
  readonly notRehearsed: readonly string[];
  /** Requests that are not rehearsed, and that the pipelines depend on: the rehearsal fails because of them. */
  readonly refused: readonly string[];
}

/** A completed run of a pipeline. */
export interface RunResult {
  readonly trigger: Trigger;
  readonly pipeline: PipelineDefinition;
  readonly stages: readonly StageRecord[];
  readonly traffic: Traffic;
  /** The start on the virtual clock. */
  readonly started: number;
  /** The cause of a failure. */
  readonly cause?: string;
  readonly events: readonly NamedEvent[];
}

/** Returns the report of a run of a pipeline. */
export function reportPipeline(
  account: Account,
  { pipeline, trigger, stages, traffic, started, cause, events }: RunResult,
): PipelineReport {
  const target = targetOf(account, pipeline.properties);
  const fn = target && account.lambda.find(target.functionName);
  const alias = target && fn?.aliases[target.aliasName];
  const deployments = Object.values(account.state.deployments).filter(
    ({ createTime, appSpec }) => createTime >= started && appSpec.functionName === target?.functionName,
  );
  return {
    name: pipeline.name,
    trigger,
    status: cause === undefined ? 'Succeeded' : 'Failed',
    cause,
    stages,
    alias: target && alias && { ...target, version: alias.version, weights: alias.weights },
    versions: fn?.versions.map(({ version }) => version) ?? [],
    shifts: deployments.flatMap(({ shifts }) => shifts).map((shift) => ({ ...shift, time: iso(shift.time) })),
    deployments: deployments.map(describe),
    notices: account.notices.filter(({ time }) => time >= started),
    invocations: {
      count: traffic.count.invocations,
      errors: traffic.count.errors,
      unknown: traffic.count.unknown,
      events: events.map(({ name }) => name),
    },
    responses: traffic.responses(),
    started: iso(started),
    seconds: (account.clock.now() - started) / 1000,
  };
}

/** Returns the target function and its alias, which the release function has in its environment. */
export function targetOf(account: Account, { Stages }: PipelineProperties) {
  for (const { Configuration = {} } of Stages.flatMap(({ Actions }) => Actions)) {
    const fn = account.lambda.find(String(Configuration.FunctionName ?? ''));
    const variables = fn?.latest.configuration.Environment?.Variables ?? {};
    if (variables.FUNCTION_NAME && variables.ALIAS_NAME) {
      return { functionName: variables.FUNCTION_NAME, aliasName: variables.ALIAS_NAME };
    }
  }
  return undefined;
}

function describe(deployment: Deployment): DeploymentReport {
  const { id, status, creator, config, error, rollbackId, createTime, completeTime, appSpec } = deployment;
  const { currentVersion, targetVersion } = appSpec;
  return {
    id,
    status,
    creator,
    config,
    currentVersion,
    targetVersion,
    error,
    rollbackId,
    createTime: iso(createTime),
    completeTime: completeTime === undefined ? undefined : iso(completeTime),
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
