/** An error as an AWS service returns it. */
export class AwsError extends Error {
  constructor(
    readonly statusCode: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = code;
  }
}

/**
 * Something that AWS supports and the rehearsal does not. It is never ignored, and never a success. Its status makes no
 * SDK retry.
 */
export class NotRehearsedError extends AwsError {
  constructor(readonly what: string) {
    super(400, 'NotRehearsed', `not rehearsed: ${what}`);
  }
}

/** Returns the error for a `RevisionId` that is not the current one. */
export function revisionConflict(): AwsError {
  return new AwsError(
    412,
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. ' +
      'Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
  );
}
