import { ArnFormat, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { nameOf } from '../handlers/release/contract';

/**
 * Returns the ARN of a resource by its name, for a resource that is not in the stack, or that a reference would tie
 * into a circular dependency.
 */
export function arnOf(
  scope: IConstruct,
  service: string,
  resource: string,
  resourceName: string,
  arnFormat = ArnFormat.COLON_RESOURCE_NAME,
): string {
  return Stack.of(scope).formatArn({ service, resource, resourceName, arnFormat });
}

/** Returns the ARN of the deployment group. A role needs this ARN before the group exists. */
export function deploymentGroupArn(scope: IConstruct, projectName: string): string {
  const name = `${nameOf('application', projectName)}/${nameOf('deploymentGroup', projectName)}`;
  return arnOf(scope, 'codedeploy', 'deploymentgroup', name);
}
