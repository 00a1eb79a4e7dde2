import type { Account } from './account';
import { Operation, Service } from './service';
import { AwsError } from '../base/aws-error';

/** The result of a job. */
export interface JobResult {
  readonly succeeded: boolean;
  readonly continuationToken?: string;
  readonly outputVariables: Record<string, string>;
  readonly summary?: string;
  readonly externalExecutionId?: string;
  readonly percentComplete?: number;
  readonly failure?: { readonly type: string; readonly message: string };
}

interface Job {
  ended: boolean;
  readonly resolve: (result: JobResult) => void;
}

interface SuccessInput {
  readonly jobId: string;
  readonly continuationToken?: string;
  readonly outputVariables?: Record<string, string>;
  readonly executionDetails?: Pick<JobResult, 'summary' | 'externalExecutionId' | 'percentComplete'>;
}

interface FailureInput {
  readonly jobId: string;
  readonly failureDetails?: {
    readonly type?: string;
    readonly message?: string;
    readonly externalExecutionId?: string;
  };
}

interface StartInput {
  readonly name: string;
  readonly clientRequestToken?: string;
  readonly sourceRevisions?: SourceOverride[];
  readonly variables?: { readonly name: string; readonly value: string }[];
}

/** A revision with which a run starts, instead of the latest. */
export interface SourceOverride {
  readonly actionName: string;
  readonly revisionType: string;
  readonly revisionValue: string;
}

/** A run that a caller has started. */
export interface StartedRun {
  readonly executionId: string;
  readonly pipeline: string;
  readonly revisions: readonly SourceOverride[];
  readonly variables: Readonly<Record<string, string>>;
}

const REVISION_TYPES = ['COMMIT_ID', 'IMAGE_DIGEST', 'S3_OBJECT_VERSION_ID', 'S3_OBJECT_KEY'];

interface ListInput {
  readonly pipelineName: string;
  readonly filter?: { readonly pipelineExecutionId?: string };
}

const VARIABLE_NAME = /^[A-Za-z0-9@\-_]+$/;
const VARIABLES_LIMIT = 122_880;
const FAILURE_TYPES = [
  'JobFailed',
  'ConfigurationError',
  'PermissionError',
  'RevisionOutOfSync',
  'RevisionUnavailable',
  'SystemUnavailable',
];

/** An action of a run, as ListActionExecutions returns it. */
export interface ActionExecution {
  readonly pipelineExecutionId: string;
  readonly actionExecutionId: string;
  readonly stageName: string;
  readonly actionName: string;
  readonly startTime: number;
  lastUpdateTime: number;
  status: 'InProgress' | 'Succeeded' | 'Failed';
  readonly input: {
    readonly actionTypeId: object;
    readonly configuration: object;
    resolvedConfiguration: Record<string, string>;
  };
  output?: object;
}

/** The jobs for functions, and their results. */
export class CodePipeline implements Service {
  readonly prefix = 'codepipeline';

  readonly operations: Record<string, Operation> = {
    PutJobSuccessResult: { resources: () => ['*'], run: (input: SuccessInput) => this.succeed(input) },
    ListActionExecutions: {
      resources: ({ pipelineName }: ListInput) => [this.account.arn('codepipeline', pipelineName)],
      run: ({ filter }: ListInput) => this.listActions(filter?.pipelineExecutionId),
    },
    StartPipelineExecution: {
      resources: ({ name }: StartInput) => [this.account.arn('codepipeline', name)],
      run: (input: StartInput) => this.start(input),
    },
    PutJobFailureResult: { resources: () => ['*'], run: (input: FailureInput) => this.fail(input) },
  };

  /** The actions of all runs. */
  readonly actions: ActionExecution[] = [];

  /** The runs that callers have started and that have not begun. */
  readonly started: StartedRun[] = [];

  private readonly executions = new Map<string, string>();

  private readonly jobs = new Map<string, Job>();

  constructor(private readonly account: Account) {}

  /** Creates a job. */
  startJob(): { readonly id: string; readonly result: Promise<JobResult> } {
    const id = this.account.nextUuid('job');
    const result = new Promise<JobResult>((resolve) => this.jobs.set(id, { ended: false, resolve }));
    return { id, result };
  }

