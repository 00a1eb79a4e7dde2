import { PutJobFailureResultCommand, PutJobSuccessResultCommand } from '@aws-sdk/client-codepipeline';
import { Outcome } from './job';
import { codePipeline } from '../aws/clients';
import { isNamed, jobFailed, ReleaseFailure, toFailure } from '../base/failure';
import { log } from '../base/log';

/** https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ExecutionDetails.html */
const SUMMARY_CHARACTERS = 2048;
/** https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_FailureDetails.html */
const MESSAGE_CHARACTERS = 5000;

/** Reports the outcome of a step to CodePipeline. */
export async function reportOutcome(jobId: string, outcome: Outcome): Promise<void> {
  log('job result', { jobId, ...outcome });
  try {
    await codePipeline.send(
      new PutJobSuccessResultCommand({
        jobId,
        outputVariables: outcome.continuation ? undefined : outcome.variables,
        continuationToken: outcome.continuation && JSON.stringify(outcome.continuation),
        executionDetails: {
          summary: outcome.summary.slice(0, SUMMARY_CHARACTERS),
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
    await reportFailure(
      jobId,
      jobFailed(`The step succeeded (${outcome.summary}), but CodePipeline rejected its result: ${cause}`),
    );
  }
}

/** Reports a failure to CodePipeline. Never throws, because Lambda would only run the same job again. */
export async function reportFailure(jobId: string, failure: ReleaseFailure): Promise<void> {
  log('job result', { jobId, failure: failure.type, error: failure.message });
  try {
    await codePipeline.send(
      new PutJobFailureResultCommand({
        jobId,
        failureDetails: {
          type: failure.type,
          message: failure.message.slice(0, MESSAGE_CHARACTERS),
          externalExecutionId: failure.deploymentId,
        },
      }),
    );
  } catch (error) {
    log(hasEnded(error) ? 'the job has already ended' : 'CodePipeline rejected the result', {
      jobId,
      error: toFailure(error).message,
    });
  }
}

/** CodePipeline accepts one result for each job. A job that was delivered twice, or stopped, already has one. */
function hasEnded(error: unknown): error is Error {
  return isNamed(error, 'InvalidJobStateException', 'JobNotFoundException', 'InvalidJobException');
}
