import { PutJobFailureResultCommand, PutJobSuccessResultCommand } from '@aws-sdk/client-codepipeline';
import { codePipeline } from '../aws/clients';
import { configurationError, isNamed, ReleaseFailure, toFailure } from '../base/failure';
import { log } from '../base/log';
import { Settings } from '../base/settings';
import { StepParameters, STEPS } from '../contract';

/** An input or output artifact of a job: an object in the artifact bucket. */
export interface Artifact {
  readonly name: string;
  readonly location: { readonly s3Location: { readonly bucketName: string; readonly objectKey: string } };
}

/** The part of CodePipeline's event that the release function reads. */
export interface JobEvent {
  readonly id: string;
  readonly data: {
    readonly actionConfiguration: { readonly configuration: { readonly UserParameters?: string } };
    readonly inputArtifacts: Artifact[];
    readonly outputArtifacts: Artifact[];
    readonly continuationToken?: string;
    readonly encryptionKey?: { readonly id: string };
  };
}

/** A job of the pipeline. */
export interface Job {
  readonly id: string;
  readonly parameters: StepParameters;
  readonly inputs: Artifact[];
  readonly outputs: Artifact[];
  readonly continuationToken?: string;
  /** KMS key for output artifacts; without one the bucket's own encryption applies. */
  readonly encryptionKey?: string;
}

/** What every step gets. */
export interface StepInput {
  readonly job: Job;
  readonly settings: Settings;
  /** Time (as of `Date.now()`) after which this invocation must not go on. */
  readonly deadline: number;
}

/** What a step came to; with a continuation the job is not finished. */
export interface Outcome {
  readonly summary: string;
  readonly variables?: Record<string, string>;
  readonly continuation?: object;
  readonly deploymentId?: string;
  readonly percentComplete?: number;
}

/** Reads the job of an event. */
export function readJob(event: JobEvent): Job {
  const { data } = event;
  return {
    id: event.id,
    parameters: readParameters(data.actionConfiguration.configuration.UserParameters),
    inputs: data.inputArtifacts,
    outputs: data.outputArtifacts,
    continuationToken: data.continuationToken || undefined,
    encryptionKey: data.encryptionKey?.id,
  };
}

function readParameters(text = ''): StepParameters {
  const parameters = parseJson(text);
  if (!STEPS.some((step) => step === parameters?.step)) {
    throw configurationError(
      `UserParameters of the action must be JSON like {"step":"check"} with one of the steps ${STEPS.join(', ')}, got '${text}'`,
    );
  }
  return parameters as StepParameters;
}

function parseJson(text: string): Partial<StepParameters> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused above, with the text
  }
}

/** The artifact of that name, or of the first name that there is; a failure says which there are. */
export function requireArtifact(artifacts: Artifact[], ...names: string[]): Artifact {
  const artifact = names.map((name) => artifacts.find((each) => each.name === name)).find((each) => each);
  if (artifact) {
    return artifact;
  }
  const given = artifacts.map((each) => each.name).join(', ') || 'none';
  throw configurationError(`the action needs the artifact ${names.join(' or ')}; its artifacts are: ${given}`);
}

/** Answers the job with what its step came to. */
export async function answerOutcome(jobId: string, outcome: Outcome): Promise<void> {
  log('answer', { jobId, ...outcome });
  try {
    await codePipeline.send(
      new PutJobSuccessResultCommand({
        jobId,
        outputVariables: outcome.continuation ? undefined : outcome.variables,
        continuationToken: outcome.continuation && JSON.stringify(outcome.continuation),
        executionDetails: {
          summary: outcome.summary.slice(0, 2048),
          externalExecutionId: outcome.deploymentId,
          percentComplete: outcome.percentComplete,
        },
      }),
    );
  } catch (error) {
    if (hasEnded(error)) {
      return log('the job has already ended', { jobId, error: error.message });
    }
    const cause = toFailure(error).message;
    await answerFailure(
      jobId,
      new ReleaseFailure(
        'JobFailed',
        `the step succeeded (${outcome.summary}), but CodePipeline refused its result: ${cause}`,
      ),
    );
  }
}

/** Answers the job with its failure. Never throws: Lambda would only run the same job again. */
export async function answerFailure(jobId: string, failure: ReleaseFailure): Promise<void> {
  log('answer', { jobId, failure: failure.type, message: failure.message });
  try {
    await codePipeline.send(
      new PutJobFailureResultCommand({
        jobId,
        failureDetails: {
          type: failure.type,
          message: failure.message.slice(0, 5000),
          externalExecutionId: failure.deploymentId,
        },
      }),
    );
  } catch (error) {
    log(hasEnded(error) ? 'the job has already ended' : 'the answer was refused', {
      jobId,
      error: toFailure(error).message,
    });
  }
}

/** CodePipeline takes one answer: a job that was delivered twice, or stopped, has had it. */
function hasEnded(error: unknown): error is Error {
  return isNamed(error, 'InvalidJobStateException', 'JobNotFoundException', 'InvalidJobException');
}
