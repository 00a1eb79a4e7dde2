import type { ResourceContext } from './context';
import { FunctionProperties, LogGroupProperties, RoleProperties } from './properties';
import { Caller } from '../account/iam/iam';
import { functionName } from '../account/lambda/names';
import { list } from '../base/list';

/** A call that CloudFormation makes with its role to create a resource. */
type Call = [action: string, resource: string, context?: Record<string, string>];
type Calls = (context: ResourceContext<never>) => Call[];

/** The calls for each resource type that a template in the source may contain, by the schemas of the types. */
const CALLS: Record<string, Calls> = {
  'AWS::Lambda::Function': ({ account, properties, generatedName }: ResourceContext<FunctionProperties>) => {
    const arn = account.lambda.arn({ FunctionName: properties.FunctionName ?? generatedName });
    return [
      ['lambda:CreateFunction', arn],
      ['lambda:GetFunction', arn],
    ];
  },
  'AWS::Lambda::Version': (context) => [['lambda:PublishVersion', functionArn(context)]],
  'AWS::Lambda::Alias': (context) => [['lambda:CreateAlias', functionArn(context)]],
  'AWS::Lambda::Permission': (context) => [['lambda:AddPermission', functionArn(context)]],
  'AWS::IAM::Role': roleCalls,
  'AWS::Logs::LogGroup': ({ account, properties, generatedName }: ResourceContext<LogGroupProperties>) => {
    const arn = account.arn('logs', `log-group:${properties.LogGroupName ?? generatedName}`);
    const calls: Call[] = [['logs:CreateLogGroup', arn]];
    return properties.RetentionInDays ? [...calls, ['logs:PutRetentionPolicy', arn]] : calls;
  },
};

/** Checks the calls that CloudFormation makes for a resource against the policies of its role. */
export function checkResource(context: ResourceContext<never>, type: string, caller: Caller): void {
  const calls = CALLS[type];
  if (!calls) {
    throw context.account.refuse(
      `${type} ${context.logicalId} in a template of the source. Rehearsed are ${Object.keys(CALLS).join(', ')}`,
    );
  }
  for (const [action, resource, conditions] of calls(context)) {
    context.account.calls.check(caller, action, resource, conditions);
  }
}

function roleCalls({ account, properties, generatedName }: ResourceContext<RoleProperties>): Call[] {
  const arn = `arn:aws:iam::${account.id}:role${properties.Path ?? '/'}${properties.RoleName ?? generatedName}`;
  return [
    ['iam:CreateRole', arn],
    ['iam:GetRole', arn],
    ...list(properties.ManagedPolicyArns).map((policy): Call => [
      'iam:AttachRolePolicy',
      arn,
      { 'iam:PolicyARN': policy },
    ]),
    ...list(properties.Policies).map((): Call => ['iam:PutRolePolicy', arn]),
  ];
}

function functionArn({ account, properties }: ResourceContext<{ readonly FunctionName: string }>): string {
  return account.lambda.arn({ FunctionName: functionName(properties.FunctionName) });
}
