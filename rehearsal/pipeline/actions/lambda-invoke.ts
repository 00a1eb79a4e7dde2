import { ActionContext, ActionResult, Artifact, failed } from './action';
import { JobResult } from '../../account/codepipeline';

const JOB_LIMIT = 20 * 60_000;
const ACTION_LIMIT = 24 * 3_600_000;
const BETWEEN_INVOCATIONS = 30_000;

/** Invokes a function with a job, and again for each continuation token that it returns. */
export async function invokeFunction(context: ActionContext): Promise<ActionResult> {
  const { clock } = context.account;
  const end = clock.now() + ACTION_LIMIT;
  let continuationToken: string | undefined;
  while (clock.now() < end) {
    const result = await runJob(context, continuationToken);
    if (!result) {
      return failed(
        `the function ${context.configuration.FunctionName} reported no result within 20 minutes: see its log`,
      );
    }
    if (!result.succeeded) {
      return failure(result);
    }
    continuationToken = result.continuationToken;
    if (continuationToken === undefined) {
      return {
        succeeded: true,
        summary: result.summary ?? '',
        variables: result.outputVariables,
        externalId: result.externalExecutionId,
      };
    }
    context.progress(progressOf(result));
    await clock.sleep(BETWEEN_INVOCATIONS);
  }
  return failed('the action took longer than 24 hours');
}

function failure({
  failure: { type, message } = { type: '', message: '' },
  externalExecutionId,
}: JobResult): ActionResult {
  return {
    ...failed(`${message}${type === 'JobFailed' ? '' : ` (${type})`}`),
    error: message,
    externalId: externalExecutionId,
  };
}

async function runJob(context: ActionContext, continuationToken?: string): Promise<JobResult | undefined> {
  const { account, caller, configuration } = context;
  const job = account.codePipeline.startJob();
  const event = jobEvent(context, job.id, continuationToken);
  await account.perform(caller, 'lambda', 'Invoke', {
    FunctionName: configuration.FunctionName,
    InvocationType: 'Event',
    Payload: JSON.stringify(event),
  });
  const result = await account.clock.within(JOB_LIMIT, job.result);
  account.codePipeline.endJob(job.id);
  return result;
}

/** Returns a job event: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Lambda.html */
function jobEvent(
  { account, configuration, inputs, outputs, encryptionKey }: ActionContext,
  id: string,
  continuationToken?: string,
) {
  return {
    'CodePipeline.job': {
      id,
      accountId: account.id,
      data: {
        actionConfiguration: { configuration },
        inputArtifacts: inputs.map(describeArtifact),
        outputArtifacts: outputs.map(describeArtifact),
        artifactCredentials: {
          accessKeyId: 'ASIANOTREHEARSED',
          secretAccessKey: 'not rehearsed',
          sessionToken: 'not rehearsed',
          expirationTime: null,
        },
        ...(continuationToken === undefined ? {} : { continuationToken }),
        ...(encryptionKey ? { encryptionKey: { id: encryptionKey, type: 'KMS' } } : {}),
      },
    },
  };
}

function describeArtifact({ name, bucket, key }: Artifact) {
  return { name, revision: null, location: { type: 'S3', s3Location: { bucketName: bucket, objectKey: key } } };
}

function progressOf({ summary, percentComplete }: JobResult): string {
  return [summary ?? 'in progress', percentComplete === undefined ? '' : `(${percentComplete} %)`]
    .filter(Boolean)
    .join(' ');
}
