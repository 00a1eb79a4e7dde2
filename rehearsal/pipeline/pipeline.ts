import * as path from 'node:path';
import type { Account } from '../account/account';
import { ActionExecution } from '../account/codepipeline';
import { Action, ActionContext, ActionResult, Artifact, failed } from './actions/action';
import { approve } from './actions/approval';
import { build } from './actions/code-build';
import { runCommands } from './actions/commands';
import { invokeFunction } from './actions/lambda-invoke';
import { CLONE, fetchCodeCommit, fetchConnection, fetchImage, fetchObject } from './actions/source';
import { keepSource } from './kept-source';
import { Output } from './output';
import { ActionRecord, StageRecord } from './record';
import { checkEntry } from './rules';
import { RunHistory } from './run-history';
import { SourceRevision } from './source-folder';
import { Namespaces, pipelineVariables, resolveVariables, UnresolvedVariableError } from './variables';
import { Caller } from '../account/iam/iam';
import { AwsError, NotRehearsedError } from '../base/aws-error';
import { list } from '../base/list';
import { Deployment } from '../stack/context';
import { ActionDeclaration, ActionType, PipelineDefinition, StageDeclaration } from '../stack/pipeline-definition';

/** Options of a run. */
export interface PipelineRunOptions {
  readonly source: SourceRevision;
  readonly variables: Record<string, string>;
  /** The names of the approvals to reject. */
  readonly rejected: readonly string[];
  readonly workFolder: string;
  /** The id of a run that a caller has started. */
  readonly executionId?: string;
}

const ACTIONS: Record<string, Action> = {
  'Source/AWS/CodeStarSourceConnection': fetchConnection,
  'Source/AWS/CodeCommit': fetchCodeCommit,
  'Source/AWS/S3': fetchObject,
  'Source/AWS/ECR': fetchImage,
  'Invoke/AWS/Lambda': invokeFunction,
  'Build/AWS/CodeBuild': build,
  'Test/AWS/CodeBuild': build,
  'Approval/AWS/Manual': approve,
  'Compute/AWS/Commands': runCommands,
};

/** A run of a pipeline: its stages in order, until one fails. */
export class PipelineRun {
  readonly stages: StageRecord[] = [];
  private readonly namespaces: Namespaces;
  private readonly artifacts = new Map<string, Artifact>();
  private readonly executionId: string;
  private readonly caller: Caller;
  private readonly history: RunHistory;

  constructor(
    private readonly account: Account,
    private readonly deployment: Deployment,
    private readonly pipeline: PipelineDefinition,
    private readonly options: PipelineRunOptions,
    private readonly output: Output,
  ) {
    const { RoleArn, Variables } = pipeline.properties;
    this.executionId = options.executionId ?? account.nextUuid('execution');
    this.namespaces = {
      codepipeline: { PipelineExecutionId: this.executionId },
      variables: pipelineVariables(Variables, options.variables),
    };
    this.caller = account.iam.assume(
      RoleArn,
      'codepipeline.amazonaws.com',
      account.arn('codepipeline', pipeline.name),
      this.executionId.slice(0, 8),
    );
    this.history = new RunHistory(account, pipeline.name, this.executionId);
    this.checkKnown();
  }

  /** Called by an actor: runs the stages. Returns the cause of a failure, or undefined. */
  async run(): Promise<string | undefined> {
    this.history.runStarted();
    const cause = await this.runStages();
    this.history.runEnded(cause === undefined);
    return cause;
  }

  private async runStages(): Promise<string | undefined> {
    for (const stage of this.pipeline.properties.Stages) {
      const record: StageRecord = { name: stage.Name, status: 'Succeeded', actions: [] };
      this.stages.push(record);
      this.output.stage(record.name);
      await this.runStage(stage, record);
      if (record.status === 'Failed') {
        return record.reason;
      }
    }
    return undefined;
  }

  /** Fails before the run if an action or a condition is not rehearsed. */
  private checkKnown(): void {
    for (const stage of this.pipeline.properties.Stages) {
      const unknown = stage.Actions.find(({ ActionTypeId }) => !ACTIONS[typeName(ActionTypeId)]);
      if (unknown) {
        throw this.account.refuse(
          `the action ${unknown.Name} with the type ${typeName(unknown.ActionTypeId)}. ` +
            `Rehearsed are ${Object.keys(ACTIONS).join(', ')}`,
        );
      }
      if (stage.OnSuccess) {
        throw this.account.refuse(`the success conditions of the stage ${stage.Name}`);
      }
      if (stage.OnFailure) {
        this.account.notRehearsed.add(
          `the reaction to a failure of the stage ${stage.Name} (${stage.OnFailure.Result ?? 'conditions'})`,
        );
      }
    }
  }

