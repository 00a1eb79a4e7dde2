import { FailureType } from '@aws-sdk/client-codepipeline';

/** An end of the step that the pipeline is to show: CodePipeline's failure type, and a message for a person. */
export class ReleaseFailure extends Error {
  constructor(
    public readonly type: FailureType,
    message: string,
    public readonly deploymentId?: string,
  ) {
    super(message);
    this.name = 'ReleaseFailure';
  }
}

/** The wiring is wrong: the stack, the configuration or the repository needs a change. */
export function configurationError(message: string): ReleaseFailure {
  return new ReleaseFailure('ConfigurationError', message);
}

/** The release did not come through. */
export function jobFailed(message: string): ReleaseFailure {
  return new ReleaseFailure('JobFailed', message);
}

/** AWS was not available or not done in time: the same may work at the next try. */
export function systemUnavailable(message: string): ReleaseFailure {
  return new ReleaseFailure('SystemUnavailable', message);
}

/** What an error of the SDK tells; only `name` names it, the class differs between copies of the SDK. */
export interface AwsError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Whether the error is one of those that AWS names so. */
export function isNamed(error: unknown, ...names: string[]): error is AwsError {
  return error instanceof Error && names.includes(error.name);
}

/** Whether AWS denied the call. */
export function isDenied(error: unknown): error is AwsError {
  return (
    error instanceof Error &&
    (/AccessDenied|Unauthorized|NotAuthorized/.test(error.name) ||
      (error as AwsError).$metadata?.httpStatusCode === 403)
  );
}

const UNAVAILABLE =
  /Throttl|TooManyRequests|RequestLimit|SlowDown|ServiceException|ServiceUnavailable|InternalError|InternalFailure|InternalServer|Timeout/;
const MISCONFIGURED = /Validation|InvalidParameter|InvalidRequest|DoesNotExist|NotFound|NoSuch/;

/** Turns anything thrown into what the pipeline shows. */
export function toFailure(error: unknown): ReleaseFailure {
  if (error instanceof ReleaseFailure) {
    return error;
  }
  if (!(error instanceof Error)) {
    return jobFailed(`unexpected error: ${String(error)}`);
  }
  if (isDenied(error)) {
    return new ReleaseFailure('PermissionError', describeDenial(error));
  }
  const status = (error as AwsError).$metadata?.httpStatusCode;
  if (
    UNAVAILABLE.test(error.name) ||
    (status ?? 0) >= 500 ||
    /ECONNRESET|ETIMEDOUT|ENOTFOUND|ECONNREFUSED/.test(error.message)
  ) {
    return systemUnavailable(
      `AWS did not answer after several tries: ${error.name}: ${error.message}. Retry the stage.`,
    );
  }
  if (MISCONFIGURED.test(error.name)) {
    return configurationError(`AWS refused a call: ${error.name}: ${error.message}`);
  }
  return jobFailed(`unexpected error: ${error.name}: ${error.message}`);
}

function describeDenial(error: Error): string {
  const [, action, resource] = /not authorized to perform: (\S+) on resource: (\S+)/.exec(error.message) ?? [];
  const what = action ? `may not call ${action} on ${resource}` : 'was denied a call';
  return `the release function ${what}: ${error.message} (${error.name}). Add the permission to its role, or find the policy that denies it.`;
}
