import { Account } from './account';
import { Operation, Service } from './service';
import { AwsError } from '../base/aws-error';

/** What a function answered to a job. */
export interface JobResult {
  readonly succeeded: boolean;
  readonly continuationToken?: string;
  readonly outputVariables: Record<string, string>;
  readonly summary?: string;
  readonly externalExecutionId?: string;
  readonly percentComplete?: number;
  /** Type and message of a failure. */
  readonly failure?: { readonly type: string; readonly message: string };
}

interface Job {
  answered: boolean;
  readonly answer: (result: JobResult) => void;
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

/** An action of a run, as it is told to those who ask for it. */
export interface ActionExecution {
  readonly pipelineExecutionId: string;
  readonly actionExecutionId: string;
  readonly stageName: string;
  readonly actionName: string;
  readonly startTime: number;
  status: 'InProgress' | 'Succeeded' | 'Failed';
  readonly input: {
    readonly actionTypeId: object;
    readonly configuration: object;
    resolvedConfiguration: Record<string, string>;
  };
  output?: object;
}

/** The jobs that the pipeline gives to functions, and their answers. */
export class CodePipeline implements Service {
  readonly prefix = 'codepipeline';

  readonly operations: Record<string, Operation> = {
    PutJobSuccessResult: { resources: () => ['*'], run: (input) => this.succeed(input) },
    ListActionExecutions: {
      resources: ({ pipelineName }) => [this.account.arn('codepipeline', pipelineName)],
      run: ({ filter }) => this.listActions(filter?.pipelineExecutionId),
    },
    PutJobFailureResult: { resources: () => ['*'], run: (input) => this.fail(input) },
  };

  /** The actions of all runs. */
  readonly actions: ActionExecution[] = [];

  private readonly jobs = new Map<string, Job>();

  constructor(private readonly account: Account) {}

  /** A new job, and its answer. */
  startJob(): { readonly id: string; readonly result: Promise<JobResult> } {
    const id = this.account.nextUuid('job');
    const result = new Promise<JobResult>((answer) => this.jobs.set(id, { answered: false, answer }));
    return { id, result };
  }

  /** Takes no answer to a job any more. */
  endJob(id: string): void {
    const job = this.jobs.get(id);
    if (job) {
      job.answered = true;
    }
  }

  /** The latest first. */
  private listActions(executionId?: string) {
    const found = this.actions.filter(({ pipelineExecutionId }) => !executionId || pipelineExecutionId === executionId);
    return { actionExecutionDetails: found.reverse() };
  }

  private succeed(input: any) {
    const variables: Record<string, string> = input.outputVariables ?? {};
    const token: string | undefined = input.continuationToken;
    if (token !== undefined) {
      validateToken(token, variables);
    }
    validateVariables(variables);
    this.answer(input.jobId, {
      succeeded: true,
      continuationToken: token,
      outputVariables: variables,
      ...detailsOf(input),
    });
    return {};
  }

  private fail(input: any) {
    const { type, message } = input.failureDetails ?? {};
    if (!FAILURE_TYPES.includes(type)) {
      throw invalid(`failureDetails.type must be one of ${FAILURE_TYPES.join(', ')}, is ${type}`);
    }
    if (!message || message.length > 5000) {
      throw invalid(`failureDetails.message must have 1 to 5000 characters, has ${message?.length ?? 0}`);
    }
    const { externalExecutionId } = input.failureDetails;
    this.answer(input.jobId, {
      succeeded: false,
      outputVariables: {},
      failure: { type, message },
      externalExecutionId,
    });
    return {};
  }

  private answer(jobId: string, result: JobResult): void {
    const job = this.jobs.get(jobId);
    if (!job) {
      throw new AwsError(400, 'JobNotFoundException', `The job with the ID ${jobId} can't be found`);
    }
    if (job.answered) {
      throw new AwsError(
        400,
        'InvalidJobStateException',
        `The job ${jobId} has already been answered, or has timed out`,
      );
    }
    job.answered = true;
    job.answer(result);
  }
}

function validateToken(token: string, variables: Record<string, string>): void {
  if (token.length < 1 || token.length > 2048) {
    throw invalid(`continuationToken must have 1 to 2048 characters, has ${token.length}`);
  }
  if (Object.keys(variables).length > 0) {
    throw invalid("outputVariables can't be given together with a continuationToken");
  }
}

function validateVariables(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (!VARIABLE_NAME.test(name)) {
      throw invalid(`output variable ${name} may have only letters, digits, @, - and _ in its name`);
    }
    if (typeof value !== 'string' || value === '') {
      throw invalid(`output variable ${name} must have a value that isn't empty`);
    }
  }
  const size = Buffer.byteLength(JSON.stringify(variables));
  if (size > VARIABLES_LIMIT) {
    throw new AwsError(
      400,
      'OutputVariablesSizeExceededException',
      `the output variables have ${size} bytes, ${VARIABLES_LIMIT} are allowed`,
    );
  }
}

function detailsOf(input: any) {
  const details = input.executionDetails ?? {};
  return {
    summary: details.summary,
    externalExecutionId: details.externalExecutionId,
    percentComplete: details.percentComplete,
  };
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'ValidationException', message);
}
