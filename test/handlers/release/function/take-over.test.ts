import { CONFIGURATION_FIELDS, FunctionConfiguration } from '../../../../src/handlers/release/contract';
import { CurrentConfiguration } from '../../../../src/handlers/release/function/lambda-function';
import { findLosses } from '../../../../src/handlers/release/function/take-over';

/** The configuration of a stack whose options name only what is required. */
const WANTED: FunctionConfiguration = {
  Runtime: 'python3.13',
  Handler: 'app.handler',
  Role: 'arn:new-role',
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
  LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/orders' },
};
const REQUIRED = ['PackageType', 'Runtime', 'Handler'];
/** The function as Lambda returns it if a take-over loses nothing. */
const SAME = {
  FunctionName: 'orders',
  Runtime: 'nodejs20.x',
  Handler: 'index.old',
  Role: 'arn:new-role',
  LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/orders' },
} as CurrentConfiguration;

const losses = (current: object, { named = REQUIRED, wanted = {} }: { named?: string[]; wanted?: object } = {}) =>
  findLosses({ ...WANTED, ...wanted }, { ...SAME, ...current }, named);

test('a function without a configuration of its own loses nothing', () => {
  expect(losses({})).toEqual([]);
});

const LOSSES: [string, object, string][] = [
  ['Role', { Role: 'arn:old-role' }, 'it changes role from arn:old-role to arn:new-role'],
  ['Description', { Description: 'allocates stock' }, 'it removes the description (option description)'],
  ['MemorySize', { MemorySize: 512 }, 'it changes memorySize from 512 MB to 128 MB'],
  ['Timeout', { Timeout: 30 }, 'it changes timeout from 30 seconds to 3 seconds'],
  ['Architectures', { Architectures: ['arm64'] }, 'it changes architecture from arm64 to x86_64'],
  [
    'Environment',
    { Environment: { Variables: { DB_HOST: 'db.example.com', DB_PASSWORD: 'secret' } } },
    'it removes DB_HOST, DB_PASSWORD (option environment)',
  ],
  ['Layers', { Layers: [{ Arn: 'arn:layer:common:3' }] }, 'it removes arn:layer:common (option layers)'],
  ['TracingConfig', { TracingConfig: { Mode: 'Active' } }, 'it changes tracing from Active to PassThrough'],
  ['EphemeralStorage', { EphemeralStorage: { Size: 1024 } }, 'it changes ephemeralStorageSize from 1024 MB to 512 MB'],
  ['DeadLetterConfig', { DeadLetterConfig: { TargetArn: 'arn:dlq' } }, 'it removes arn:dlq (option deadLetterQueue)'],
  [
    'FileSystemConfigs',
    { FileSystemConfigs: [{ Arn: 'arn:access-point', LocalMountPath: '/mnt/data' }] },
    'it removes /mnt/data (option filesystem)',
  ],
  ['KMSKeyArn', { KMSKeyArn: 'arn:key' }, 'it removes arn:key (option environmentEncryption)'],
  [
    'SnapStart',
    { SnapStart: { ApplyOn: 'PublishedVersions', OptimizationStatus: 'On' } },
    'it changes snapStart from PublishedVersions to None',
  ],
];

describe('a field that no option names is a loss:', () => {
  test.each(LOSSES)('%s', (_, current, expected) => {
    expect(losses(current)).toEqual([expected]);
  });

  test('VpcConfig, with its subnets and security groups', () => {
    const VpcConfig = { SubnetIds: ['subnet-2', 'subnet-1'], SecurityGroupIds: ['sg-1'], VpcId: 'vpc-1' };
    expect(losses({ VpcConfig })).toEqual([
      'it removes subnet-1, subnet-2 (option vpc)',
      'it removes sg-1 (option securityGroups)',
    ]);
  });

  test('ImageConfig, with its keys', () => {
    const ImageConfigResponse = { ImageConfig: { Command: ['app.handler'], WorkingDirectory: '/var/task' } };
    expect(losses({ ImageConfigResponse }, { wanted: { ImageConfig: {} } })).toEqual([
      'it removes app.handler (option cmd)',
      'it removes /var/task (option workingDirectory)',
    ]);
  });

  test('LoggingConfig, with its group and format', () => {
    expect(losses({ LoggingConfig: { LogFormat: 'JSON', LogGroup: '/shared' } })).toEqual([
      'it changes loggingFormat from JSON to Text',
      'it changes logGroup from /shared to /aws/lambda/orders',
    ]);
  });

  test('every field of a version is in this list, or is required', () => {
    const fields = Object.entries(CONFIGURATION_FIELDS).filter(([, { appliedWith }]) => appliedWith !== 'separately');
    expect(fields.map(([field]) => field).sort()).toEqual(
      [
        ...LOSSES.map(([field]) => field),
        ...['VpcConfig', 'ImageConfig', 'LoggingConfig', 'Runtime', 'Handler'],
        'DurableConfig', // A function stays durable, because the configuration has no value that unsets the field.
      ].sort(),
    );
  });
});

describe('no loss is', () => {
  test.each(LOSSES.filter(([field]) => !['Environment', 'Layers', 'FileSystemConfigs'].includes(field)))(
    'a change of %s that an option names',
    (field, current) => {
      expect(losses(current, { named: [...REQUIRED, field] })).toEqual([]);
    },
  );

  test('another value of a variable that the options name', () => {
    const current = { Environment: { Variables: { STAGE: 'old' } } };
    expect(losses(current, { wanted: { Environment: { Variables: { STAGE: 'new', MORE: '1' } } } })).toEqual([]);
  });

  test('another version of a layer that the options name', () => {
    const current = { Layers: [{ Arn: 'arn:layer:common:3' }] };
    expect(losses(current, { wanted: { Layers: ['arn:layer:common:4'] } })).toEqual([]);
  });
});

test('naming the environment does not allow the loss of one of its variables', () => {
  const current = { Environment: { Variables: { STAGE: 'old', DB_HOST: 'db.example.com' } } };
  const wanted = { Environment: { Variables: { STAGE: 'new' } } };
  expect(losses(current, { named: [...REQUIRED, 'Environment'], wanted })).toEqual([
    'it removes DB_HOST (option environment)',
  ]);
});

test('naming the VPC does not allow the loss of the security groups', () => {
  const current = { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-database'] } };
  const wanted = { VpcConfig: { SubnetIds: ['subnet-2'], SecurityGroupIds: ['sg-new'] } };
  expect(losses(current, { named: [...REQUIRED, 'VpcConfig.SubnetIds'], wanted })).toEqual([
    'it changes securityGroups from sg-database to sg-new',
  ]);
});
