import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { TargetFunctionBindOptions, TargetFunctionConfig, TargetFunctionKind } from './config';
import { createdFromImage, createdFunction } from './created-function';
import { createdFromTemplate, CreateFromTemplateOptions } from './function-from-template';
import { CreateFromImageOptions, CreateFunctionOptions } from './function-options';
import { boundFunction, BoundTargetFunction, configOf } from './own-function';
import { FromAliasOptions, FromFunctionOptions, ownedAlias, ownedFunction } from './owned-function';
import { requireInput } from '../private/input';

/**
 * The function that the pipeline releases to. To add a kind, extend this class and implement `bind`.
 *
 * @example
 * const targetFunction = TargetFunction.create({
 *   runtime: lambda.Runtime.PYTHON_3_13,
 *   handler: 'app.handler',
 *   memorySize: 512,
 *   timeout: Duration.seconds(30),
 *   environment: { STOCK_TABLE: 'stock' },
 * });
 */
export abstract class TargetFunction {
  /**
   * A function that the stack creates if it does not exist, with an alias and placeholder code that fails each
   * invocation until the first release. The function is retained when the stack is deleted, so that deleting a pipeline
   * does not stop a service.
   */
  public static create(options: CreateFunctionOptions): TargetFunction {
    requireInput('TargetFunction.create', { options });
    return new KindOfTargetFunction(createdFunction(options));
  }

  /**
   * A function from container images. The stack creates the function from `initialImage` if the function does not
   * exist. Without `initialImage`, the first run of the pipeline creates the function, and resources of the app cannot
   * use the alias at the first deployment. Each release pins the digest of the image, and its traffic shifts like that
   * of a package.
   */
  public static createFromImage(options: CreateFromImageOptions): TargetFunction {
    requireInput('TargetFunction.createFromImage', { options });
    return new KindOfTargetFunction(createdFromImage(options));
  }

  /**
   * A function that the first run of the pipeline creates from a CloudFormation template in the source if the function
   * does not exist. After that, the stack of the template owns the configuration, and the pipeline releases only code.
   * Resources of the app cannot use the alias at the first deployment.
   */
  public static createFromTemplate(options: CreateFromTemplateOptions): TargetFunction {
    requireInput('TargetFunction.createFromTemplate', { options });
    return new KindOfTargetFunction(createdFromTemplate(options));
  }

  /**
   * A function that a stack owns. The pipeline releases code, publishes versions, and moves the alias. It never changes
   * the configuration. Code that the stack deploys later reaches `$LATEST` only, and the next release replaces it.
   *
   * @param targetFunction the function itself, not a version or an alias
   */
  public static fromFunction(targetFunction: lambda.IFunction, options: FromFunctionOptions = {}): TargetFunction {
    requireInput('TargetFunction.fromFunction', { targetFunction, options });
    return new KindOfTargetFunction(ownedFunction(targetFunction, options));
  }

  /**
   * A function that a stack owns, given by its alias. An update of that stack moves the alias back to the version in
   * its template if it changes a property of the alias, for example `description`. A warning at synth says so.
   *
   * @param alias must not follow the function's `currentVersion`, because every stack update would move it
   */
  public static fromAlias(alias: lambda.IAlias, options: FromAliasOptions = {}): TargetFunction {
    requireInput('TargetFunction.fromAlias', { alias, options });
    return new KindOfTargetFunction(ownedAlias(alias, options));
  }

  /**
   * Returns the function, and creates the resources that it needs. The pipeline calls this method once. The result of
   * `bind` of another `TargetFunction` is valid too, for example of `TargetFunction.create` with your own defaults.
   *
   * @param scope the pipeline, as the parent of new constructs
   */
  public abstract bind(scope: Construct, options: TargetFunctionBindOptions): BoundTargetFunction;

  /**
   * Whether the project names the function.
   *
   * @internal
   */
  public get _isNamedByProject(): boolean {
    return false;
  }

  /** @internal */
  public _bind(scope: Construct, options: TargetFunctionBindOptions): TargetFunctionConfig {
    return configOf(scope, options, this.bind(scope, options));
  }
}

class KindOfTargetFunction extends TargetFunction {
  constructor(private readonly kind: TargetFunctionKind) {
    super();
  }

  public bind(scope: Construct, options: TargetFunctionBindOptions): BoundTargetFunction {
    return boundFunction(scope, this._bind(scope, options));
  }

  public get _isNamedByProject(): boolean {
    return this.kind.functionName === undefined;
  }

  public _bind(scope: Construct, options: TargetFunctionBindOptions): TargetFunctionConfig {
    return this.kind.bind(scope, options);
  }
}
