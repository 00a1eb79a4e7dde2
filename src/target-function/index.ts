import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { TargetFunctionBindOptions, TargetFunctionConfig, TargetFunctionKind } from './config';
import { createdFromImage, createdFunction, CreateFromImageOptions, CreateFunctionOptions } from './created-function';
import { createdFromTemplate, CreateFromTemplateOptions } from './function-from-template';
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
  /** A function that the pipeline creates when it is missing. Nothing of it is deleted with the stack, so that deleting a pipeline stops no service. */
  public static create(options: CreateFunctionOptions): TargetFunction {
    return new KindOfTargetFunction(createdFunction(options));
  }

  /**
   * A function from container images, which the pipeline creates with its first image when it is missing. Each release pins the image's digest,
   * and its traffic is shifted like code.
   */
  public static createFromImage(options: CreateFromImageOptions): TargetFunction {
    return new KindOfTargetFunction(createdFromImage(options));
  }

  /**
   * A function that the pipeline creates when it is missing, from a CloudFormation template in the source. After that the template's stack
   * owns the configuration, and the pipeline releases code only.
   */
  public static createFromTemplate(options: CreateFromTemplateOptions): TargetFunction {
    return new KindOfTargetFunction(createdFromTemplate(options));
  }

  /**
   * A function that a stack owns: the pipeline releases code, publishes versions and moves the alias, and never touches the configuration.
   * The stack must not put code of its own on it, apart from what it is made with.
   *
   * @param targetFunction the function itself, neither a version nor an alias
   */
  public static fromFunction(targetFunction: lambda.IFunction, options: FromFunctionOptions = {}): TargetFunction {
    return new KindOfTargetFunction(ownedFunction(targetFunction, options));
  }

  /**
   * A function that a stack owns, by its alias.
   *
   * @param alias one that does not follow the function's `currentVersion`, or every stack update would move it
   */
  public static fromAlias(alias: lambda.IAlias, options: FromAliasOptions = {}): TargetFunction {
    return new KindOfTargetFunction(ownedAlias(alias, options));
  }

  /**
   * The name that the function has on its own, so that it needs none from the project.
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
