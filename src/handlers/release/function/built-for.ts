import { CurrentConfiguration } from './lambda-function';
import { configurationError } from '../base/failure';
import { StepParameters } from '../contract';

/** Throws if the function has another runtime or architecture than the build makes packages for. */
export function requireBuiltFor(
  { runtime, architecture }: Pick<StepParameters, 'runtime' | 'architecture'>,
  current: CurrentConfiguration,
): void {
  if (!runtime || !architecture) {
    return;
  }
  const [machine] = current.Architectures ?? ['x86_64'];
  if (current.Runtime === runtime && machine === architecture) {
    return;
  }
  const found = current.Runtime ? `the runtime ${current.Runtime}` : 'no runtime, because it runs container images,';
  throw configurationError(
    `The build makes packages for ${runtime} on ${architecture}, ` +
      `but the function ${current.FunctionName} has ${found} on ${machine}. ` +
      'Set runtime and architecture of the target function in the app to those of the function, ' +
      'or change the function. If the app contains the stack of the function, deploy both stacks. ' +
      'Nothing was built, and the traffic is unchanged.',
  );
}
