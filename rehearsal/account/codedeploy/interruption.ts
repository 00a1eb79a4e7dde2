import { AwsError } from '../../base/aws-error';

/** Ends a deployment early. */
export class Interruption extends Error {
  constructor(
    readonly status: 'Failed' | 'Stopped',
    readonly code: string,
    message: string,
    readonly rollbackEvent: string,
  ) {
    super(message);
  }
}

/** Converts an error to a failure of the deployment. */
export function interruptionBy(error: unknown): Interruption {
  const denied = error instanceof AwsError && error.code.startsWith('AccessDenied');
  return new Interruption(
    'Failed',
    denied ? 'IAM_ROLE_PERMISSIONS' : 'INTERNAL_ERROR',
    (error as Error).message,
    'DEPLOYMENT_FAILURE',
  );
}

/** Returns the failure for an alias in the wrong state. */
export function invalidAlias(
  code: 'INVALID_LAMBDA_FUNCTION' | 'INVALID_LAMBDA_CONFIGURATION',
  message: string,
): Interruption {
  return new Interruption('Failed', code, message, 'DEPLOYMENT_FAILURE');
}
