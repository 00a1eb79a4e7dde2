import {
  active,
  api,
  ARN,
  CODE_OF_ZIP,
  configuration,
  create,
  creating,
  invalid,
  notFound,
  OTHER_CODE,
  role,
  tags,
  UPDATE_TIME,
  updating,
} from './lambda-members';
import { Scenario } from './scenario';

export const FUNCTIONS: Scenario[] = [
  {
    recorded: api('TestLambdaFunction test_function_lifecycle'),
    service: 'lambda',
    given: role,
    steps: [
      {
        ...create,
        input: { ...create.input, Environment: { Variables: {} } },
        answer: [201, configuration({ Environment: { Variables: {} }, RevisionId: '<revision:1>', ...creating() })],
      },
      {
        call: 'GetFunction',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders' },
        answer: [
          200,
          {
            Code: CODE_OF_ZIP,
            Configuration: configuration({
              Environment: { Variables: {} },
              RevisionId: '<revision:2>',
              ...active(),
            }),
          },
        ],
      },
      {
        call: 'UpdateFunctionConfiguration',
        input: {
          FunctionName: 'orders',
          MemorySize: 512,
          Environment: { Variables: { A: 'a' } },
          Description: 'changed',
        },
        answer: [
          200,
          configuration({
            MemorySize: 512,
            Description: 'changed',
            Environment: { Variables: { A: 'a' } },
            RevisionId: '<revision:3>',
            ...updating(),
          }),
        ],
      },
      {
        call: 'UpdateFunctionCode',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders', ...OTHER_CODE },
        answer: [
          200,
          configuration({
            CodeSha256: '<code:2>',
            MemorySize: 512,
            Description: 'changed',
            Environment: { Variables: { A: 'a' } },
            RevisionId: '<revision:5>',
            ...updating(),
          }),
        ],
      },
      {
        call: 'GetFunctionConfiguration',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders' },
        answer: [
          200,
          configuration({
            CodeSha256: '<code:2>',
            MemorySize: 512,
            Description: 'changed',
            Environment: { Variables: { A: 'a' } },
            RevisionId: '<revision:6>',
            ...active(),
          }),
        ],
      },
    ],
  },
  {
    recorded: api('TestLambdaFunction test_redundant_updates'),
    service: 'lambda',
    given: role,
    steps: [
      create,
      {
        call: 'UpdateFunctionConfiguration',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders', Description: 'first' },
        answer: [200, configuration({ Description: 'first', RevisionId: '<revision:2>', ...updating() })],
      },
      {
        call: 'GetFunctionConfiguration',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders' },
        answer: [200, configuration({ Description: 'first', RevisionId: '<revision:3>', ...active() })],
      },
      {
        call: 'UpdateFunctionConfiguration',
        input: { FunctionName: 'orders', Description: 'first' },
        answer: [200, configuration({ Description: 'first', RevisionId: '<revision:4>', ...updating() })],
      },
    ],
  },
  {
    recorded: api('TestLambdaFunction test_vpc_config'),
    service: 'lambda',
    given: (standIn) => {
      standIn.role('orders-role', 'lambda.amazonaws.com', [
        { Effect: 'Allow', Action: 'ec2:CreateNetworkInterface', Resource: '*' },
      ]);
    },
    steps: [
      {
        ...create,
        input: { ...create.input, VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] } },
        answer: [
          201,
          configuration({
            VpcConfig: {
              Ipv6AllowedForDualStack: false,
              SecurityGroupIds: ['sg-1'],
              SubnetIds: ['subnet-1'],
              VpcId: '<any>',
            },
            RevisionId: '<revision:1>',
            ...creating(),
          }),
        ],
      },
      {
        call: 'UpdateFunctionConfiguration',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders', VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } },
        answer: [
          200,
          configuration({
            VpcConfig: { Ipv6AllowedForDualStack: false, SecurityGroupIds: [], SubnetIds: [], VpcId: '' },
            RevisionId: '<revision:2>',
            ...updating(),
          }),
        ],
      },
    ],
  },
  {
    recorded: api('TestLambdaFunction test_ops_on_nonexisting_fn, …_version, test_lambda_code_location_s3_errors'),
    service: 'lambda',
    given: (standIn) => {
      role(standIn);
      standIn.account.s3.addBucket('packages', false);
    },
    steps: [
      { call: 'GetFunction', input: { FunctionName: 'none' }, error: notFound(ARN.replace('orders', 'none')) },
      {
        call: 'GetFunctionConfiguration',
        input: { FunctionName: 'none', Qualifier: '$LATEST' },
        error: notFound(`${ARN.replace('orders', 'none')}:$LATEST`),
      },
      {
        call: 'CreateFunction',
        input: { ...create.input, Code: { S3Bucket: 'nowhere', S3Key: 'a.zip' } },
        error: invalid(
          'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
        ),
      },
      {
        call: 'CreateFunction',
        input: { ...create.input, Code: { S3Bucket: 'packages', S3Key: 'a.zip' } },
        error: invalid(
          'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
        ),
      },
      create,
      {
        call: 'GetFunction',
        input: { FunctionName: 'orders', Qualifier: '1221' },
        error: notFound(`${ARN}:1221`),
      },
      {
        call: 'GetFunctionConfiguration',
        input: { FunctionName: 'orders', Qualifier: '1221' },
        error: notFound(`${ARN}:1221`),
      },
      {
        call: 'UpdateFunctionCode',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders', S3Bucket: 'packages', S3Key: 'a.zip' },
        error: invalid(
          'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
        ),
      },
    ],
  },
  {
    recorded: api('TestLambdaFunction test_create_lambda_exceptions, TestLambdaSizeLimits'),
    service: 'lambda',
    given: role,
    steps: [
      {
        call: 'CreateFunction',
        input: { ...create.input, Code: { ZipFile: Buffer.from('no zip') } },
        error: invalid('Could not unzip uploaded file. Please check your file, then try to upload again.'),
      },
      {
        call: 'CreateFunction',
        input: { ...create.input, Role: 'r1' },
        error: [
          400,
          'ValidationException',
          "1 validation error detected: Value 'r1' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
        ],
      },
      {
        call: 'CreateFunction',
        input: { ...create.input, Environment: { Variables: { SMALL: 'ok', LARGE: 'x'.repeat(4096) } } },
        error: invalid(
          'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. ' +
            `String measured: {"SMALL":"ok","LARGE":"${'x'.repeat(4096)}"}`,
        ),
      },
      {
        call: 'CreateFunction',
        input: { ...create.input, Tags: tags(51) },
        error: invalid('Number of tags exceeds resource tag limit.'),
      },
    ],
  },
  {
    recorded: api('TestLambdaSnapStart test_snapstart_update_function_configuration'),
    service: 'lambda',
    given: role,
    steps: [
      create,
      {
        call: 'UpdateFunctionConfiguration',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders', SnapStart: { ApplyOn: 'PublishedVersions' } },
        answer: [
          200,
          configuration({
            SnapStart: { ApplyOn: 'PublishedVersions', OptimizationStatus: 'Off' },
            RevisionId: '<revision:2>',
            ...updating(),
          }),
        ],
      },
    ],
  },
];
