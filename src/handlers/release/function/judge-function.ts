import { configurationError } from '../base/failure';
import { Settings } from '../base/settings';
import { FunctionConfiguration } from '../contract';
import { differingFields } from './configuration';
import { packageTypeOf } from './creation';
import { CurrentConfiguration, throwIfFailed, wakeCommand } from './lambda-function';
import { checkTakeOver } from './take-over';

/** An existing function, and the configuration that the stack wants; undefined if another stack owns the function. */
export interface ExistingFunction {
  readonly current: CurrentConfiguration;
  readonly wanted?: FunctionConfiguration;
}

/** Another image is the remedy for these reasons. */
const IMAGE_REASONS = ['ImageDeleted', 'ImageAccessDenied', 'InvalidImage'];

/**
 * Fails if no release to the function could succeed, or if the first one would remove something that nobody named.
 * Returns notes on what the release will meet. Changes nothing.
 */
export async function judgeFunction(settings: Settings, { current, wanted }: ExistingFunction): Promise<string[]> {
  throwIfFailed(current);
  if (wanted) {
    requirePackageType(current, wanted);
  }
  const inactive = current.State === 'Inactive' ? describeInactive({ current, wanted }) : undefined;
  const takeOver = wanted && (await checkTakeOver(settings, wanted, current));
  return [inactive, takeOver].filter((note) => note !== undefined);
}

/** Fails if the function runs packages and the stack wants images, or the other way around. */
export function requirePackageType(current: CurrentConfiguration, wanted: FunctionConfiguration): void {
  const kind = packageTypeOf(current);
  if (kind === packageTypeOf(wanted)) {
    return;
  }
  throw configurationError(
    `The function ${current.FunctionName} is of the package type ${kind}, but the stack wants ` +
      `${packageTypeOf(wanted)}. Lambda can't change the package type. ` +
      'Give the new function another name with functionName, or delete the old function.',
  );
}

/** An update or an invocation wakes an idle function. Any other cause stays, unless the release removes it. */
function describeInactive({ current, wanted }: ExistingFunction): string {
  const { FunctionName, StateReason = 'no reason given', StateReasonCode = 'no code' } = current;
  if (StateReasonCode === 'Idle') {
    return 'the function is Inactive, because nobody has invoked it for a long time; the next update wakes it';
  }
  const changed = wanted ? differingFields(wanted, current) : [];
  if (changed.length === 0 && !IMAGE_REASONS.includes(StateReasonCode)) {
    throw configurationError(
      `The function ${FunctionName} is Inactive, because Lambda could not restore its resources: ` +
        `${StateReason} (${StateReasonCode}). New code does not change that. Fix the cause. ` +
        `To wake the function then, run: ${wakeCommand(FunctionName!)}. That invocation fails. ` +
        'When the state of the function is Active, run the pipeline again.',
    );
  }
  const change = changed.length > 0 ? `changes ${changed.join(', ')}` : 'brings another image';
  return `the function is Inactive (${StateReason}), and this release ${change}`;
}
