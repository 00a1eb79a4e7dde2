import { Answer, Call, callService, Clients, ServiceName } from './sdk';

/** An action of a run, as `ListActionExecutions` returns it. */
export interface ActionEnd {
  readonly stage: string;
  readonly name: string;
  readonly status: string;
  readonly summary: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** How a run of the pipeline ended. */
export interface RunEnd {
  readonly status: string;
  readonly actions: readonly ActionEnd[];
}

/** What starts a run. */
export interface RunStart {
  /** The files of the source; without them the source stays as it is. */
  readonly files?: Readonly<Record<string, string>>;
  /** Tags of the source object. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

/** How a deployment of the stacks ended. */
export interface DeployEnd {
  readonly succeeded: boolean;
  /** Why it failed. */
  readonly reason?: string;
}

/** One answer, for the recording. */
export interface RecordedCall {
  readonly label: string;
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: Call;
  readonly answer: Answer;
}

/** Where a scenario runs: an account of AWS, or the rehearsal on this machine. */
export abstract class Target {
  readonly recorded: RecordedCall[] = [];

  constructor(readonly kind: 'aws' | 'rehearsal') {}

  /** Deploys a variant of the scenario's app. */
  abstract deploy(variant: string): Promise<DeployEnd>;

  /** Starts a run, and returns the id of its execution. Called inside `act`. */
  abstract start(pipelineName: string, start: RunStart): Promise<string>;

  /** The status of an execution: `InProgress` until it ends. */
  abstract statusOf(pipelineName: string, executionId: string): Promise<string>;

  /** Runs a part of a scenario to which the clock belongs: deployments and runs go on only while it sleeps. */
  abstract act<T>(part: () => Promise<T>): Promise<T>;

  /** Called inside `act`. */
  abstract sleep(seconds: number): Promise<void>;

  /** The notices that were published since the scenario began. */
  abstract notices(): Promise<string[]>;

  protected abstract clients(): Clients;

  /** A call of an administrator. Its answer is recorded under the label. */
  async call(label: string, service: ServiceName, operation: string, input: Call): Promise<Answer> {
    const answer = await callService(this.clients(), service, operation, input);
    this.recorded.push({ label, service, operation, input, answer });
    return answer;
  }

  /** A run from its start to its end; `observe` is called every few seconds meanwhile. */
  async run(pipelineName: string, start: RunStart, observe?: () => Promise<void>, seconds = 15): Promise<RunEnd> {
    return this.act(async () => {
      const executionId = await this.start(pipelineName, start);
      let status = await this.statusOf(pipelineName, executionId);
      while (status === 'InProgress') {
        await observe?.();
        await this.sleep(seconds);
        status = await this.statusOf(pipelineName, executionId);
      }
      return { status, actions: await this.actionsOf(pipelineName, executionId) };
    });
  }

  private async actionsOf(pipelineName: string, pipelineExecutionId: string): Promise<ActionEnd[]> {
    const answer = await this.call(`actions of a run`, 'codepipeline', 'ListActionExecutions', {
      pipelineName,
      filter: { pipelineExecutionId },
    });
    const details = (answer.members?.actionExecutionDetails ?? []) as any[];
    return details.map(({ stageName, actionName, status, output }) => ({
      stage: stageName,
      name: actionName,
      status,
      summary:
        output?.executionResult?.errorDetails?.message ?? output?.executionResult?.externalExecutionSummary ?? '',
      variables: output?.outputVariables ?? {},
    }));
  }
}
