import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { importAlias, requireAliasName, TargetFunctionConfig, TargetFunctionKind } from './config';
import { DEFAULT_ALIAS } from '../handlers/release/contract';
import { requireRuntime } from '../private/runtime/runtime';
import { refuse } from '../private/validation';

/** Options for `TargetFunction.fromAlias`. */
export interface FromAliasOptions {
  /**
   * Runtime of the function, which determines how the package is built.
   *
   * @default - the runtime of the function, if the same app creates it
   */
  readonly runtime?: lambda.Runtime;

  /**
   * Architecture of the function, for which the package is built.
   *
   * @default - the architecture of the function if the same app creates it, otherwise x86_64
   */
  readonly architecture?: lambda.Architecture;
}

/** Options for `TargetFunction.fromFunction`. */
export interface FromFunctionOptions extends FromAliasOptions {
  /**
   * Name of the alias that callers invoke. The first run of the pipeline creates a missing alias.
   *
   * @default 'live'
   */
  readonly aliasName?: string;
}

/**
 * A function that a stack owns.
 *
 * @internal
 */
export function ownedFunction(targetFunction: lambda.IFunction, options: FromFunctionOptions): TargetFunctionKind {
  const { aliasName = DEFAULT_ALIAS } = options;
  requireFunction(targetFunction);
  requireAliasName('aliasName of TargetFunction.fromFunction', aliasName);
  return {
    functionName: targetFunction.functionName,
    bind: (scope) => bind(scope, { targetFunction, aliasName, options }),
  };
}

/** Refuses a version or an alias, because their types are functions too. */
function requireFunction(targetFunction: lambda.IFunction): void {
  if ((targetFunction as Partial<lambda.IVersion>).lambda) {
    refuse({
      prop: 'targetFunction of TargetFunction.fromFunction',
      allowed: 'the function itself, because the pipeline publishes the versions',
      described: `the version or alias ${targetFunction.node.path}`,
      remedy: 'pass the function, or use TargetFunction.fromAlias for an alias',
    });
  }
}

/**
 * A function that a stack owns, given by its alias.
 *
 * @internal
 */
export function ownedAlias(alias: lambda.IAlias, options: FromAliasOptions): TargetFunctionKind {
  const { version, aliasName } = alias;
  if (
    version instanceof lambda.Version &&
    version.node.scope === version.lambda &&
    version.node.id === 'CurrentVersion'
  ) {
    refuse({
      prop: 'alias of TargetFunction.fromAlias',
      allowed: 'an alias that does not follow currentVersion, because every stack update would move that alias',
      described: alias.node.path,
      remedy:
        'create the alias with a separate version, `new lambda.Version(this, "FirstVersion", { lambda: fn })`, ' +
        'or remove the alias and use TargetFunction.fromFunction',
    });
  }
  return {
    functionName: version.lambda.functionName,
    bind: (scope) => bind(scope, { targetFunction: version.lambda, aliasName, options, alias }),
  };
}

interface Owned {
  readonly targetFunction: lambda.IFunction;
  readonly aliasName: string;
  readonly alias?: lambda.IAlias;
  readonly options: FromAliasOptions;
}

function bind(scope: Construct, { targetFunction, aliasName, alias, options }: Owned): TargetFunctionConfig {
  const made = targetFunction instanceof lambda.Function ? targetFunction : undefined;
  const runtime = options.runtime ?? made?.runtime;
  if (!runtime) {
    refuse({
      prop: 'runtime of the target function',
      allowed: 'set for an imported function',
      given: runtime,
      remedy: 'add the option runtime, which determines how the package is built',
    });
  }
  requireRuntime('runtime of the target function', runtime);
  return {
    functionName: targetFunction.functionName,
    aliasName,
    targetFunction,
    alias: alias ?? importAlias(scope, targetFunction, aliasName),
    runtime,
    architecture: options.architecture ?? made?.architecture ?? lambda.Architecture.X86_64,
    statements: [],
  };
}
