import { ArnFormat, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** ARN of something that is known by its name: a reference to its resource would go round in a circle, or there is no resource. */
export function arnOf(
  scope: IConstruct,
  service: string,
  resource: string,
  resourceName: string,
  arnFormat = ArnFormat.COLON_RESOURCE_NAME,
): string {
  return Stack.of(scope).formatArn({ service, resource, resourceName, arnFormat });
}
