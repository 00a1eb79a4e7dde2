import { Construct } from 'constructs';
import { createManagedAlias, ManagedAlias, ManagedFunction, ManagedFunctionProps } from './managed-function';
import { refuse } from '../private/validation';

/** Why a function does not exist at the first deployment of the stack, and what to do instead. */
export interface Late {
  readonly reason: string;
  readonly remedy: string;
}

/** Refuses a method that creates a resource, because CloudFormation would create it before the function exists. */
function refuseUse(method: string, { reason, remedy }: Late): never {
  return refuse({
    prop: `the function for ${method}`,
    allowed: 'a function that exists when the stack is deployed',
    described: reason,
    remedy,
  });
}

/** Methods that create a resource of the stack, which needs the function. */
const USES = [
  'addPermission',
  'addEventSource',
  'addEventSourceMapping',
  'addFunctionUrl',
  'configureAsyncInvoke',
] as const;

/** Makes the methods refuse. */
function refuseUses<T>(target: T, methods: readonly (keyof T & string)[], late: Late): void {
  for (const method of methods) {
    Object.defineProperty(target, method, { value: () => refuseUse(method, late) });
  }
}

/**
 * Creates the function and the alias of a pipeline whose first run creates them. Resources of the stack cannot need
 * them.
 */
export function createLateAlias(
  scope: Construct,
  props: Omit<ManagedFunctionProps, 'literalName'> & { readonly aliasName: string; readonly late: Late },
): { readonly targetFunction: ManagedFunction; readonly alias: ManagedAlias } {
  const { functionName, functionArn, aliasName, late } = props;
  const names = { functionName, functionArn, aliasArn: `${functionArn}:${aliasName}` };
  const { targetFunction, alias } = createManagedAlias(scope, names, { ...props, literalName: functionName });
  refuseUses(targetFunction, USES, late);
  refuseUses(alias, [...USES, 'addAutoScaling'], late);
  return { targetFunction, alias };
}