  private async runStage(stage: StageDeclaration, record: StageRecord): Promise<void> {
    const entry = checkEntry(this.account, stage, this.namespaces);
    if (entry.decision !== 'enter') {
      record.status = entry.decision === 'skip' ? 'Skipped' : 'Failed';
      record.reason = entry.reason;
      this.output.stageNotEntered(record.status, entry.reason);
      return;
    }
    const orders = new Set(stage.Actions.map(({ RunOrder = 1 }) => RunOrder));
    for (const order of [...orders].sort((a, b) => a - b)) {
      const actions = stage.Actions.filter(({ RunOrder = 1 }) => RunOrder === order);
      await this.account.clock.idle(
        Promise.all(actions.map((action) => this.account.clock.run(() => this.runAction(action, record)))),
      );
      if (record.status === 'Failed') {
        return;
      }
    }
  }

  private async runAction(action: ActionDeclaration, stage: StageRecord): Promise<void> {
    const started = this.account.clock.now();
    const realStart = Date.now();
    this.output.actionStarted(action.Name);
    const execution = this.history.actionStarted(stage.name, action);
    const result = await this.perform(action, execution);
    this.history.actionEnded(execution, result);
    if (result.succeeded && action.ActionTypeId.Category === 'Source') {
      keepSource(this.account, this.options.source, result.variables);
    }
    if (result.succeeded && action.Namespace) {
      this.namespaces[action.Namespace] = result.variables;
    }
    const record: ActionRecord = {
      name: action.Name,
      status: result.succeeded ? 'Succeeded' : 'Failed',
      summary: result.summary,
      seconds: (this.account.clock.now() - started) / 1000,
      variables: result.variables,
    };
    stage.actions.push(record);
    this.output.action(record, (Date.now() - realStart) / 1000, result.notes ?? []);
    if (result.succeeded) {
      return;
    }
    stage.status = 'Failed';
    stage.reason = `${stage.name}/${action.Name}: ${result.summary}`;
  }

  private async perform(action: ActionDeclaration, execution: ActionExecution): Promise<ActionResult> {
    try {
      const declared = Object.entries(action.Configuration ?? {});
      const configuration = declared.map(([key, value]) => [key, resolveVariables(String(value), this.namespaces)]);
      execution.input.resolvedConfiguration = Object.fromEntries(configuration);
      return await ACTIONS[typeName(action.ActionTypeId)](this.contextOf(action, execution));
    } catch (error) {
      if (error instanceof NotRehearsedError) {
        throw error;
      }
      if (error instanceof AwsError || error instanceof UnresolvedVariableError) {
        return failed(error.message);
      }
      throw error;
    }
  }

  private contextOf(action: ActionDeclaration, { stageName, input }: ActionExecution): ActionContext {
    return {
      account: this.account,
      deployment: this.deployment,
      pipeline: this.pipeline,
      executionId: this.executionId,
      name: action.Name,
      declaration: action,
      configuration: input.resolvedConfiguration,
      caller: action.RoleArn
        ? this.account.iam.assumeBy(this.caller, action.RoleArn, this.executionId.slice(0, 8))
        : this.caller,
      inputs: list(action.InputArtifacts).map(({ Name }) => this.inputArtifact(Name, action)),
      outputs: list(action.OutputArtifacts).map(({ Name }) => this.outputArtifact(Name, action)),
      encryptionKey: this.pipeline.properties.ArtifactStore?.EncryptionKey?.Id,
      source: this.options.source,
      rejected: this.options.rejected,
      workFolder: path.join(this.options.workFolder, this.executionId, stageName, action.Name),
      progress: (text) => this.output.progress(action.Name, text),
      buildLine: (text) => this.output.buildLine(action.Name, text),
    };
  }

  private inputArtifact(name: string, { ActionTypeId }: ActionDeclaration): Artifact {
    const artifact = this.artifacts.get(name);
    if (!artifact) {
      throw new UnresolvedVariableError(`no earlier action has the output artifact ${name}`);
    }
    if (artifact.isClone && ActionTypeId.Provider !== 'CodeBuild') {
      throw new UnresolvedVariableError(
        `the artifact ${name} is a full clone (${CLONE}), which only CodeBuild actions can read`,
      );
    }
    const versions = this.account.state.buckets[artifact.bucket]?.objects[artifact.key];
    const versionId = versions?.at(-1)?.versionId;
    return { ...artifact, versionId: versionId === 'null' ? undefined : versionId };
  }

  private outputArtifact(name: string, { Configuration }: ActionDeclaration): Artifact {
    const bucket = this.pipeline.properties.ArtifactStore?.Location;
    if (!bucket) {
      throw this.account.refuse('a pipeline with artifact stores in several Regions');
    }
    const key = `${this.pipeline.name.slice(0, 20)}/${name.slice(0, 10)}/${this.account.nextId('artifact', 7)}`;
    this.artifacts.set(name, { name, bucket, key, isClone: Configuration?.OutputArtifactFormat === CLONE });
    return this.artifacts.get(name)!;
  }
}

function typeName({ Category, Owner, Provider }: ActionType): string {
  return `${Category}/${Owner}/${Provider}`;
}
