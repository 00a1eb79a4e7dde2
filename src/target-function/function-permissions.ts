import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CommonFunctionOptions } from './function-options';
import { acknowledge, acknowledgeWildcard } from '../private/acknowledgement';
import { arnOf } from '../private/arn';
import { createServiceRole } from '../private/service-role';
import { Statement } from '../private/statement';

/** Creates the execution role of the function. */
export function createExecutionRole(
  scope: Construct,
  functionName: string,
  { logGroup, vpc, environmentEncryption, durableConfig }: CommonFunctionOptions,
): iam.IRole {
  // Lambda creates the default log group. An existing function already has it, and a stack could not create it again.
  // See docs/decisions/017-log-group-of-the-function-is-lambdas.md.
  const defaultGroup = arnOf(scope, 'logs', 'log-group', `/aws/lambda/${functionName}`);
  const ownGroup = logGroup?.logGroupRef.logGroupArn; // Ends with the wildcard for the streams.
  const role = createServiceRole(scope, 'TargetFunctionServiceRole', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: `Execution role of the function ${functionName}`,
    statements: [
      new Statement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: ownGroup ? [ownGroup] : [defaultGroup, `${defaultGroup}:*`],
        because: 'Lambda generates the names of the log streams',
      }),
      ...(vpc ? [networkInterfaces()] : []),
      ...(durableConfig ? [durableExecutions(arnOf(scope, 'lambda', 'function', functionName))] : []),
      // Lambda decrypts the environment with this role.
      ...(environmentEncryption
        ? [new Statement({ actions: ['kms:Decrypt'], resources: [environmentEncryption.keyRef.keyArn] })]
        : []),
    ],
  });
  // The CDK grants these permissions for tracing and for Lambda Insights.
  acknowledgeWildcard(role, '*', 'the permissions for X-Ray have no resource type');
  acknowledge(
    role,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/CloudWatchLambdaInsightsExecutionRolePolicy]',
    'Lambda Insights requires this managed policy',
  );
  return role;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/durable-security.html */
function durableExecutions(functionArn: string): iam.PolicyStatement {
  return new Statement({
    actions: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
    resources: [`${functionArn}:*`],
    because: 'an execution belongs to a version, and each run publishes a new version',
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
function networkInterfaces(): iam.PolicyStatement {
  return new Statement({
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
    because: 'Lambda creates the network interfaces of a VPC, which have no names beforehand',
  });
}

/** What the release function needs permissions for, to create and configure a function. */
export interface CreatePermissionsProps {
  readonly functionName: string;
  readonly role: iam.IRole;
  readonly resource: lambda.CfnFunction;
  readonly options: CommonFunctionOptions;
}

/** Returns the permissions that the release function needs to create and configure the function. */
export function createPermissions(scope: Construct, props: CreatePermissionsProps): iam.PolicyStatement[] {
  const { functionName, role, options } = props;
  const functionArn = arnOf(scope, 'lambda', 'function', functionName);
  return [
    new Statement({
      // The tags show whether the pipeline created the function.
      actions: ['lambda:CreateFunction', 'lambda:UpdateFunctionConfiguration', 'lambda:TagResource', 'lambda:ListTags'],
      resources: [functionArn],
    }),
    new Statement({
      actions: ['iam:PassRole'],
      resources: [role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    }),
    ...optionStatements(options),
    ...layerStatements(scope, props.resource),
  ];
}

/** Lambda calls these actions on behalf of the principal that configures a key, a VPC, or a file system. */
function optionStatements({ environmentEncryption, vpc, filesystem }: CommonFunctionOptions): iam.PolicyStatement[] {
  return [
    ...(environmentEncryption
      ? [
          new Statement({
            actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt'],
            resources: [environmentEncryption.keyRef.keyArn],
          }),
        ]
      : []),
    ...(vpc
      ? [
          new Statement({
            actions: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'],
            resources: ['*'],
            because: 'the descriptions of EC2 have no resource type',
          }),
        ]
      : []),
    ...(filesystem
      ? [
          new Statement({
            actions: ['elasticfilesystem:DescribeMountTargets'],
            resources: ['*'],
            because: 'the option filesystem contains the access point, but not the file system',
          }),
        ]
      : []),
  ];
}

/** The layers of the options, and those that the CDK adds, for example for Lambda Insights. */
function layerStatements(scope: Construct, resource: lambda.CfnFunction): iam.PolicyStatement[] {
  const layers: unknown[] = Stack.of(scope).resolve(resource.layers) ?? [];
  return layers.length > 0
    ? [
        new Statement({
          actions: ['lambda:GetLayerVersion'],
          resources: layers.map((layer) => Token.asString(layer)),
        }),
      ]
    : [];
}
