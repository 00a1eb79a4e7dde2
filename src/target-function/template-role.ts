import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { arnOf } from '../private/arn';
import { createServiceRole } from '../private/service-role';
import { Statement } from '../private/statement';

/**
 * CloudFormation calls these actions to create the resources, and to delete them after a failure: the resource schemas
 * of CloudFormation list them as `handlers`.
 */
const FUNCTION_ACTIONS = [
  'lambda:CreateFunction',
  'lambda:GetFunction',
  'lambda:GetFunctionConfiguration',
  'lambda:DeleteFunction',
  'lambda:PublishVersion',
  'lambda:ListVersionsByFunction',
  'lambda:CreateAlias',
  'lambda:GetAlias',
  'lambda:DeleteAlias',
  'lambda:AddPermission',
  'lambda:RemovePermission',
  'lambda:TagResource',
  'lambda:ListTags',
  'lambda:GetPolicy',
  'lambda:GetFunctionCodeSigningConfig',
  'lambda:GetFunctionRecursionConfig',
  'lambda:PutFunctionRecursionConfig',
  'lambda:GetRuntimeManagementConfig',
  'lambda:PutRuntimeManagementConfig',
  'lambda:PutFunctionConcurrency',
  'lambda:GetProvisionedConcurrencyConfig',
  'lambda:PutProvisionedConcurrencyConfig',
  'lambda:GetFunctionScalingConfig',
  'lambda:PutFunctionScalingConfig',
];

const LOG_ACTIONS = [
  'logs:CreateLogGroup',
  'logs:DeleteLogGroup',
  'logs:PutRetentionPolicy',
  'logs:TagResource',
  'logs:ListTagsForResource',
  'logs:GetDataProtectionPolicy',
  'logs:DeleteDataProtectionPolicy',
  'logs:DescribeIndexPolicies',
];

const READ_ACTIONS = [
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'logs:DescribeResourcePolicies',
];

const ROLE_ACTIONS = [
  'iam:CreateRole',
  'iam:GetRole',
  'iam:DeleteRole',
  'iam:TagRole',
  'iam:UntagRole',
  'iam:GetRolePolicy',
  'iam:ListRolePolicies',
  'iam:ListAttachedRolePolicies',
];

interface Names {
  readonly functionName: string;
  readonly stackName: string;
}

/** The permissions that the template needs beyond its function and a role. */
export interface TemplatePermissions {
  readonly permissions?: iam.PolicyStatement[];
  readonly adminPermissions?: boolean;
}

/** Creates the role that CloudFormation uses for the stack of a template in the source. */
export function createTemplateRole(scope: Construct, options: TemplatePermissions, names: Names): iam.IRole {
  const { permissions = [], adminPermissions } = options;
  const { functionName, stackName } = names;
  return createServiceRole(scope, 'CloudFormationServiceRole', {
    assumedBy: new iam.ServicePrincipal('cloudformation.amazonaws.com'),
    description: `Creates the function ${functionName} from the template in the source`,
    statements: adminPermissions
      ? [new iam.PolicyStatement({ actions: ['*'], resources: ['*'] })]
      : [...functionStatements(scope, functionName), ...roleStatements(scope, stackName), ...permissions],
  });
}

/** The permissions for the function, its versions and aliases, and its log group. */
function functionStatements(scope: Construct, functionName: string): iam.PolicyStatement[] {
  const functionArn = arnOf(scope, 'lambda', 'function', functionName);
  const logGroupArn = arnOf(scope, 'logs', 'log-group', `/aws/lambda/${functionName}`);
  return [
    new Statement({
      actions: FUNCTION_ACTIONS,
      resources: [functionArn, `${functionArn}:*`],
      because: 'Lambda generates the numbers of the versions',
    }),
    new Statement({
      actions: LOG_ACTIONS,
      resources: [logGroupArn, `${logGroupArn}:*`],
      because: 'the ARN of a log group ends with the wildcard for its streams',
    }),
    new Statement({
      actions: READ_ACTIONS,
      resources: ['*'],
      because:
        'CloudFormation reads the network of a function and the policies of the logs, which have no resource type',
    }),
    new Statement({
      actions: ['logs:DescribeLogGroups'],
      resources: [arnOf(scope, 'logs', 'log-group', '*')],
      because: 'logs:DescribeLogGroups requires access to all log groups',
    }),
  ];
}

/**
 * The template may create a role, but attach only managed policies of Lambda to it: the repository could otherwise give
 * itself any permission. See docs/decisions/023-what-a-template-in-the-source-may-make.md.
 */
function roleStatements(scope: Construct, stackName: string): iam.PolicyStatement[] {
  const managed = (name: string) =>
    Stack.of(scope).formatArn({ service: 'iam', region: '', account: 'aws', resource: 'policy', resourceName: name });
  const resources = [
    Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: `${stackName}-*` }),
  ];
  const because = 'CloudFormation generates the rest of the name of a role';
  return [
    new Statement({
      actions: ROLE_ACTIONS,
      resources,
      because,
    }),
    new Statement({
      actions: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
      resources,
      because,
      conditions: {
        ArnEquals: {
          'iam:PolicyARN': [
            managed('service-role/AWSLambdaBasicExecutionRole'),
            managed('service-role/AWSLambdaVPCAccessExecutionRole'),
            managed('AWSXRayDaemonWriteAccess'),
          ],
        },
      },
    }),
    new Statement({
      actions: ['iam:PassRole'],
      resources,
      because,
      conditions: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    }),
  ];
}
