import { Scenario } from './scenario';

const TemplateBody = JSON.stringify({ Resources: { Logs: { Type: 'AWS::Logs::LogGroup' } } });
const RoleARN = 'arn:aws:iam::123456789012:role/deployer';
const STARTED = 60_000;

const stack = (changes: Record<string, unknown>) => ({
  CreationTime: '<any>',
  DisableRollback: false,
  DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  EnableTerminationProtection: false,
  NotificationARNs: [],
  RoleARN,
  RollbackConfiguration: {},
  StackId: '<stack:1>',
  StackName: 'orders',
  StackStatus: 'CREATE_COMPLETE',
  Tags: [],
  ...changes,
});

const event = (changes: Record<string, unknown>) => ({
  EventId: '<any>',
  StackId: '<stack:1>',
  StackName: 'orders',
  Timestamp: '<any>',
  ...changes,
});
const ofStack = (ResourceStatus: string, more = {}) =>
  event({
    LogicalResourceId: 'orders',
    PhysicalResourceId: '<stack:1>',
    ResourceType: 'AWS::CloudFormation::Stack',
    ResourceStatus,
    ...more,
  });
const ofLogs = (ResourceStatus: string, more = {}) =>
  event({
    LogicalResourceId: 'Logs',
    PhysicalResourceId: '<logs:1>',
    ResourceProperties: '{}',
    ResourceType: 'AWS::Logs::LogGroup',
    ResourceStatus,
    ...more,
  });
const invalid = (message: string) => [400, 'ValidationError', message] as const;

export const CLOUDFORMATION: Scenario[] = [
  {
    recorded:
      'cloudformation/api/test_stacks.py test_name_conflicts, test_non_existing_stack_message, test_describe_stack_events_errors, TestStacksApi test_list_events_after_deployment',
    service: 'cloudformation',
    given: (standIn) => {
      standIn.role('deployer', 'cloudformation.amazonaws.com', [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
    },
    steps: [
      { call: 'DescribeStacks', input: { StackName: 'orders' }, error: invalid('Stack with id orders does not exist') },
      {
        call: 'DescribeStackEvents',
        input: { StackName: 'orders' },
        error: invalid('Stack [orders] does not exist'),
      },
      {
        call: 'CreateStack',
        input: { StackName: 'orders', TemplateBody: JSON.stringify({ Resources: { Logs: 'no object' } }), RoleARN },
        error: invalid('Template format error: Any Resources member must be an object.'),
      },
      {
        call: 'CreateStack',
        input: { StackName: 'orders', TemplateBody, RoleARN },
        answer: [200, { StackId: '<stack:1>' }],
      },
      {
        call: 'DescribeStacks',
        after: STARTED,
        input: { StackName: 'orders' },
        answer: [200, { Stacks: [stack({})] }],
      },
      {
        call: 'DescribeStackEvents',
        input: { StackName: 'orders' },
        answer: [
          200,
          {
            StackEvents: [
              ofStack('CREATE_COMPLETE'),
              ofLogs('CREATE_COMPLETE'),
              ofLogs('CREATE_IN_PROGRESS', { ResourceStatusReason: 'Resource creation Initiated' }),
              ofLogs('CREATE_IN_PROGRESS', { PhysicalResourceId: '' }),
              ofStack('CREATE_IN_PROGRESS', { ResourceStatusReason: 'User Initiated' }),
            ],
          },
        ],
      },
      {
        call: 'CreateStack',
        input: { StackName: 'orders', TemplateBody, RoleARN },
        error: [400, 'AlreadyExistsException', 'Stack [orders] already exists'],
      },
      { call: 'DeleteStack', input: { StackName: 'orders' }, answer: [200, {}] },
      {
        call: 'DescribeStacks',
        after: STARTED,
        input: { StackName: 'orders' },
        error: invalid('Stack with id orders does not exist'),
      },
    ],
  },
];
