import { PolicyDocument } from './policy';

const allow = (...actions: string[]): PolicyDocument => ({
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const NETWORK = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
const SHIFT = [
  'cloudwatch:DescribeAlarms',
  'lambda:UpdateAlias',
  'lambda:GetAlias',
  'lambda:GetProvisionedConcurrencyConfig',
];
const HOOKS: PolicyDocument = {
  Statement: [
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: 'arn:aws:lambda:*:*:function:CodeDeployHook_*' },
  ],
};

/**
 * The AWS managed policies that the rehearsal knows, by the end of their ARN
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html). All others are errors.
 */
export const MANAGED_POLICIES: Record<string, PolicyDocument[]> = {
  'service-role/AWSLambdaBasicExecutionRole': [allow(...LOGS)],
  'service-role/AWSLambdaVPCAccessExecutionRole': [allow(...LOGS, ...NETWORK)],
  AWSXRayDaemonWriteAccess: [
    allow(
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ),
  ],
  'service-role/AWSCodeDeployRoleForLambda': [allow(...SHIFT, 'sns:Publish'), HOOKS],
  'service-role/AWSCodeDeployRoleForLambdaLimited': [allow(...SHIFT), HOOKS],
};
