import { CustomResource, Duration, IResolveContext, Lazy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import { CONFIGURATION_FIELDS, ConfigurationField, FUNCTION_RESOURCE } from '../handlers/release/contract';

/** What the custom resource creates. */
export interface FunctionResourceProps {
  readonly functionName: string;
  readonly aliasName: string;
  /** The configuration of the function; omitted when another resource creates the function. */
  readonly configuration?: (context: IResolveContext) => Record<string, unknown>;
  readonly initialImage?: string;
  /** What the function needs before it can be created: the execution role with its policies, for example. */
  readonly dependencies: IConstruct[];
}

/**
 * Creates the custom resource that creates the function and the alias with the stack, and never changes or deletes
 * them afterwards. The release function handles it.
 * See docs/decisions/024-the-alias-exists-from-the-first-deployment.md.
 */
export function createFunctionResource(
  scope: Construct,
  release: lambda.IFunction,
  { functionName, aliasName, configuration, initialImage, dependencies }: FunctionResourceProps,
): CustomResource {
  const { type, properties, timeoutSeconds } = FUNCTION_RESOURCE;
  const initial = Lazy.uncachedAny({
    produce: (context) => configuration && initialConfiguration(configuration(context)),
  });
  const resource = new CustomResource(scope, 'FunctionWithAlias', {
    serviceToken: release.functionArn,
    resourceType: type,
    serviceTimeout: Duration.seconds(timeoutSeconds),
    properties: {
      [properties.functionName]: functionName,
      [properties.aliasName]: aliasName,
      // As text, because CloudFormation turns every number and boolean of a custom resource into text.
      ...(configuration ? { [properties.configuration]: Stack.of(scope).toJsonString(initial) } : {}),
      ...(initialImage ? { [properties.initialImage]: initialImage } : {}),
    },
  });
  resource.node.addDependency(...dependencies);
  return resource;
}

/** The fields that the placeholder needs. Others would update the custom resource at each change, or make a cycle. */
function initialConfiguration(configuration: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(configuration).filter(
      ([field]) => 'createdWith' in CONFIGURATION_FIELDS[field as ConfigurationField],
    ),
  );
}
