import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ManagedAlias, ManagedAliasProps, ManagedFunction, ManagedFunctionProps } from './managed-function';
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

/** A function that the first run of the pipeline creates. Resources of the stack cannot need it. */
export class LateFunction extends ManagedFunction {
  constructor(
    scope: Construct,
    id: string,
    props: ManagedFunctionProps,
    private readonly late: Late,
  ) {
    super(scope, id, props);
  }

  public addPermission(_id: string, _permission: lambda.Permission): void {
    refuseUse('addPermission', this.late);
  }

  public addEventSource(_source: lambda.IEventSource): void {
    refuseUse('addEventSource', this.late);
  }

  public addEventSourceMapping(_id: string, _options: lambda.EventSourceMappingOptions): lambda.EventSourceMapping {
    return refuseUse('addEventSourceMapping', this.late);
  }

  public addFunctionUrl(_options?: lambda.FunctionUrlOptions): lambda.FunctionUrl {
    return refuseUse('addFunctionUrl', this.late);
  }

  public configureAsyncInvoke(_options: lambda.EventInvokeConfigOptions): void {
    refuseUse('configureAsyncInvoke', this.late);
  }
}

/** The alias of a function that the first run of the pipeline creates. */
export class LateAlias extends ManagedAlias {
  constructor(
    scope: Construct,
    id: string,
    props: ManagedAliasProps,
    private readonly late: Late,
  ) {
    super(scope, id, props);
  }

  public addPermission(_id: string, _permission: lambda.Permission): void {
    refuseUse('addPermission', this.late);
  }

  public addEventSource(_source: lambda.IEventSource): void {
    refuseUse('addEventSource', this.late);
  }

  public addEventSourceMapping(_id: string, _options: lambda.EventSourceMappingOptions): lambda.EventSourceMapping {
    return refuseUse('addEventSourceMapping', this.late);
  }

  public addFunctionUrl(_options?: lambda.FunctionUrlOptions): lambda.FunctionUrl {
    return refuseUse('addFunctionUrl', this.late);
  }

  public configureAsyncInvoke(_options: lambda.EventInvokeConfigOptions): void {
    refuseUse('configureAsyncInvoke', this.late);
  }

  public addAutoScaling(_options: lambda.AutoScalingOptions): lambda.IScalableFunctionAttribute {
    return refuseUse('addAutoScaling', this.late);
  }
}

/** Creates the function and the alias of a pipeline whose first run creates them. */
export function createLateAlias(
  scope: Construct,
  props: Omit<ManagedFunctionProps, 'literalName'> & { readonly aliasName: string; readonly late: Late },
): { readonly targetFunction: lambda.IFunction; readonly alias: LateAlias } {
  const { functionName, functionArn, aliasName, connections, late } = props;
  const targetFunction = new LateFunction(scope, 'Function', { ...props, literalName: functionName }, late);
  const names = { functionName: `${functionName}:${aliasName}`, functionArn: `${functionArn}:${aliasName}` };
  const alias = new LateAlias(
    scope,
    'Alias',
    { lambda: targetFunction, literalName: functionName, aliasName, ...names, connections },
    late,
  );
  return { targetFunction, alias };
}
