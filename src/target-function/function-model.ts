import { CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/**
 * Returns the resource of a CDK function, which turns the options into a configuration. The resource is removed from
 * the stack again, because the pipeline creates the function. Resources that the options need, such as security groups,
 * stay in the stack. See docs/decisions/028-the-cdks-function-is-only-a-model.md.
 */
export function modelFunction(scope: Construct, props: lambda.FunctionProps): lambda.CfnFunction {
  // Always set, because newer apps would otherwise create an unused log group for the model.
  const logGroup =
    props.logGroup ??
    logs.LogGroup.fromLogGroupName(scope, 'TargetFunctionLogGroup', `/aws/lambda/${props.functionName}`);
  const model = new lambda.Function(scope, 'TargetFunction', { ...props, logGroup });
  const resource = model.node.defaultChild as lambda.CfnFunction;
  model.node.tryRemoveChild(resource.node.id);
  return resource;
}

/** Retains the execution role when the stack is deleted, because the function continues to run. */
export function retainRole(role: iam.IRole): void {
  for (const resource of [role.node.defaultChild, role.node.tryFindChild('DefaultPolicy')?.node.defaultChild]) {
    if (CfnResource.isCfnResource(resource)) {
      resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }
}
