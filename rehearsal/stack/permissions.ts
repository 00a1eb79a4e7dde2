import type { ResourceContext } from './stack';
import { list } from '../account/iam/condition';
import { Caller } from '../account/iam/iam';
import { functionName } from '../account/lambda/names';

/** What CloudFormation calls to make a resource, as its role. */
type Needs = (context: ResourceContext) => [action: string, resource: string, context?: Record<string, string>][];

/** The types that a template in the source may have: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html. */
const NEEDS: Record<string, Needs> = {
  'AWS::Lambda::Function': ({ account, properties, generatedName }) => {
    const arn = account.lambda.arn({ FunctionName: properties.FunctionName ?? generatedName });
    return [
      ['lambda:CreateFunction', arn],
      ['lambda:GetFunction', arn],
    ];
  },
  'AWS::Lambda::Version': (context) => [['lambda:PublishVersion', arnOf(context)]],
  'AWS::Lambda::Alias': (context) => [['lambda:CreateAlias', arnOf(context)]],
  'AWS::Lambda::Permission': (context) => [['lambda:AddPermission', arnOf(context)]],
  'AWS::IAM::Role': ({ account, properties, generatedName }) => {
    const arn = `arn:aws:iam::${account.id}:role${properties.Path ?? '/'}${properties.RoleName ?? generatedName}`;
    return [
      ['iam:CreateRole', arn],
      ['iam:GetRole', arn],
      ...list<string>(properties.ManagedPolicyArns).map((policy): [string, string, Record<string, string>] => [
        'iam:AttachRolePolicy',
        arn,
        { 'iam:PolicyARN': policy },
      ]),
      ...list<unknown>(properties.Policies).map((): [string, string] => ['iam:PutRolePolicy', arn]),
    ];
  },
  'AWS::Logs::LogGroup': ({ account, properties, generatedName }) => {
    const arn = account.arn('logs', `log-group:${properties.LogGroupName ?? generatedName}`);
    return [
      ['logs:CreateLogGroup', arn],
      ...(properties.RetentionInDays ? [['logs:PutRetentionPolicy', arn] as [string, string]] : []),
    ];
  },
};

/** Holds what CloudFormation does for a resource against the policies of its role. */
export function checkResource(context: ResourceContext, type: string, caller: Caller): void {
  const needs = NEEDS[type];
  if (!needs) {
    throw context.account.refuse(
      `${type} ${context.logicalId} in a template of the source. Rehearsed are ${Object.keys(NEEDS).join(', ')}`,
    );
  }
  for (const [action, resource, conditions] of needs(context)) {
    context.account.calls.check(caller, action, resource, conditions);
  }
}

function arnOf({ account, properties }: ResourceContext): string {
  return account.lambda.arn({ FunctionName: functionName(properties.FunctionName) });
}
