import { AwsError } from '../../base/aws-error';

/** The error for a missing function, version or alias of a call. */
export function notFound(functionArn: string, qualifier?: string): AwsError {
  const arn = qualifier ? `${functionArn}:${qualifier}` : functionArn;
  return new AwsError(404, 'ResourceNotFoundException', `Function not found: ${arn}`);
}

/** The error for an operation that the state of the function does not allow. */
export function inState(state: string): AwsError {
  return new AwsError(
    409,
    'ResourceConflictException',
    `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
  );
}

/** The error for a parameter that Lambda itself rejects. */
export function invalidParameter(message: string): AwsError {
  return new AwsError(400, 'InvalidParameterValueException', message);
}

/** The error for a member that does not fit its model, worded as Lambda does: a value, the member, the constraint. */
export function violation(value: string, member: string, constraint: string): AwsError {
  return new AwsError(
    400,
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}
