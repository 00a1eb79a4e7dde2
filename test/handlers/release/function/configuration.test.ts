import { FunctionConfiguration } from '../../../../src/handlers/release/contract';
import {
  architectureChange,
  configurationChanges,
  parseConfiguration,
} from '../../../../src/handlers/release/function/configuration';
import { CurrentConfiguration } from '../../../../src/handlers/release/function/lambda-function';

const WANTED: FunctionConfiguration = {
  Runtime: 'python3.13',
  Handler: 'app.handler',
  Role: 'arn:aws:iam::123456789012:role/r',
  Description: '',
  MemorySize: 128,
  Timeout: 3,
  Architectures: ['x86_64'],
  Environment: { Variables: {} },
  Layers: [],
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
  TracingConfig: { Mode: 'PassThrough' },
  EphemeralStorage: { Size: 512 },
  DeadLetterConfig: { TargetArn: '' },
  FileSystemConfigs: [],
  KMSKeyArn: '',
  SnapStart: { ApplyOn: 'None' },
};

/** What Lambda answers for a function that was created with nothing but the required fields. */
const BARE = {
  Runtime: 'python3.13',
  Handler: 'app.handler',
  Role: 'arn:aws:iam::123456789012:role/r',
} as CurrentConfiguration;

function changes(wanted: object, current: object): object {
  return configurationChanges({ ...WANTED, ...wanted }, { ...BARE, ...current } as CurrentConfiguration);
}

test('sees no change when nothing was set and nothing is wanted', () => {
  expect(configurationChanges(WANTED, BARE)).toEqual({});
});

test('sees no change in what Lambda fills in', () => {
  expect(
    changes(
      {
        VpcConfig: { SubnetIds: ['b', 'a'], SecurityGroupIds: ['s'] },
        LoggingConfig: { LogFormat: 'JSON' },
        Layers: ['arn:layer:1'],
      },
      {
        VpcConfig: { SubnetIds: ['a', 'b'], SecurityGroupIds: ['s'], VpcId: 'vpc-1', Ipv6AllowedForDualStack: false },
        LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', LogGroup: '/aws/lambda/f' },
        Layers: [{ Arn: 'arn:layer:1', CodeSize: 5 }],
        SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
        Description: '',
      },
    ),
  ).toEqual({});
});

test.each([
  ['Environment', { Variables: {} }, { Variables: { A: '1' } }],
  ['Environment', { Variables: { A: '1' } }, { Variables: { A: '2' } }],
  ['Layers', [], [{ Arn: 'arn:layer:1' }]],
  ['Layers', ['arn:b', 'arn:a'], [{ Arn: 'arn:a' }, { Arn: 'arn:b' }]],
  ['VpcConfig', { SubnetIds: [], SecurityGroupIds: [] }, { SubnetIds: ['a'], SecurityGroupIds: ['s'], VpcId: 'vpc-1' }],
  ['DeadLetterConfig', { TargetArn: '' }, { TargetArn: 'arn:aws:sqs:q' }],
  ['MemorySize', 512, 128],
  ['Timeout', 30, undefined],
  ['KMSKeyArn', '', 'arn:aws:kms:k'],
  ['TracingConfig', { Mode: 'Active' }, { Mode: 'PassThrough' }],
  ['EphemeralStorage', { Size: 1024 }, { Size: 512 }],
  ['SnapStart', { ApplyOn: 'PublishedVersions' }, { ApplyOn: 'None', OptimizationStatus: 'Off' }],
  ['LoggingConfig', { LogFormat: 'JSON' }, { LogFormat: 'Text', LogGroup: '/aws/lambda/f' }],
  ['Runtime', 'python3.14', 'python3.13'],
])('sends %s when %j is wanted and %j is there', (field, wanted, current) => {
  expect(changes({ [field]: wanted }, { [field]: current })).toEqual({ [field]: wanted });
});

test('leaves a field alone that the stack does not name', () => {
  const { Environment, ...rest } = WANTED;
  expect(
    configurationChanges(
      rest as FunctionConfiguration,
      { ...BARE, Environment: { Variables: { A: '1' } } } as CurrentConfiguration,
    ),
  ).toEqual({});
});

test('fails when the environment variables can not be read', () => {
  expect(() =>
    changes({}, { FunctionName: 'f', Environment: { Error: { ErrorCode: 'AccessDeniedException', Message: 'kms' } } }),
  ).toThrow(
    "the environment variables of f can't be read, so it is not known whether they differ: AccessDeniedException: kms",
  );
});

test('leaves another architecture to the update of the code', () => {
  expect(changes({ Architectures: ['arm64'] }, { Architectures: ['x86_64'] })).toEqual({});
  expect(architectureChange({ ...WANTED, Architectures: ['arm64'] }, { ...BARE, Architectures: ['x86_64'] })).toEqual([
    'arm64',
  ]);
  expect(architectureChange(WANTED, BARE)).toBeUndefined();
});

test('reads a configuration', () => {
  expect(parseConfiguration('/p', JSON.stringify(WANTED))).toEqual(WANTED);
});

test('fails when a field would not be applied', () => {
  expect(() => parseConfiguration('/p', JSON.stringify({ ...WANTED, ImageConfig: {} }))).toThrow(
    "the parameter /p has fields that the pipeline can't apply: ImageConfig",
  );
});

test('fails when a required field is missing', () => {
  expect(() => parseConfiguration('/p', '{"Role":"r"}')).toThrow('the parameter /p lacks Runtime, Handler');
});

test('fails when it is not JSON', () => {
  expect(() => parseConfiguration('/p', 'text')).toThrow(
    "the parameter /p must hold the function's configuration as JSON",
  );
});

test('takes the fields that are for the creation and for the alias, and does not send them to an update', () => {
  const permissions = [{ StatementId: 'Api', Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' }];
  const wanted = parseConfiguration('/p', JSON.stringify({ ...WANTED, PackageType: 'Zip', Permissions: permissions }));
  expect(configurationChanges(wanted, BARE)).toEqual({});
});

test('takes a function from images without runtime and handler', () => {
  expect(parseConfiguration('/p', '{"PackageType":"Image","Role":"r"}')).toEqual({ PackageType: 'Image', Role: 'r' });
});
