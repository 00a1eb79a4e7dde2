import { Aws, Stack, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { acknowledge, acknowledgeWildcard } from '../../src/private/acknowledgement';

const acknowledged = (stack: Stack) =>
  stack.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .map(({ data }) => data);

test('a finding is acknowledged with its reason', () => {
  const stack = new Stack();
  acknowledge(stack, 'AwsSolutions-S1', 'no logs are wanted');
  expect(acknowledged(stack)).toEqual([{ 'AwsSolutions-S1': 'no logs are wanted' }]);
});

test.each([
  ['all', () => '*', '*'],
  ['an ARN', () => 'arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket/*'],
  ['an ARN with references', () => `arn:${Aws.PARTITION}:s3:::x/*`, 'arn:<AWS::Partition>:s3:::x/*'],
  ['an attribute', (stack: Stack) => new s3.Bucket(stack, 'B').arnForObjects('*'), '<B08E7C7AF.Arn>/*'],
])('a wildcard is acknowledged under the id that cdk-nag gives it: %s', (_, resource, id) => {
  const stack = new Stack();
  acknowledgeWildcard(stack, resource(stack), 'many');
  expect(acknowledged(stack)).toEqual([{ [`AwsSolutions-IAM5[Resource::${id}]`]: 'many' }]);
});
