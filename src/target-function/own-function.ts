import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { requireAliasName, TargetFunctionBindOptions, TargetFunctionConfig } from './config';
import { ownedFunction } from './owned-function';
import { requireFunctionItself } from '../private/given-resource';
import { requireResult } from '../private/input';
import { refuse } from '../private/validation';

/** What a target function tells the pipeline. */
export interface BoundTargetFunction {
  /**
   * The function itself, not a version or an alias. A stack owns its configuration: the pipeline releases only code,
   * publishes versions, and moves the alias.
   */
  readonly targetFunction: lambda.IFunction;

  /** Runtime of the function, which determines how the package is built. */
  readonly runtime: lambda.Runtime;

  /**
   * Architecture of the function, for which the package is built.
   *
   * @default - the architecture of the function if the same app creates it, otherwise x86_64
   */
  readonly architecture?: lambda.Architecture;

  /**
   * Name of the alias that callers invoke. The stack creates a missing alias, and the pipeline moves it.
   *
   * @default 'live'
   */
  readonly aliasName?: string;

  /**
   * Additional permissions of the release function, for example for the layers of the function.
   *
   * @default - the permissions to release code
   */
  readonly releasePermissions?: iam.PolicyStatement[];
}

/** What kinds of this library returned from `bind`. Other languages keep only the identity of an object. */
const CONFIGS = new WeakMap<lambda.IFunction, TargetFunctionConfig>();

/** Returns a kind of this library as the result of `bind`, so that a kind of the user can build on it. */
export function boundFunction(scope: Construct, config: TargetFunctionConfig): BoundTargetFunction {
  const { functionArn, aliasName, runtime, architecture } = config;
  const attributes = { functionArn, architecture, sameEnvironment: true };
  const targetFunction = lambda.Function.fromFunctionAttributes(scope, 'BoundFunction', attributes);
  CONFIGS.set(targetFunction, config);
  return { targetFunction, aliasName, runtime, architecture };
}

/** Returns what `bind` of a kind of the user means for the pipeline. */
export function configOf(
  scope: Construct,
  options: TargetFunctionBindOptions,
  bound: BoundTargetFunction,
): TargetFunctionConfig {
  validate(bound);
  const { targetFunction, releasePermissions = [] } = bound;
  const config = CONFIGS.get(targetFunction) ?? ownedFunction(targetFunction, bound).bind(scope, options);
  requireSame(bound, config);
  return { ...config, statements: [...config.statements, ...releasePermissions] };
}

function validate(bound: Partial<BoundTargetFunction> | undefined): void {
  for (const name of ['targetFunction', 'runtime'] as const) {
    if (!bound?.[name]) {
      refuse({
        prop: `${name} in the result of bind`,
        allowed: 'set',
        given: bound?.[name],
        remedy: 'return { targetFunction, runtime }, or the result of bind of another TargetFunction',
      });
    }
  }
  requireResult('bind of targetFunction', 'BoundTargetFunction', bound);
  const { targetFunction, aliasName } = bound as BoundTargetFunction;
  requireFunctionItself(
    'targetFunction in the result of bind',
    targetFunction,
    'the pipeline publishes the versions',
    'return the function of the alias',
  );
  requireAliasName('aliasName in the result of bind', aliasName);
}

/** A change of the result of another kind would have no effect. */
function requireSame(bound: BoundTargetFunction, config: TargetFunctionConfig): void {
  const { runtime, architecture = config.architecture, aliasName = config.aliasName } = bound;
  const values: [string, string, string][] = [
    ['runtime', runtime.name, config.runtime.name],
    ['architecture', architecture.name, config.architecture.name],
    ['aliasName', aliasName, config.aliasName],
  ];
  for (const [name, given, expected] of values) {
    if (given !== expected) {
      refuse({
        prop: `${name} in the result of bind`,
        allowed: `"${expected}", as the TargetFunction that bind used says`,
        given,
        remedy: `set ${name} in the options of that TargetFunction`,
      });
    }
  }
}
