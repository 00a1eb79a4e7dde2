import type { ResourceContext } from './context';
import SCHEMAS from './resource-schemas.json';
import { Caller } from '../account/iam/iam';
import { functionName } from '../account/lambda/names';
import { list } from '../base/list';

type Context = ResourceContext<Record<string, unknown>>;

/** Properties of which each makes the handler of the type call an action: without them it does not. */
type Because = readonly string[];

/** A resource type that a template in the source may contain. */
interface TypeOfTemplate {
  /** The ARN that the actions of the type are checked against. */
  readonly arn: (context: Context) => string;
  /** The actions of the schema that depend on the properties. All others are always called. */
  readonly conditional: Readonly<Record<string, Because>>;
}

/** Actions that the account checks itself when the function is created, with the resource that each of them has. */
const CHECKED_ELSEWHERE = [
  'iam:PassRole',
  's3:GetObject',
  's3:GetObjectVersion',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'lambda:GetLayerVersion',
];

const KMS = ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'];
const PROVISIONED = ['lambda:PutProvisionedConcurrencyConfig', 'lambda:GetProvisionedConcurrencyConfig'];
const RUNTIME = ['lambda:GetRuntimeManagementConfig', 'lambda:PutRuntimeManagementConfig'];
const DATA_PROTECTION = [
  'logs:GetDataProtectionPolicy',
  'logs:PutDataProtectionPolicy',
  'logs:CreateLogDelivery',
  's3:REST.PUT.OBJECT',
  'firehose:TagDeliveryStream',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
];

/**
 * The types, with the actions that CloudFormation's resource schemas list for their creation. A schema lists all
 * actions of a handler, and `conditional` the properties that an action depends on.
 */
const TYPES: Record<string, TypeOfTemplate> = {
  'AWS::Lambda::Function': {
    arn: ({ account, properties, generatedName }) =>
      account.lambda.arn({ FunctionName: String(properties.FunctionName ?? generatedName) }),
    conditional: {
      ...when(['KmsKeyArn'], KMS),
      ...when(['FileSystemConfigs'], ['elasticfilesystem:DescribeMountTargets', 's3files:ListMountTargets']),
      ...when(['CodeSigningConfigArn'], ['lambda:GetCodeSigningConfig', 'lambda:GetFunctionCodeSigningConfig']),
      ...when(['RuntimeManagementConfig'], [...RUNTIME, 'lambda:AssociateRuntimeAlias']),
      ...when(['RecursiveLoop'], ['lambda:PutFunctionRecursionConfig', 'lambda:GetFunctionRecursionConfig']),
      ...when(['CapacityProviderConfig'], ['lambda:PutFunctionScalingConfig', 'lambda:PassCapacityProvider']),
      ...when(['Tags'], ['lambda:TagResource']),
      ...when(['ReservedConcurrentExecutions'], ['lambda:PutFunctionConcurrency']),
    },
  },
  'AWS::Lambda::Version': {
    arn: functionArn,
    conditional: {
      ...when(['ProvisionedConcurrencyConfig'], PROVISIONED),
      ...when(['RuntimePolicy'], RUNTIME),
      ...when(['FunctionScalingConfig'], ['lambda:PutFunctionScalingConfig']),
    },
  },
  'AWS::Lambda::Alias': { arn: functionArn, conditional: when(['ProvisionedConcurrencyConfig'], PROVISIONED) },
  'AWS::Lambda::Permission': { arn: functionArn, conditional: {} },
  'AWS::IAM::Role': {
    arn: ({ account, properties, generatedName }) =>
      `arn:aws:iam::${account.id}:role${properties.Path ?? '/'}${properties.RoleName ?? generatedName}`,
    conditional: {
      ...when(['Policies'], ['iam:PutRolePolicy', 'iam:GetRolePolicy']),
      ...when(['ManagedPolicyArns'], ['iam:AttachRolePolicy']),
      ...when(['Tags'], ['iam:TagRole', 'iam:UntagRole']),
    },
  },
  'AWS::Logs::LogGroup': {
    arn: ({ account, properties, generatedName }) =>
      account.arn('logs', `log-group:${properties.LogGroupName ?? generatedName}`),
    conditional: {
      ...when(['RetentionInDays'], ['logs:PutRetentionPolicy']),
      ...when(['Tags'], ['logs:TagResource']),
      ...when(['DataProtectionPolicy'], DATA_PROTECTION),
      ...when(['FieldIndexPolicies'], ['logs:PutIndexPolicy', 'logs:DescribeIndexPolicies']),
      ...when(['BearerTokenAuthenticationEnabled'], ['logs:PutBearerTokenAuthentication']),
    },
  },
};

/** Checks the calls that CloudFormation makes for a resource against the policies of its role. */
export function checkResource(context: ResourceContext<never>, type: string, caller: Caller): void {
  const known = TYPES[type];
  if (!known) {
    throw context.account.refuse(
      `${type} ${context.logicalId} in a template of the source. Rehearsed are ${Object.keys(TYPES).join(', ')}`,
    );
  }
  const { account, properties } = context as Context;
  for (const action of calledActions(type, properties)) {
    for (const [resource, conditions] of resourcesOf(action, known.arn(context), context)) {
      account.calls.check(caller, action, resource, conditions);
    }
  }
}

/** Returns the actions that the creation of a resource with these properties calls. */
export function calledActions(type: string, properties: Readonly<Record<string, unknown>>): string[] {
  const { create } = (SCHEMAS as Record<string, { readonly create: string[] }>)[type];
  const { conditional } = TYPES[type];
  // A handler first creates the resource, and then changes it
  const order = (action: string) => Number(!action.split(':')[1].startsWith('Create'));
  return [...create]
    .sort((one, other) => order(one) - order(other))
    .filter((action) => !CHECKED_ELSEWHERE.includes(action))
    .filter((action) => (conditional[action] ?? []).every((property) => properties[property] !== undefined));
}

type Checked = [resource: string, conditions?: Record<string, string>];

function resourcesOf(action: string, arn: string, { account, properties }: Context): Checked[] {
  if (action === 'logs:DescribeLogGroups') {
    return [[account.arn('logs', 'log-group::log-stream:')]];
  }
  return action === 'iam:AttachRolePolicy'
    ? list(properties.ManagedPolicyArns as string[]).map((policy) => [arn, { 'iam:PolicyARN': policy }])
    : [[arn]];
}

function when(because: Because, actions: readonly string[]): Record<string, Because> {
  return Object.fromEntries(actions.map((action) => [action, because]));
}

function functionArn({ account, properties }: Context): string {
  return account.lambda.arn({ FunctionName: functionName(String(properties.FunctionName)) });
}
