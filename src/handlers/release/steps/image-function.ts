import { configurationError } from '../base/failure';
import { Settings } from '../base/settings';
import { FunctionConfiguration } from '../contract';
import { packageTypeOf } from '../function/creation';

/** An image function is created from its first image. Any other function already exists at this point. */
export function requireImageFunction({ functionName }: Settings, configuration?: FunctionConfiguration): void {
  if (configuration && packageTypeOf(configuration) === 'Image') {
    return;
  }
  throw configurationError(
    `The function ${functionName} does not exist: somebody deleted it after the check. Run the pipeline again.`,
  );
}
