import { active, alias, api, ARN, configuration, invalid, notFound, twoVersions } from './lambda-members';
import { Scenario } from './scenario';

const weights = (versions: Record<string, number>) => ({ RoutingConfig: { AdditionalVersionWeights: versions } });
const outOfRange = (weight: string) =>
  [
    400,
    'ValidationException',
    `1 validation error detected: Value '{2=${weight}}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: ` +
      'Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]',
  ] as const;
const newAlias = { FunctionName: 'orders', Name: 'custom', FunctionVersion: '1' };
const custom = (changes: Record<string, unknown>) =>
  alias({ AliasArn: `${ARN}:custom`, Name: 'custom', RevisionId: '<any>', ...changes });

export const ALIASES: Scenario[] = [
  {
    recorded: api('TestLambdaAlias test_alias_lifecycle, test_notfound_and_invalid_routingconfigs'),
    service: 'lambda',
    given: twoVersions,
    steps: [
      {
        call: 'CreateAlias',
        input: { ...newAlias, ...weights({ '1': 0.5, '2': 0.5 }) },
        error: invalid('Number of items in AdditionalVersionWeights cannot be greater than 1'),
      },
      { call: 'CreateAlias', input: { ...newAlias, ...weights({ '2': 2 }) }, error: outOfRange('2.0') },
      { call: 'CreateAlias', input: { ...newAlias, ...weights({ '2': -1 }) }, error: outOfRange('-1.0') },
      {
        call: 'CreateAlias',
        input: { ...newAlias, ...weights({ '1': 0.5 }) },
        error: invalid('Invalid function version 1. Function version 1 is already included in routing configuration.'),
      },
      { call: 'CreateAlias', input: { ...newAlias, FunctionVersion: '10' }, error: notFound(`${ARN}:10`) },
      { call: 'CreateAlias', input: { ...newAlias, ...weights({ '10': 0.5 }) }, error: notFound(`${ARN}:10`) },
      {
        call: 'CreateAlias',
        input: { ...newAlias, FunctionVersion: '$LATEST', ...weights({ '1': 0.5 }) },
        error: invalid('$LATEST is not supported for an alias pointing to more than 1 version'),
      },
      {
        call: 'CreateAlias',
        input: { ...newAlias, ...weights({ $LATEST: 0.5 }) },
        error: [
          400,
          'ValidationException',
          "1 validation error detected: Value '{$LATEST=0.5}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: " +
            'Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]',
        ],
      },
      {
        call: 'CreateAlias',
        input: { ...newAlias, Name: 'latest', FunctionVersion: '$LATEST' },
        answer: [201, custom({ AliasArn: `${ARN}:latest`, Name: 'latest', FunctionVersion: '$LATEST' })],
      },
      {
        call: 'CreateAlias',
        input: { ...newAlias, FunctionName: 'none' },
        error: notFound(`${ARN.replace('orders', 'none')}:1`),
      },
      {
        call: 'CreateAlias',
        input: { ...newAlias, Name: 'empty', ...weights({}) },
        answer: [201, custom({ AliasArn: `${ARN}:empty`, Name: 'empty' })],
      },
      {
        call: 'CreateAlias',
        input: { ...newAlias, ...weights({ '2': 0.5 }) },
        answer: [201, custom(weights({ '2': 0.5 }))],
      },
      {
        call: 'CreateAlias',
        input: newAlias,
        error: [409, 'ResourceConflictException', `Alias already exists: ${ARN}:custom`],
      },
      {
        call: 'GetAlias',
        input: { FunctionName: 'orders', Name: 'custom' },
        answer: [200, custom(weights({ '2': 0.5 }))],
      },
      {
        call: 'GetAlias',
        input: { FunctionName: 'orders', Name: 'non-existent' },
        error: [404, 'ResourceNotFoundException', `Cannot find alias arn: ${ARN}:non-existent`],
      },
      {
        call: 'UpdateAlias',
        input: { FunctionName: 'orders', Name: 'non-existent' },
        error: [404, 'ResourceNotFoundException', `Alias not found: ${ARN}:non-existent`],
      },
      {
        call: 'UpdateAlias',
        input: { FunctionName: 'orders', Name: 'custom', ...weights({}) },
        answer: [200, custom({})],
      },
      {
        call: 'ListAliases',
        input: { FunctionName: 'orders', FunctionVersion: '1' },
        answer: [
          200,
          {
            Aliases: [
              custom({}),
              custom({ AliasArn: `${ARN}:empty`, Name: 'empty' }),
              custom({ AliasArn: `${ARN}:live`, Name: 'live' }),
            ],
          },
        ],
      },
      {
        call: 'GetFunctionConfiguration',
        input: { FunctionName: 'orders', Qualifier: 'custom' },
        answer: [
          200,
          configuration({
            FunctionArn: `${ARN}:custom`,
            Runtime: 'nodejs20.x',
            Version: '1',
            RevisionId: '<any>',
            ...active(),
          }),
        ],
      },
      {
        call: 'GetFunction',
        input: { FunctionName: 'orders', Qualifier: 'none' },
        error: notFound(`${ARN}:none`),
      },
    ],
  },
];

