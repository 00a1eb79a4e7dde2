import {
  active,
  api,
  ARN,
  CODE,
  CODE_OF_ZIP,
  configuration,
  create,
  createImage,
  DIGESTS,
  image,
  imageUri,
  invalid,
  notFound,
  role,
  tags,
  twoVersions,
  UPDATE_TIME,
  updating,
} from './lambda-members';
import { Scenario } from './scenario';

export const TAGS: Scenario[] = [
  {
    recorded: api('TestLambdaTags test_tag_lifecycle, test_tag_exceptions, test_tag_limits, test_tag_versions'),
    service: 'lambda',
    given: role,
    steps: [
      create,
      {
        call: 'GetFunctionConfiguration',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders' },
        answer: [200, configuration({ RevisionId: '<revision:2>', ...active() })],
      },
      { call: 'TagResource', input: { Resource: ARN, Tags: { team: 'warehouse' } }, answer: [204, {}] },
      {
        call: 'GetFunction',
        input: { FunctionName: 'orders' },
        answer: [
          200,
          {
            Code: CODE_OF_ZIP,
            Configuration: configuration({ RevisionId: '<revision:3>', ...active() }),
            Tags: { team: 'warehouse' },
          },
        ],
      },
      {
        call: 'TagResource',
        input: { Resource: ARN, Tags: tags(51) },
        error: invalid('Number of tags exceeds resource tag limit.'),
      },
      {
        call: 'TagResource',
        input: { Resource: `${ARN}:1`, Tags: { team: 'warehouse' } },
        error: invalid('Tags on function aliases and versions are not supported. Please specify a function ARN.'),
      },
      {
        call: 'TagResource',
        input: { Resource: ARN.replace('orders', 'none'), Tags: { team: 'warehouse' } },
        error: notFound(ARN.replace('orders', 'none')),
      },
      {
        call: 'TagResource',
        input: { Resource: ARN, Tags: {} },
        error: invalid('An error occurred and the request cannot be processed.'),
      },
    ],
  },
];

const ecr = (changes: Record<string, unknown>) => ({ RepositoryType: 'ECR', ...changes });

export const IMAGES: Scenario[] = [
  {
    recorded: api('TestLambdaImages test_lambda_image_crud, test_lambda_image_versions, test_lambda_zip_file_to_image'),
    service: 'lambda',
    given: role,
    steps: [
      createImage,
      {
        call: 'GetFunction',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders' },
        answer: [
          200,
          {
            Code: ecr({ ImageUri: imageUri(DIGESTS[0]), ResolvedImageUri: imageUri(DIGESTS[0]) }),
            Configuration: image({ CodeSha256: DIGESTS[0], RevisionId: '<revision:2>', ...active() }),
          },
        ],
      },
      {
        call: 'UpdateFunctionCode',
        input: { FunctionName: 'orders', ...CODE },
        error: invalid('Please provide ImageUri when updating a function with packageType Image.'),
      },
      {
        call: 'UpdateFunctionCode',
        input: { FunctionName: 'orders', ImageUri: imageUri(DIGESTS[1]) },
        answer: [200, image({ CodeSha256: DIGESTS[1], RevisionId: '<revision:3>', ...updating() })],
      },
      {
        call: 'PublishVersion',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders', CodeSha256: 'a'.repeat(64) },
        error: invalid(
          `CodeSHA256 (${'a'.repeat(64)}) is different from current CodeSHA256 in $LATEST (${DIGESTS[1]}). Please try again with the CodeSHA256 in $LATEST.`,
        ),
      },
      {
        call: 'PublishVersion',
        input: { FunctionName: 'orders', Description: 'first' },
        answer: [
          201,
          image({
            CodeSha256: DIGESTS[1],
            FunctionArn: `${ARN}:1`,
            Version: '1',
            Description: 'first',
            RevisionId: '<revision:4>',
            ...active(),
          }),
        ],
      },
    ],
  },
  {
    recorded: api('TestLambdaImages test_lambda_zip_file_to_image'),
    service: 'lambda',
    given: role,
    steps: [
      create,
      {
        call: 'UpdateFunctionCode',
        after: UPDATE_TIME,
        input: { FunctionName: 'orders', ImageUri: imageUri(DIGESTS[0]) },
        error: invalid("Please don't provide ImageUri when updating a function with packageType Zip."),
      },
    ],
  },
];

export const INVOCATIONS: Scenario[] = [
  {
    recorded:
      'lambda_/test_lambda.py TestLambdaAliases test_lambda_alias_moving, TestLambdaFeatures test_invoke_exceptions',
    service: 'lambda',
    given: twoVersions,
    steps: [
      {
        call: 'Invoke',
        input: { FunctionName: 'orders', Qualifier: 'live' },
        answer: [200, { StatusCode: 200, ExecutedVersion: '1', Payload: '1' }],
      },
      {
        call: 'Invoke',
        input: { FunctionName: 'orders' },
        answer: [200, { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: '2' }],
      },
      {
        call: 'Invoke',
        input: { FunctionName: 'orders', InvocationType: 'Event' },
        answer: [202, { StatusCode: 202, Payload: '' }],
      },
      {
        call: 'Invoke',
        input: { FunctionName: 'none' },
        error: notFound(`${ARN.replace('orders', 'none')}:$LATEST`),
      },
      {
        call: 'Invoke',
        input: { FunctionName: 'orders', Qualifier: 'non-existent-alias' },
        error: notFound(`${ARN}:non-existent-alias`),
      },
    ],
  },
];
