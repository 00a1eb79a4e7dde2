import { Scenario } from './scenario';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:notices';
const invalid = (what: string) => [400, 'InvalidParameterException', `Invalid parameter: ${what}`] as const;

export const SNS: Scenario[] = [
  {
    recorded:
      'sns/test_sns.py TestSNSPublishCrud test_unknown_topic_publish, test_publish_with_empty_subject, test_message_structure_json_exc, test_publish_too_long_message, test_empty_sns_message',
    service: 'sns',
    given: ({ account }) => account.sns.addTopic(TOPIC),
    steps: [
      { call: 'Publish', input: { TopicArn: TOPIC, Message: 'hello' }, answer: [200, { MessageId: '<any>' }] },
      {
        call: 'Publish',
        input: { TopicArn: `${TOPIC}2`, Message: 'hello' },
        error: [404, 'NotFoundException', 'Topic does not exist'],
      },
      { call: 'Publish', input: { TopicArn: TOPIC, Message: 'hello', Subject: '' }, error: invalid('Subject') },
      { call: 'Publish', input: { TopicArn: TOPIC, Message: '' }, error: invalid('Empty message') },
      {
        call: 'Publish',
        input: { TopicArn: TOPIC, Message: 'x'.repeat(262_145) },
        error: invalid('Message too long'),
      },
      {
        call: 'Publish',
        input: { TopicArn: TOPIC, Message: '{"email":"hello"}', MessageStructure: 'json' },
        error: invalid('Message Structure - No default entry in JSON message body'),
      },
      {
        call: 'Publish',
        input: { TopicArn: TOPIC, Message: '{', MessageStructure: 'json' },
        error: invalid('Message Structure - JSON message body failed to parse'),
      },
    ],
  },
];

const parameter = {
  ARN: 'arn:aws:ssm:us-east-1:123456789012:parameter/orders/configuration',
  DataType: 'text',
  LastModifiedDate: '<any>',
  Name: '/orders/configuration',
  Type: 'String',
  Value: '123',
  Version: 1,
};

export const SSM: Scenario[] = [
  {
    recorded: 'ssm/test_ssm.py TestSSM test_parameters_with_path',
    service: 'ssm',
    given: ({ account }) => void account.ssm.addParameter('/orders/configuration', 'String', '123'),
    steps: [
      { call: 'GetParameter', input: { Name: '/orders/configuration' }, answer: [200, { Parameter: parameter }] },
      { call: 'GetParameter', input: { Name: parameter.ARN }, answer: [200, { Parameter: parameter }] },
    ],
  },
];

const alarm = {
  ActionsEnabled: true,
  AlarmActions: [],
  AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors',
  AlarmConfigurationUpdatedTimestamp: '<any>',
  AlarmName: 'errors',
  ComparisonOperator: 'GreaterThanThreshold',
  Dimensions: [],
  EvaluationPeriods: 1,
  InsufficientDataActions: [],
  MetricName: 'Errors',
  Namespace: 'AWS/Lambda',
  OKActions: [],
  Period: 60,
  StateReason: 'Unchecked: Initial alarm creation',
  StateTransitionedTimestamp: '<any>',
  StateUpdatedTimestamp: '<any>',
  StateValue: 'INSUFFICIENT_DATA',
  Statistic: 'Sum',
  Threshold: 30,
};
const rule = 'ALARM("arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors")';

export const CLOUDWATCH: Scenario[] = [
  {
    recorded:
      'cloudwatch/test_cloudwatch.py TestCloudwatch test_describe_alarms_converts_date_format_correctly, test_trigger_composite_alarm',
    service: 'cloudwatch',
    given: ({ account }) => {
      account.cloudWatch.addAlarm('errors', {
        MetricName: 'Errors',
        Namespace: 'AWS/Lambda',
        Period: 60,
        EvaluationPeriods: 1,
        Statistic: 'Sum',
        Threshold: 30,
        ComparisonOperator: 'GreaterThanThreshold',
      });
      account.cloudWatch.addCompositeAlarm('both', rule);
    },
    steps: [
      {
        call: 'DescribeAlarms',
        input: { AlarmNames: ['errors'] },
        answer: [200, { CompositeAlarms: [], MetricAlarms: [alarm] }],
        differs: { 'MetricAlarms.0.StateReason': 'the stand-in has evaluated each alarm by the time it is asked' },
      },
      {
        call: 'DescribeAlarms',
        input: { AlarmNames: ['both'], AlarmTypes: ['CompositeAlarm'] },
        answer: [
          200,
          {
            MetricAlarms: [],
            CompositeAlarms: [
              {
                ActionsEnabled: true,
                AlarmActions: [],
                AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:both',
                AlarmConfigurationUpdatedTimestamp: '<any>',
                AlarmName: 'both',
                AlarmRule: rule,
                InsufficientDataActions: [],
                OKActions: [],
                StateReason: '<any>',
                StateReasonData: '<any>',
                StateTransitionedTimestamp: '<any>',
                StateUpdatedTimestamp: '<any>',
                StateValue: 'OK',
              },
            ],
          },
        ],
      },
    ],
  },
];
