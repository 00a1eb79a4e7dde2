import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { TargetFunctionBindOptions, TargetFunctionConfig, TargetFunctionKind } from './config';
import { createdFromImage, createdFunction } from './created-function';
import { createdFromTemplate, CreateFromTemplateOptions } from './function-from-template';
import { CreateFromImageOptions, CreateFunctionOptions } from './function-options';
import { FromAliasOptions, FromFunctionOptions, ownedAlias, ownedFunction } from './owned-function';

/**
 * The function that the pipeline releases to.
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
    return new KindOfTargetFunction(createdFunction(options));
  }

  /**
   * A function from container images. The stack creates the function from `initialImage` if the function does not
   * exist. Without `initialImage`, the first run of the pipeline creates the function, and resources of the app cannot
   * use the alias at the first deployment. Each release pins the digest of the image, and its traffic shifts like that
   * of a package.
   */
  public static createFromImage(options: CreateFromImageOptions): TargetFunction {
    return new KindOfTargetFunction(createdFromImage(options));
  }

  /**
   * A function that the first run of the pipeline creates from a CloudFormation template in the source if the function
   * does not exist. After that, the stack of the template owns the configuration, and the pipeline releases only code.
   * Resources of the app cannot use the alias at the first deployment.
   */
  public static createFromTemplate(options: CreateFromTemplateOptions): TargetFunction {
    return new KindOfTargetFunction(createdFromTemplate(options));
  }

  /**
   * A function that a stack owns. The pipeline releases code, publishes versions, and moves the alias. It never changes
   * the configuration. The stack must not deploy code except for the initial code.
   *
   * @param targetFunction the function itself, not a version or an alias
   */
  public static fromFunction(targetFunction: lambda.IFunction, options: FromFunctionOptions = {}): TargetFunction {
    return new KindOfTargetFunction(ownedFunction(targetFunction, options));
  }

  /**
   * A function that a stack owns, given by its alias.
   *
   * @param alias must not follow the function's `currentVersion`, because every stack update would move it
   */
  public static fromAlias(alias: lambda.IAlias, options: FromAliasOptions = {}): TargetFunction {
    return new KindOfTargetFunction(ownedAlias(alias, options));
  }

  /**
   * The name of the function, if it does not come from the project.
   *
   * @internal
   */
  public abstract readonly _functionName?: string;

  /** @internal */
  public abstract _bind(scope: Construct, options: TargetFunctionBindOptions): TargetFunctionConfig;
}

class KindOfTargetFunction extends TargetFunction {
  public readonly _functionName?: string;

  constructor(private readonly kind: TargetFunctionKind) {
    super();
    this._functionName = kind.functionName;
  }

  public _bind(scope: Construct, options: TargetFunctionBindOptions): TargetFunctionConfig {
    return this.kind.bind(scope, options);
  }
}