const statement = (changes: object) => ({
  Statement: JSON.stringify({
    Sid: 's3',
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: ARN,
    ...changes,
  }),
});
const permission = {
  FunctionName: 'orders',
  StatementId: 's3',
  Action: 'lambda:InvokeFunction',
  Principal: 's3.amazonaws.com',
};

export const PERMISSIONS: Scenario[] = [
  {
    recorded: api('TestLambdaPermissions test_add_lambda_permission_aws, …_fields, test_permission_exceptions'),
    service: 'lambda',
    given: twoVersions,
    steps: [
      {
        call: 'AddPermission',
        input: { ...permission, SourceArn: 'arn:aws:s3:::bucket' },
        answer: [201, statement({ Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::bucket' } } })],
      },
      {
        call: 'AddPermission',
        input: { ...permission, StatementId: 'all', Principal: '*', SourceAccount: '123456789012' },
        answer: [
          201,
          statement({
            Sid: 'all',
            Principal: '*',
            Condition: { StringEquals: { 'AWS:SourceAccount': '123456789012' } },
          }),
        ],
      },
      {
        call: 'AddPermission',
        input: { ...permission, StatementId: 'account', Principal: '111122223333' },
        answer: [201, statement({ Sid: 'account', Principal: { AWS: 'arn:aws:iam::111122223333:root' } })],
      },
      {
        call: 'AddPermission',
        input: {
          ...permission,
          StatementId: 'url',
          Principal: '*',
          Action: 'lambda:InvokeFunctionUrl',
          SourceArn: 'arn:aws:s3:::bucket',
          SourceAccount: '123456789012',
          PrincipalOrgID: 'o-1234567890',
          FunctionUrlAuthType: 'NONE',
        },
        answer: [
          201,
          statement({
            Sid: 'url',
            Principal: '*',
            Action: 'lambda:InvokeFunctionUrl',
            Condition: {
              StringEquals: {
                'AWS:SourceAccount': '123456789012',
                'lambda:FunctionUrlAuthType': 'NONE',
                'aws:PrincipalOrgID': 'o-1234567890',
              },
              ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::bucket' },
            },
          }),
        ],
      },
      {
        call: 'AddPermission',
        input: { ...permission, Qualifier: 'live' },
        answer: [201, statement({ Resource: `${ARN}:live` })],
      },
      {
        call: 'AddPermission',
        input: permission,
        error: [
          409,
          'ResourceConflictException',
          'The statement id (s3) provided already exists. Please provide a new statement id, or remove the existing statement.',
        ],
      },
      {
        call: 'AddPermission',
        input: { ...permission, Qualifier: 'none' },
        error: [404, 'ResourceNotFoundException', `Cannot find alias arn: ${ARN}:none`],
      },
      { call: 'AddPermission', input: { ...permission, Qualifier: '42' }, error: notFound(`${ARN}:42`) },
      {
        call: 'AddPermission',
        input: { ...permission, FunctionName: 'none' },
        error: notFound(ARN.replace('orders', 'none')),
      },
      {
        call: 'AddPermission',
        input: { ...permission, StatementId: 'latest', Qualifier: '$LATEST' },
        error: invalid('We currently do not support adding policies for $LATEST.'),
      },
      {
        call: 'AddPermission',
        input: { ...permission, StatementId: 'example.com' },
        error: [
          400,
          'ValidationException',
          "1 validation error detected: Value 'example.com' at 'statementId' failed to satisfy constraint: Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)",
        ],
      },
    ],
  },
];
