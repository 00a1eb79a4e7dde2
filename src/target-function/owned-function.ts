import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { importAlias, requireAliasName, TargetFunctionConfig, TargetFunctionKind } from './config';
import { requireRuntime } from '../private/runtime/runtime';
import { refuse } from '../private/validation';

/** Options of `TargetFunction.fromAlias`. */
export interface FromAliasOptions {
  /**
   * Runtime, by which the build is chosen.
   *
   * @default - the runtime of the function, when it is made in the same app
   */
  readonly runtime?: lambda.Runtime;

  /**
   * Architecture that the package is built for.
   *
   * @default - the architecture of the function, when it is made in the same app; otherwise x86_64
   */
  readonly architecture?: lambda.Architecture;
}

/** Options of `TargetFunction.fromFunction`. */
export interface FromFunctionOptions extends FromAliasOptions {
  /**
   * Name of the alias that everybody invokes. The first run makes it when there is none.
   *
   * @default 'live'
   */
  readonly aliasName?: string;
}

/**
 * A function that a stack owns, by itself.
 *
 * @internal
 */
export function ownedFunction(targetFunction: lambda.IFunction, options: FromFunctionOptions): TargetFunctionKind {
  const { aliasName = 'live' } = options;
  requireFunction(targetFunction);
  requireAliasName('aliasName of TargetFunction.fromFunction', aliasName);
  return {
    functionName: targetFunction.functionName,
    bind: (scope) => bind(scope, { targetFunction, aliasName, options }),
  };
}

/** A version and an alias are functions too, by their type. */
function requireFunction(targetFunction: lambda.IFunction): void {
  if ((targetFunction as Partial<lambda.IVersion>).lambda) {
    refuse({
      prop: 'targetFunction of TargetFunction.fromFunction',
      allowed: 'the function itself, because the pipeline publishes its versions',
      given: targetFunction.node.path,
      remedy: 'give the function, or for an alias use TargetFunction.fromAlias',
    });
  }
}

/**
 * A function that a stack owns, by its alias.
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
      allowed: 'one that does not follow the currentVersion of its function, because every stack update would move it',
      given: alias.node.path,
      remedy:
        'make the alias with a version of its own, `new lambda.Version(this, "FirstVersion", { lambda: fn })`, or leave the alias out and use ' +
        'TargetFunction.fromFunction',
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
      allowed: 'given for a function that is imported',
      given: runtime,
      remedy: 'add the option runtime: it chooses how the build works',
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
