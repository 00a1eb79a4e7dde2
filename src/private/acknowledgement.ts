import { Stack, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Records, next to the code that causes a finding of a checker, why the finding stays. Covers the whole construct. */
export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  // As metadata, because `Validations.of(scope).acknowledge` rejects an id that contains an ARN, for its colons.
  scope.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [id]: reason });
}

/** Records why a permission has a resource with a wildcard. cdk-nag asks for each resource (AwsSolutions-IAM5). */
export function acknowledgeWildcard(scope: IConstruct, resource: string, reason: string): void {
  acknowledge(scope, `AwsSolutions-IAM5[Resource::${flat(Stack.of(scope).resolve(resource))}]`, reason);
}

/** Renders a text with its references in angle brackets, as cdk-nag does. */
function flat(value: any): string {
  if (typeof value !== 'object') {
    return value;
  }
  if ('Fn::Join' in value) {
    return value['Fn::Join'][1].map(flat).join(value['Fn::Join'][0]);
  }
  return 'Fn::GetAtt' in value ? `<${value['Fn::GetAtt'].join('.')}>` : `<${value.Ref}>`;
}
