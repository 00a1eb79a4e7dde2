import { Stack } from 'aws-cdk-lib';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { isKnown, refuse } from '../private/validation';

/** The CDK has this class for its own aliases, but does not export it. */
class ScalableAlias extends appscaling.BaseScalableAttribute implements lambda.IScalableFunctionAttribute {
  public scaleOnUtilization(options: lambda.UtilizationScalingOptions): void {
    const { utilizationTarget } = options;
    if (isKnown(utilizationTarget) && !(utilizationTarget >= 0.1 && utilizationTarget <= 0.9)) {
      refuse({
        prop: 'utilizationTarget',
        allowed: 'between 0.1 and 0.9',
        given: utilizationTarget,
        remedy: 'for example 0.7',
      });
    }
    super.doScaleToTrackMetric('Tracking', {
      targetValue: utilizationTarget,
      predefinedMetric: appscaling.PredefinedMetric.LAMBDA_PROVISIONED_CONCURRENCY_UTILIZATION,
      ...options,
    });
  }

  public scaleOnSchedule(id: string, action: appscaling.ScalingSchedule): void {
    super.doScaleOnSchedule(id, action);
  }
}

/** Scales the provisioned concurrency of an alias, as `addAutoScaling` of the CDK's own alias does. */
export function scaleAlias(
  alias: lambda.IAlias,
  { minCapacity = 1, maxCapacity }: lambda.AutoScalingOptions,
  before?: lambda.IScalableFunctionAttribute,
): lambda.IScalableFunctionAttribute {
  if (before) {
    refuse({
      prop: 'addAutoScaling of the alias',
      allowed: 'called once',
      described: 'a second call',
      remedy: 'use the object that the first call returned',
    });
  }
  const role = iam.Role.fromRoleArn(
    alias,
    'ScalingRole',
    Stack.of(alias).formatArn({
      service: 'iam',
      region: '',
      resource: 'role/aws-service-role/lambda.application-autoscaling.amazonaws.com',
      resourceName: 'AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency',
    }),
  );
  return new ScalableAlias(alias, 'AliasScaling', {
    minCapacity,
    maxCapacity,
    resourceId: `function:${alias.functionName}`,
    dimension: 'lambda:function:ProvisionedConcurrency',
    serviceNamespace: appscaling.ServiceNamespace.LAMBDA,
    role,
  });
}
