import * as lambda from 'aws-cdk-lib/aws-lambda';

/** The alias that callers invoke, and that the pipeline moves. Use it like an alias of the stack. */
export interface ILiveAlias extends lambda.IAlias {
  /**
   * Scales the provisioned concurrency of the alias. Lambda rejects a change of the provisioned concurrency while a
   * deployment splits the traffic of the alias, and Application Auto Scaling tries again later. `minCapacity`
   * environments cost money from the first deployment of the stack, even before the first release.
   *
   * @param options the limits of the capacity
   */
  addAutoScaling(options: lambda.AutoScalingOptions): lambda.IScalableFunctionAttribute;
}
