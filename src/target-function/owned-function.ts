import { Annotations, Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { scaleAlias } from './alias-scaling';
import { ProvidedFunction, requireAliasName, TargetFunctionConfig, TargetFunctionKind } from './config';
import { createOwnedConfigurationParameter } from './configuration-parameter';
import { createFunctionResource } from './function-resource';
import { ILiveAlias } from './live-alias';
import { createManagedAlias, namesOf } from './managed-function';
import { DEFAULT_ALIAS } from '../handlers/release/contract';
import { requireFunctionItself, requireSamePlace } from '../private/given-resource';
import { requireUpdatableRuntime } from '../private/runtime/runtime';
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
   * Name of the alias that callers invoke. The stack creates a missing alias, and the pipeline moves it.
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
  requireFunctionItself(
    'targetFunction of TargetFunction.fromFunction',
    targetFunction,
    'the pipeline publishes the versions',
    'pass the function, or use TargetFunction.fromAlias for an alias',
  );
  requireAliasName('aliasName of TargetFunction.fromFunction', aliasName);
  return {
    functionName: targetFunction.functionName,
    bind: (scope, { projectName }) => bind(scope, projectName, { targetFunction, aliasName, options }),
  };
}

/**
 * A function that a stack owns, given by its alias.
 *
 * @internal
 */
export function ownedAlias(alias: lambda.IAlias, options: FromAliasOptions): TargetFunctionKind {
  const { version, aliasName } = alias;
  if (version.version === '$LATEST') {
    refuse({
      prop: 'alias of TargetFunction.fromAlias',
      allowed: 'an alias of a published version, because $LATEST changes before the traffic shifts',
      described: `${alias.node.path}, which points to $LATEST`,
      remedy: 'create the alias with `new lambda.Version(this, "FirstVersion", { lambda: fn })`',
    });
  }
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
    bind: (scope, { projectName }) => {
      warnAboutUpdates(scope, alias);
      return bind(scope, projectName, { targetFunction: version.lambda, aliasName, options, alias });
    },
  };
}

/** CloudFormation updates an alias with all properties of the template, and the version is one of them. */
function warnAboutUpdates(scope: Construct, alias: lambda.IAlias): void {
  if (!(alias instanceof lambda.Alias)) {
    return;
  }
  Annotations.of(scope).addWarningV2(
    'cdk-lambda-ci-cd-pipeline:alias-of-a-stack',
    `a stack contains the alias ${alias.node.path}: each update of the stack that changes a property of the alias ` +
      '(for example description or provisionedConcurrentExecutions) also moves the alias back to the version in the ' +
      'template, without a deployment; leave the properties of the alias unchanged, and start the pipeline if such ' +
      'an update has happened, or use TargetFunction.fromFunction, whose alias no stack update moves',
  );
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const DEFAULT_TIMEOUT = Duration.seconds(3);

interface Owned {
  readonly targetFunction: lambda.IFunction;
  readonly aliasName: string;
  readonly alias?: lambda.IAlias;
  readonly options: FromAliasOptions;
}

function bind(scope: Construct, projectName: string, owned: Owned): TargetFunctionConfig {
  const { targetFunction, aliasName, alias, options } = owned;
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
  requireSamePlace(scope, 'targetFunction', targetFunction, targetFunction.functionArn);
  requireUpdatableRuntime('runtime of the target function', runtime);
  const architecture = options.architecture ?? made?.architecture ?? lambda.Architecture.X86_64;
  return {
    functionName: targetFunction.functionName,
    functionArn: targetFunction.functionArn,
    aliasName,
    stack: targetFunction.stack,
    runtime,
    architecture,
    timeout: made && (made.timeout ?? DEFAULT_TIMEOUT),
    configuration: made && createOwnedConfiguration(scope, projectName, made),
    appliesConfiguration: false,
    statements: [],
    provide: (release) =>
      alias
        ? { targetFunction, alias: scalableAlias(alias) }
        : provideAlias(scope, release, { targetFunction, aliasName, architecture }),
  };
}

/** A change of the function's configuration in its stack starts a run. */
function createOwnedConfiguration(
  scope: Construct,
  projectName: string,
  made: lambda.Function,
): ssm.IStringParameter | undefined {
  const resource = made.node.defaultChild;
  return resource instanceof lambda.CfnFunction
    ? createOwnedConfigurationParameter(scope, projectName, resource)
    : undefined;
}

/** Creates the alias with the stack of the pipeline. No resource of the function's own stack refers to it. */
function provideAlias(
  scope: Construct,
  release: lambda.IFunction,
  props: Pick<Owned, 'targetFunction' | 'aliasName'> & { readonly architecture: lambda.Architecture },
): ProvidedFunction {
  const { targetFunction, aliasName, architecture } = props;
  const { functionName, role } = targetFunction;
  const resource = createFunctionResource(scope, release, { functionName, aliasName, dependencies: [targetFunction] });
  const connections = targetFunction.isBoundToVpc ? targetFunction.connections : undefined;
  const literal = { literalName: functionName, aliasName };
  const { alias } = createManagedAlias(scope, namesOf(resource), { ...literal, role, architecture, connections });
  return { targetFunction, alias, resource };
}

/** An imported alias has no `addAutoScaling`. */
function scalableAlias(alias: lambda.IAlias): ILiveAlias {
  if (alias instanceof lambda.Alias) {
    return alias;
  }
  let scaling: lambda.IScalableFunctionAttribute | undefined;
  const addAutoScaling = (options: lambda.AutoScalingOptions) => (scaling = scaleAlias(alias, options, scaling));
  return Object.create(alias, { addAutoScaling: { value: addAutoScaling } });
}
