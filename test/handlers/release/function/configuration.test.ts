import { FunctionConfiguration } from '../../../../src/handlers/release/contract';
import { configurationChanges, parseConfiguration } from '../../../../src/handlers/release/function/configuration';
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

/** The response of Lambda for a function that was created with only the required fields. */
const BARE = {
  Runtime: 'python3.13',
  Handler: 'app.handler',
  Role: 'arn:aws:iam::123456789012:role/r',
} as CurrentConfiguration;

function changes(wanted: object, current: object): object {
  return configurationChanges('configuration', { ...WANTED, ...wanted }, {
    ...BARE,
    ...current,
  } as CurrentConfiguration);
}

test('finds no change when nothing was set and nothing is wanted', () => {
  expect(changes({}, {})).toEqual({});
});

test('finds no change in the fields that Lambda adds', () => {
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
  ['DurableConfig', { ExecutionTimeout: 60 }, { ExecutionTimeout: 3600, RetentionPeriodInDays: 14 }],
  ['Runtime', 'python3.14', 'python3.13'],
])('updates %s when %j is wanted and Lambda has %j', (field, wanted, current) => {
  expect(changes({ [field]: wanted }, { [field]: current })).toEqual({ [field]: wanted });
});

test('ignores a field that the stack does not set', () => {
  const { Environment, ...rest } = WANTED;
  expect(
    configurationChanges(
      'configuration',
      rest as FunctionConfiguration,
      { ...BARE, Environment: { Variables: { A: '1' } } } as CurrentConfiguration,
    ),
  ).toEqual({});
});

test('leaves a durable function as it is when the stack says nothing about that', () => {
  expect(changes({}, { DurableConfig: { ExecutionTimeout: 3600, RetentionPeriodInDays: 14 } })).toEqual({});
});

test("fails when Lambda can't decrypt the environment variables", () => {
  expect(() =>
    changes({}, { FunctionName: 'f', Environment: { Error: { ErrorCode: 'AccessDeniedException', Message: 'kms' } } }),
  ).toThrow(
    "Lambda can't decrypt the environment variables of f, so the pipeline can't compare them: " +
      'AccessDeniedException: kms.',
  );
});

test('changes the architecture together with the code', () => {
  expect(changes({ Architectures: ['arm64'] }, { Architectures: ['x86_64'] })).toEqual({});
  const wanted = { ...WANTED, Architectures: ['arm64'] };
  expect(configurationChanges('code', wanted, { ...BARE, Architectures: ['x86_64'] })).toEqual({
    Architectures: ['arm64'],
  });
  expect(configurationChanges('code', WANTED, BARE)).toEqual({});
});

test('parses a configuration', () => {
  expect(parseConfiguration('/p', JSON.stringify(WANTED))).toEqual(WANTED);
});

test('fails when the pipeline cannot apply a field', () => {
  expect(() => parseConfiguration('/p', JSON.stringify({ ...WANTED, TenancyConfig: {} }))).toThrow(
    "The parameter /p has fields that the pipeline can't apply: TenancyConfig",
  );
});

test('fails when a required field is missing', () => {
  expect(() => parseConfiguration('/p', '{"Role":"r"}')).toThrow('The parameter /p lacks Runtime, Handler');
});

test('fails when the configuration is not JSON', () => {
  expect(() => parseConfiguration('/p', 'text')).toThrow(
    "The parameter /p must contain the function's configuration as JSON",
  );
});

test('accepts the fields of the function, but does not update them with the configuration', () => {
  const wanted = parseConfiguration('/p', JSON.stringify({ ...WANTED, PackageType: 'Zip', Tags: { team: 'stock' } }));
  expect(configurationChanges('configuration', wanted, BARE)).toEqual({});
});

test('accepts an image function without runtime and handler', () => {
  expect(parseConfiguration('/p', '{"PackageType":"Image","Role":"r"}')).toEqual({ PackageType: 'Image', Role: 'r' });
});
