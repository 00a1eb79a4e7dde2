import { Stack, Validations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Says beside the code that causes it why a finding of a checker stays. Everything inside of the construct is covered. */
export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  // Written as metadata: `Validations.of(scope).acknowledge` takes no id with an ARN in it, because of its colons.
  scope.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [id]: reason });
}

/** Says why a permission stays on resources with a wildcard: cdk-nag asks for each of them (AwsSolutions-IAM5). */
export function acknowledgeWildcard(scope: IConstruct, resource: string, reason: string): void {
  acknowledge(scope, `AwsSolutions-IAM5[Resource::${flat(Stack.of(scope).resolve(resource))}]`, reason);
}

/** Text with its references in angle brackets, as cdk-nag writes them. */
function flat(value: any): string {
  if (typeof value !== 'object') {
    return value;
  }
  if ('Fn::Join' in value) {
    return value['Fn::Join'][1].map(flat).join(value['Fn::Join'][0]);
  }
  return 'Fn::GetAtt' in value ? `<${value['Fn::GetAtt'].join('.')}>` : `<${value.Ref}>`;
}
