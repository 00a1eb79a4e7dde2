import type { Account } from '../account/account';
import { ActionExecution } from '../account/codepipeline';
import { ActionResult } from './actions/action';
import { ActionDeclaration } from '../stack/pipeline-definition';

/** Records the actions of a run for ListActionExecutions, and emits the events of the run. */
export class RunHistory {
  private readonly startTime: number;

  constructor(
    private readonly account: Account,
    private readonly pipeline: string,
    private readonly executionId: string,
  ) {
    this.startTime = account.clock.now();
  }

  /** Starts an action, with its configuration before the variables are resolved. */
  actionStarted(stageName: string, action: ActionDeclaration): ActionExecution {
    const { Category: category, Owner: owner, Provider: provider, Version: version } = action.ActionTypeId;
    const execution: ActionExecution = {
      pipelineExecutionId: this.executionId,
      actionExecutionId: this.account.nextUuid('action'),
      stageName,
      actionName: action.Name,
      startTime: this.account.clock.now() / 1000,
      lastUpdateTime: this.account.clock.now() / 1000,
      status: 'InProgress',
      input: {
        actionTypeId: { category, owner, provider, version },
        configuration: texts(action.Configuration ?? {}),
        resolvedConfiguration: {},
      },
    };
    this.account.codePipeline.actions.push(execution);
    this.emitAction(execution, 'STARTED');
    return execution;
  }

  actionEnded(execution: ActionExecution, { succeeded, summary, variables, externalId, error }: ActionResult): void {
    execution.status = succeeded ? 'Succeeded' : 'Failed';
    execution.lastUpdateTime = this.account.clock.now() / 1000;
    execution.output = {
      outputVariables: variables,
      executionResult: {
        externalExecutionId: externalId,
        externalExecutionSummary: summary,
        ...(succeeded ? {} : { errorDetails: { code: 'JobFailed', message: error ?? summary } }),
      },
    };
    this.emitAction(execution, succeeded ? 'SUCCEEDED' : 'FAILED');
  }

  runStarted(): void {
    this.emit('CodePipeline Pipeline Execution State Change', { state: 'STARTED' });
  }

  runEnded(succeeded: boolean): void {
    this.emit('CodePipeline Pipeline Execution State Change', { state: succeeded ? 'SUCCEEDED' : 'FAILED' });
  }

  private emitAction({ stageName, actionName, input }: ActionExecution, state: string): void {
    this.emit('CodePipeline Action Execution State Change', {
      state,
      stage: stageName,
      action: actionName,
      region: this.account.region,
      type: input.actionTypeId,
    });
  }

  private emit(detailType: string, detail: object): void {
    const common = {
      pipeline: this.pipeline,
      'execution-id': this.executionId,
      'start-time': new Date(this.startTime).toISOString(),
      version: 1,
    };
    this.account.events.emit({
      source: 'aws.codepipeline',
      detailType,
      resource: this.account.arn('codepipeline', this.pipeline),
      detail: { ...common, ...detail },
    });
  }
}

/** CodePipeline returns every value of a configuration as text. */
function texts(configuration: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(configuration).map(([key, value]) => [key, String(value)]));
}
