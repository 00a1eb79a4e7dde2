import { FailureType } from '@aws-sdk/client-codepipeline';
import { sentence } from './sentence';

/** A failed step, as the pipeline shows it: CodePipeline's failure type, and a message for a person. */
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

/** The stack, the configuration or the repository needs a change. */
export function configurationError(message: string): ReleaseFailure {
  return new ReleaseFailure('ConfigurationError', message);
}

/** The release failed. */
export function jobFailed(message: string): ReleaseFailure {
  return new ReleaseFailure('JobFailed', message);
}

/** AWS was unavailable or too slow. A retry may succeed. */
export function systemUnavailable(message: string): ReleaseFailure {
  return new ReleaseFailure('SystemUnavailable', message);
}

/** An error of the SDK. Its `name` identifies it; its class does not, because each copy of the SDK has its own. */
export interface AwsError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Whether the error has one of the names. */
export function isNamed(error: unknown, ...names: string[]): error is AwsError {
  return error instanceof Error && names.includes(error.name);
}

/** Whether AWS denied the request. */
export function isDenied(error: unknown): error is AwsError {
  return (
    error instanceof Error &&
    (/AccessDenied|Unauthorized|NotAuthorized/.test(error.name) ||
      (error as AwsError).$metadata?.httpStatusCode === 403)
  );
}

const UNAVAILABLE = new RegExp(
  [
    'Throttl|TooManyRequests|RequestLimit|SlowDown|Timeout',
    'ServiceException|ServiceUnavailable|InternalError|InternalFailure|InternalServer',
  ].join('|'),
);
const MISCONFIGURED = /Validation|InvalidParameter|InvalidRequest|DoesNotExist|NotFound|NoSuch/;

/** Converts anything thrown into a failure that the pipeline shows. */
export function toFailure(error: unknown): ReleaseFailure {
  if (error instanceof ReleaseFailure) {
    return error;
  }
  if (!(error instanceof Error)) {
    return unexpected(String(error));
  }
  if (isDenied(error)) {
    return new ReleaseFailure('PermissionError', describeDenial(error));
  }
  if (error.name === 'CodeStorageExceededException') {
    return configurationError(describeFullStorage(error));
  }
  const what = sentence(`${error.name}: ${error.message}`);
  if (isUnavailable(error)) {
    return systemUnavailable(`AWS did not respond after several attempts: ${what} Retry the stage.`);
  }
  if (MISCONFIGURED.test(error.name)) {
    return configurationError(
      `AWS rejected a request: ${what} Correct the stack or the repository, and run the pipeline again.`,
    );
  }
  return unexpected(what);
}

function isUnavailable(error: AwsError): boolean {
  return (
    UNAVAILABLE.test(error.name) ||
    (error.$metadata?.httpStatusCode ?? 0) >= 500 ||
    /ECONNRESET|ETIMEDOUT|ENOTFOUND|ECONNREFUSED/.test(error.message)
  );
}

function unexpected(what: string): ReleaseFailure {
  return jobFailed(`Unexpected error: ${sentence(what)} Check the log of the release function, and retry the stage.`);
}

function describeDenial(error: Error): string {
  const [, action, resource] = /not authorized to perform: (\S+) on resource: (\S+)/.exec(error.message) ?? [];
  const what = action ? `is not allowed to call ${action} on ${resource}` : 'was denied a request';
  return (
    `The release function ${what}: ${error.message} (${error.name}). ` +
    'Add the permission to its role, or find the policy that denies the request.'
  );
}

function describeFullStorage(error: Error): string {
  return (
    `The code storage of Lambda in this account and Region is full: ${sentence(error.message)} ` +
    'Delete versions that no alias uses. To list them, run: ' +
    'aws lambda list-versions-by-function --function-name <function>. To delete one, run: ' +
    'aws lambda delete-function --function-name <function> --qualifier <version>. Then retry the stage.'
  );
}
