import { App, Stack } from 'aws-cdk-lib';
import { call } from './entries';
import { argumentsWith, namesIn, Place } from './places';

/** The outcome of values: no error, a refusal that names one of them, or any other error. */
export type Outcome = 'accepted' | 'refused' | { readonly error: string };

/** A place and a value for it. */
export type Given = [Place, (stack: Stack) => unknown];

/** Uses the values in a pipeline. */
export function outcomeOf(given: Given[], stack = new Stack(new App(), 'Stack')): Outcome {
  const { callee } = given[0][0];
  try {
    call(callee, argumentsWith(callee, given, stack), stack);
    return 'accepted';
  } catch (error) {
    const { message } = error as Error;
    const isRefusal = /^[^\n]* must be [^]*; /.test(message) && !(error instanceof TypeError);
    const names = given.flatMap(([place]) => namesIn(place));
    return isRefusal && names.some((name) => message.toLowerCase().includes(name.toLowerCase()))
      ? 'refused'
      : { error: `${error}`.split('\n')[0] };
  }
}
