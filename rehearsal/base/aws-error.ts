/** An error as a service of AWS answers it. */
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

/** Something that AWS may well do and the rehearsal doesn't: never passed over, and never answered as a success. */
export class NotRehearsedError extends AwsError {
  constructor(readonly what: string) {
    super(501, 'NotRehearsed', `not rehearsed: ${what}`);
  }
}

/** The error of a `RevisionId` that isn't the current one. */
export function revisionConflict(): AwsError {
  return new AwsError(
    412,
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
  );
}
