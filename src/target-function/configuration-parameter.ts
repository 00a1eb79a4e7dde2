import { Lazy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { parameterNameOf } from '../handlers/release/contract';
import {
  renderConfigurationParameter,
  renderFunctionConfiguration,
  renderOwnedConfiguration,
} from '../private/function-configuration';

/** Creates the parameter that holds the configuration. Its metadata shows each field in `cdk diff`. */
export function createConfigurationParameter(
  scope: Construct,
  projectName: string,
  resource: lambda.CfnFunction,
): ssm.StringParameter {
  const fields = Lazy.uncachedAny({ produce: (context) => renderFunctionConfiguration(resource, context) });
  const parameter = createParameter(scope, 'TargetFunctionConfiguration', {
    projectName,
    description: `Configuration that the pipeline of ${projectName} applies to its function`,
    stringValue: renderConfigurationParameter(resource),
  });
  (parameter.node.defaultChild as ssm.CfnParameter).addMetadata('Function', fields);
  return parameter;
}

/**
 * Creates the parameter that changes with the configuration of a function that a stack applies. It is in the stack of
 * the function: in another stack, its value would import what the configuration refers to, and CloudFormation replaces
 * nothing that another stack imports.
 */
export function createOwnedConfigurationParameter(
  scope: Construct,
  projectName: string,
  resource: lambda.CfnFunction,
): ssm.StringParameter {
  const isSameStack = Stack.of(scope) === resource.stack;
  const id = 'TargetFunctionConfiguration';
  return createParameter(isSameStack ? scope : resource.stack, isSameStack ? id : `${projectName}-${id}`, {
    projectName,
    description: `Configuration of the function that the pipeline of ${projectName} releases. Only for comparison`,
    stringValue: renderOwnedConfiguration(resource),
  });
}

interface ParameterProps {
  readonly projectName: string;
  readonly description: string;
  readonly stringValue: string;
}

function createParameter(scope: Construct, id: string, { projectName, ...props }: ParameterProps): ssm.StringParameter {
  return new ssm.StringParameter(scope, id, {
    ...props,
    parameterName: parameterNameOf(projectName),
    simpleName: false,
    tier: ssm.ParameterTier.INTELLIGENT_TIERING, // The free tier stores 4 KB, and the environment alone can have 4 KB.
  });
}
