import { Account } from '../account/account';
import { Deployment } from '../account/codedeploy/state';
import { Call } from '../account/iam/calls';
import { Notice } from '../account/sns';
import { StageRecord } from '../pipeline/pipeline';
import { Traffic } from '../pipeline/traffic';
import type { PipelineDefinition } from '../stack/stack';

/** What became of one pipeline. */
export interface PipelineReport {
  readonly name: string;
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
  readonly deployments: readonly any[];
  /** What people were told. */
  readonly notices: readonly Notice[];
  readonly invocations: { readonly count: number; readonly errors: number };
}

/** What became of a rehearsal, for machines. */
export interface Report {
  readonly rehearsal: true;
  readonly pipelines: readonly PipelineReport[];
  readonly calls: readonly Call[];
  readonly notRehearsed: readonly string[];
}

/** A run of a pipeline that is over. */
export interface RunResult {
  readonly pipeline: PipelineDefinition;
  readonly stages: readonly StageRecord[];
  readonly traffic: Traffic;
  /** When it started, by the clock. */
  readonly started: number;
  /** Why it failed. */
  readonly cause?: string;
}

/** Describes a run of a pipeline. */
export function reportPipeline(
  account: Account,
  { pipeline, stages, traffic, started, cause }: RunResult,
): PipelineReport {
  const target = targetOf(account, pipeline.properties);
  const fn = target && account.lambda.find(target.functionName);
  const alias = target && fn?.aliases[target.aliasName];
  const deployments = Object.values(account.state.deployments).filter(
    ({ createTime, appSpec }) => createTime >= started && appSpec.functionName === target?.functionName,
  );
  return {
    name: pipeline.name,
    status: cause === undefined ? 'Succeeded' : 'Failed',
    cause,
    stages,
    alias: target && alias && { ...target, version: alias.version, weights: alias.weights },
    versions: fn?.versions.map(({ version }) => version) ?? [],
    shifts: deployments.flatMap(({ shifts }) => shifts).map((shift) => ({ ...shift, time: iso(shift.time) })),
    deployments: deployments.map(describe),
    notices: account.notices.filter(({ time }) => time >= started),
    invocations: { count: traffic.count.invocations, errors: traffic.count.errors },
  };
}

/** The function and the alias that a pipeline releases to: the function that carries its steps names them in its environment. */
function targetOf(account: Account, properties: any): { functionName: string; aliasName: string } | undefined {
  for (const action of properties.Stages.flatMap((stage: any) => stage.Actions)) {
    const variables =
      account.lambda.find(action.Configuration?.FunctionName ?? '')?.latest.configuration.Environment?.Variables ?? {};
    if (variables.FUNCTION_NAME && variables.ALIAS_NAME) {
      return { functionName: variables.FUNCTION_NAME, aliasName: variables.ALIAS_NAME };
    }
  }
  return undefined;
}

function describe({ id, status, creator, config, appSpec, error, createTime, completeTime, rollbackId }: Deployment) {
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