  /** Rejects all later results of a job. */
  endJob(id: string): void {
    const job = this.jobs.get(id);
    if (job) {
      job.ended = true;
    }
  }

  /** Queues a run. The same token again returns the same run. */
  private start({ name, clientRequestToken = '', sourceRevisions = [], variables = [] }: StartInput) {
    if (sourceRevisions.some(({ revisionType }) => !REVISION_TYPES.includes(revisionType))) {
      throw invalid(`sourceRevisions.revisionType must be one of ${REVISION_TYPES.join(', ')}`);
    }
    if (!/^[a-zA-Z0-9-]{0,128}$/.test(clientRequestToken) || variables.some(({ value }) => value === '')) {
      throw invalid(`clientRequestToken or variables are invalid: ${clientRequestToken}`);
    }
    const before = clientRequestToken && this.executions.get(clientRequestToken);
    if (before) {
      return { pipelineExecutionId: before };
    }
    const executionId = this.account.nextUuid('execution');
    this.executions.set(clientRequestToken, executionId);
    this.started.push({
      executionId,
      pipeline: name,
      revisions: sourceRevisions,
      variables: Object.fromEntries(variables.map((each) => [each.name, each.value])),
    });
    return { pipelineExecutionId: executionId };
  }

  /** Returns the latest action first. */
  private listActions(executionId?: string) {
    const found = this.actions.filter(({ pipelineExecutionId }) => !executionId || pipelineExecutionId === executionId);
    return { actionExecutionDetails: found.reverse() };
  }

  private succeed({ jobId, continuationToken, outputVariables = {}, executionDetails = {} }: SuccessInput) {
    if (continuationToken !== undefined) {
      validateToken(continuationToken, outputVariables);
    }
    validateVariables(outputVariables);
    const { summary, externalExecutionId, percentComplete } = executionDetails;
    const details = { summary, externalExecutionId, percentComplete };
    this.end(jobId, { succeeded: true, continuationToken, outputVariables, ...details });
    return {};
  }

  private fail({ jobId, failureDetails: { type = 'none', message = '', externalExecutionId } = {} }: FailureInput) {
    if (!FAILURE_TYPES.includes(type)) {
      throw invalid(`failureDetails.type must be one of ${FAILURE_TYPES.join(', ')}, got ${type}`);
    }
    if (!message || message.length > 5000) {
      throw invalid(`failureDetails.message must have 1 to 5000 characters, got ${message.length}`);
    }
    this.end(jobId, { succeeded: false, outputVariables: {}, failure: { type, message }, externalExecutionId });
    return {};
  }

  private end(jobId: string, result: JobResult): void {
    const job = this.jobs.get(jobId);
    if (!job) {
      throw new AwsError(400, 'JobNotFoundException', `The job with the ID ${jobId} cannot be found`);
    }
    if (job.ended) {
      throw new AwsError(400, 'InvalidJobStateException', `The job ${jobId} already has a result, or has timed out`);
    }
    job.ended = true;
    job.resolve(result);
  }
}

function validateToken(token: string, variables: Record<string, string>): void {
  if (token.length < 1 || token.length > 2048) {
    throw invalid(`continuationToken must have 1 to 2048 characters, got ${token.length}`);
  }
  if (Object.keys(variables).length > 0) {
    throw invalid('outputVariables cannot be combined with a continuationToken');
  }
}

function validateVariables(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (!VARIABLE_NAME.test(name)) {
      throw invalid(`the name of the output variable ${name} may contain only letters, digits, @, - and _`);
    }
    if (typeof value !== 'string' || value === '') {
      throw invalid(`the output variable ${name} must not be empty`);
    }
  }
  const size = Buffer.byteLength(JSON.stringify(variables));
  if (size > VARIABLES_LIMIT) {
    throw new AwsError(
      400,
      'OutputVariablesSizeExceededException',
      `the output variables must have at most ${VARIABLES_LIMIT} bytes, got ${size}`,
    );
  }
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'ValidationException', message);
}
