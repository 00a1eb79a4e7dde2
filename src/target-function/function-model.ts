import { CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { arnOf } from '../private/arn';
import { requireOfCdk } from '../private/validation';

/** A CDK function that describes the target function, and its resource, which the template omits. */
export interface FunctionModel {
  readonly model: lambda.Function;
  readonly resource: lambda.CfnFunction;
}

/**
 * Creates a CDK function that turns the options into a configuration. The function stays in the construct tree, so that
 * aspects, mixins, tags, and rules such as those of cdk-nag see it, but the template omits it, because the pipeline
 * owns the function. Resources that the options need, such as security groups, stay in the template. See
 * docs/decisions/028-the-cdks-function-is-only-a-model.md.
 */
export function modelFunction(
  scope: Construct,
  props: lambda.FunctionProps & { readonly functionName: string },
): FunctionModel {
  const { functionName } = props;
  // Always set, because newer apps would otherwise create an unused log group for the model.
  const logGroup =
    props.logGroup ?? logs.LogGroup.fromLogGroupName(scope, 'TargetFunctionLogGroup', `/aws/lambda/${functionName}`);
  const model = requireOfCdk(
    'targetFunction',
    () => new lambda.Function(scope, 'TargetFunction', { ...props, logGroup }),
  );
  const resource = model.node.defaultChild as lambda.CfnFunction;
  hide(resource, { shouldSynthesize: () => false });
  // A reference to a resource that the template omits would make the template invalid.
  const functionArn = arnOf(scope, 'lambda', 'function', functionName);
  hide(resource, { ref: functionName, attrArn: functionArn });
  hide(model, { functionName, functionArn });
  return { model, resource };
}

function hide(target: object, values: Record<string, unknown>): void {
  Object.defineProperties(
    target,
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, configurable: true }])),
  );
}

/** Retains the execution role when the stack is deleted, because the function continues to run. */
export function retainRole(role: iam.IRole): void {
  for (const resource of [role.node.defaultChild, role.node.tryFindChild('DefaultPolicy')?.node.defaultChild]) {
    if (CfnResource.isCfnResource(resource)) {
      resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }
}
