import {
  active,
  alias,
  api,
  ARN,
  CODE,
  CODE_OF_ZIP,
  configuration,
  create,
  invalid,
  listed,
  REVISION_CONFLICT,
  role,
  sha256,
  UPDATE_TIME,
} from './lambda-members';
import { Scenario } from './scenario';

export const VERSIONS: Scenario[] = [
  {
    recorded: api('TestLambdaVersions test_version_lifecycle'),
    service: 'lambda',
    given: role,
    steps: [
      create,
      {
        call: 'ListVersionsByFunction',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders' },
        answer: [200, { Versions: [listed({ FunctionArn: `${ARN}:$LATEST`, RevisionId: '<revision:2>' })] }],
      },
      {
        call: 'PublishVersion',
        input: { FunctionName: 'orders', Description: 'first' },
        answer: [
          201,
          configuration({
            FunctionArn: `${ARN}:1`,
            Version: '1',
            Description: 'first',
            RevisionId: '<revision:5>',
            ...active(),
          }),
        ],
      },
      {
        call: 'GetFunction',
        input: { FunctionName: 'orders', Qualifier: '1' },
        answer: [
          200,
          {
            Code: CODE_OF_ZIP,
            Configuration: configuration({
              FunctionArn: `${ARN}:1`,
              Version: '1',
              Description: 'first',
              RevisionId: '<revision:5>',
              ...active(),
            }),
          },
        ],
      },
      {
        call: 'PublishVersion',
        input: { FunctionName: 'orders', Description: 'nothing changed' },
        answer: [
          201,
          configuration({
            FunctionArn: `${ARN}:1`,
            Version: '1',
            Description: 'first',
            RevisionId: '<revision:5>',
            ...active(),
          }),
        ],
      },
      {
        call: 'ListVersionsByFunction',
        input: { FunctionName: 'orders' },
        answer: [
          200,
          {
            Versions: [
              listed({ FunctionArn: `${ARN}:$LATEST`, RevisionId: '<revision:8>' }),
              listed({ FunctionArn: `${ARN}:1`, Version: '1', Description: 'first', RevisionId: '<revision:5>' }),
            ],
          },
        ],
      },
    ],
  },
  {
    recorded: api('TestLambdaVersions test_publish_with_wrong_sha256, test_publish_version_on_create'),
    service: 'lambda',
    given: role,
    steps: [
      create,
      {
        call: 'PublishVersion',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders', CodeSha256: 'wrong' },
        error: invalid(
          `CodeSHA256 (wrong) is different from current CodeSHA256 in $LATEST (${sha256()}). Please try again with the CodeSHA256 in $LATEST.`,
        ),
      },
      {
        call: 'GetFunction',
        input: { FunctionName: 'orders', Qualifier: '$LATEST' },
        answer: [
          200,
          {
            Code: CODE_OF_ZIP,
            Configuration: configuration({
              FunctionArn: `${ARN}:$LATEST`,
              RevisionId: '<revision:2>',
              ...active(),
            }),
          },
        ],
      },
    ],
  },
  {
    recorded: api('TestLambdaRevisions test_function_revisions_basic, …_version_and_alias'),
    service: 'lambda',
    given: role,
    steps: [
      create,
      {
        call: 'UpdateFunctionCode',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders', RevisionId: 'wrong', ...CODE },
        error: REVISION_CONFLICT,
      },
      {
        call: 'UpdateFunctionConfiguration',
        input: { FunctionName: 'orders', RevisionId: 'wrong', MemorySize: 256 },
        error: REVISION_CONFLICT,
      },
      { call: 'PublishVersion', input: { FunctionName: 'orders', RevisionId: 'wrong' }, error: REVISION_CONFLICT },
      {
        call: 'GetFunctionConfiguration',
        input: { FunctionName: 'orders' },
        answer: [200, configuration({ RevisionId: '<revision:2>', ...active() })],
      },
      {
        call: 'PublishVersion',
        input: { FunctionName: 'orders' },
        answer: [
          201,
          configuration({ FunctionArn: `${ARN}:1`, Version: '1', RevisionId: '<revision:3>', ...active() }),
        ],
      },
      {
        call: 'GetFunctionConfiguration',
        input: { FunctionName: 'orders' },
        answer: [200, configuration({ RevisionId: '<revision:4>', ...active() })],
      },
      {
        call: 'CreateAlias',
        input: { FunctionName: 'orders', Name: 'live', FunctionVersion: '1' },
        answer: [201, alias({ RevisionId: '<revision:5>' })],
      },
      {
        call: 'GetFunctionConfiguration',
        input: { FunctionName: 'orders' },
        answer: [200, configuration({ RevisionId: '<revision:4>', ...active() })],
      },
      {
        call: 'UpdateAlias',
        input: { FunctionName: 'orders', Name: 'live', RevisionId: 'wrong' },
        error: REVISION_CONFLICT,
      },
      {
        call: 'UpdateAlias',
        input: { FunctionName: 'orders', Name: 'live', Description: 'changed' },
        answer: [200, alias({ Description: 'changed', RevisionId: '<revision:6>' })],
      },
    ],
  },
];
