import { CreateFunctionRequest } from '@aws-sdk/client-lambda';
import { Duration, Size, Stack, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { CreateFunctionOptions, TargetFunction } from '../../src';
import { fullFunction } from '../support/full';
import { newStack, pipelineWith } from '../support/stacks';
import { configurationOf, flat, propertiesOf } from '../support/template-queries';

const { ApplicationLogLevel, SystemLogLevel } = lambda;

type Options = Partial<CreateFunctionOptions>;
/** The fields of Lambda's API: the compiler refuses others. */
type Configuration = Partial<CreateFunctionRequest>;

const configured = (options: Options | ((stack: Stack) => Options) = {}, stack = newStack()) =>
  configurationOf(
    pipelineWith(
      (scope) => ({
        targetFunction: TargetFunction.create({
          runtime: lambda.Runtime.PYTHON_3_13,
          handler: 'app.handler',
          ...(typeof options === 'function' ? options(scope) : options),
        }),
      }),
      stack,
    ).template,
  );

const DEFAULTS: Configuration = {
  Runtime: 'python3.13',
  Handler: 'app.handler',
  Role: expect.stringMatching(/^\$\{PipelineTargetFunctionServiceRole.*\.Arn\}$/),
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
  LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/inventory-allocation' },
};

test('a configuration without options has the empty value of each field, so that taking an option away is applied', () => {
  expect(configured()).toEqual(DEFAULTS);
});

describe("an option reaches its field of Lambda's API:", () => {
  const cases: [string, Options, Configuration][] = [
    ['description', { description: 'Allocates stock' }, { Description: 'Allocates stock' }],
    ['memorySize', { memorySize: 512 }, { MemorySize: 512 }],
    ['timeout', { timeout: Duration.minutes(2) }, { Timeout: 120 }],
    ['architecture', { architecture: lambda.Architecture.ARM_64 }, { Architectures: ['arm64'] }],
    [
      'environment',
      { environment: { STOCK_TABLE: 'stock', lower_case: '1' } },
      { Environment: { Variables: { STOCK_TABLE: 'stock', lower_case: '1' } } },
    ],
    ['tracing', { tracing: lambda.Tracing.ACTIVE }, { TracingConfig: { Mode: 'Active' } }],
    ['ephemeralStorageSize', { ephemeralStorageSize: Size.gibibytes(1) }, { EphemeralStorage: { Size: 1024 } }],
    [
      'snapStart',
      { snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS },
      { SnapStart: { ApplyOn: 'PublishedVersions' } },
    ],
    [
      'loggingFormat',
      { loggingFormat: lambda.LoggingFormat.JSON },
      {
        LoggingConfig: {
          LogFormat: 'JSON',
          LogGroup: '/aws/lambda/inventory-allocation',
          // Lambda's defaults, so that taking a level away is applied.
          ApplicationLogLevel: 'INFO',
          SystemLogLevel: 'INFO',
        },
      },
    ],
    [
      'log levels',
      {
        loggingFormat: lambda.LoggingFormat.JSON,
        applicationLogLevelV2: ApplicationLogLevel.WARN,
        systemLogLevelV2: SystemLogLevel.DEBUG,
      },
      {
        LoggingConfig: {
          LogFormat: 'JSON',
          LogGroup: '/aws/lambda/inventory-allocation',
          ApplicationLogLevel: 'WARN',
          SystemLogLevel: 'DEBUG',
        },
      },
    ],
  ];

  test.each(cases)('%s', (_, options, fields) => {
    expect(configured(options)).toEqual({ ...DEFAULTS, ...fields });
  });

  test('layers', () => {
    expect(
      configured((stack) => ({
        layers: [
          lambda.LayerVersion.fromLayerVersionArn(
            stack,
            'Layer',
            'arn:aws:lambda:eu-west-1:111122223333:layer:shared:7',
          ),
        ],
      })).Layers,
    ).toEqual(['arn:aws:lambda:eu-west-1:111122223333:layer:shared:7']);
  });

  test('vpc', () => {
    const { SubnetIds, SecurityGroupIds } = configured((stack) => ({
      vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }),
    })).VpcConfig;
    expect([SubnetIds, SecurityGroupIds]).toEqual([
      [expect.stringMatching(/^\$\{VpcPrivateSubnet1/), expect.stringMatching(/^\$\{VpcPrivateSubnet2/)],
      [expect.stringMatching(/^\$\{PipelineTargetFunctionSecurityGroup.*GroupId\}$/)],
    ]);
  });

  test('ipv6AllowedForDualStack', () => {
    expect(
      configured((stack) => ({ vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }), ipv6AllowedForDualStack: true }))
        .VpcConfig,
    ).toMatchObject({ Ipv6AllowedForDualStack: true });
  });

  test('deadLetterQueue', () => {
    expect(configured((stack) => ({ deadLetterQueue: new sqs.Queue(stack, 'Queue') })).DeadLetterConfig).toEqual({
      TargetArn: expect.stringMatching(/^\$\{Queue.*\.Arn\}$/),
    });
  });

  test('environmentEncryption', () => {
    expect(
      configured((stack) => ({ environment: { TABLE: 'x' }, environmentEncryption: new kms.Key(stack, 'Key') }))
        .KMSKeyArn,
    ).toMatch(/^\$\{Key.*\.Arn\}$/);
  });

  test('logGroup', () => {
    expect(configured((stack) => ({ logGroup: new logs.LogGroup(stack, 'Logs') })).LoggingConfig).toEqual({
      LogFormat: 'Text',
      LogGroup: expect.stringMatching(/^\$\{Logs/),
    });
  });

  test('filesystem', () => {
    const { template } = pipelineWith((stack) => ({ targetFunction: fullFunction(stack) }));
    expect(configurationOf(template).FileSystemConfigs).toEqual([
      { Arn: expect.stringContaining(':access-point/'), LocalMountPath: '/mnt/files' },
    ]);
  });
});

test('names in the environment keep their case', () => {
  expect(configured({ environment: { camelCase: 'x' } }).Environment.Variables).toEqual({ camelCase: 'x' });
});

test('text with quotes and line ends stays what it is', () => {
  expect(configured({ description: 'say "hello"\nand \\ go' }).Description).toBe('say "hello"\nand \\ go');
});

/** The parameter as Systems Manager gets it. */
const parameterOf = (value: string) => {
  const { template } = pipelineWith({
    targetFunction: TargetFunction.create({
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: 'app.handler',
      environment: { GREETING: value },
    }),
  });
  return flat(propertiesOf(template, 'AWS::SSM::Parameter').Value);
};

test.each(['Hello {{name}}', '{{{{', '{{{', '{"json":{"in":{"json":1}}}', '{\\u007b'])(
  'text with braces is unchanged, without two braces that Systems Manager reads as a parameter: %s',
  (text) => {
    expect(parameterOf(text)).not.toContain('{{');
    expect(JSON.parse(parameterOf(text)).Environment.Variables.GREETING).toBe(text);
  },
);

test('a configuration that is larger than a parameter is refused', () => {
  const stack = newStack();
  const tags = Array.from({ length: 50 }, (_, index) => [`${index}${'k'.repeat(100)}`, 'v'.repeat(200)]);
  tags.forEach(([name, value]) => Tags.of(stack).add(name, value));
  expect(() => configured({}, stack)).toThrow(
    /the configuration of targetFunction must be at most 8192 bytes \(the limit of a parameter .*got \d+ bytes; /,
  );
});

test("a configuration is the same in an app with the CDK's managed log groups", () => {
  expect(configured({}, newStack({ '@aws-cdk/aws-lambda:useCdkManagedLogGroup': true }))).toEqual(DEFAULTS);
});

test('the order of the environment changes nothing, because some languages have maps without one', () => {
  const one = configured({ environment: { LOG_LEVEL: 'INFO', STOCK_TABLE: 'stock' } });
  const other = configured({ environment: { STOCK_TABLE: 'stock', LOG_LEVEL: 'INFO' } });
  expect(JSON.stringify(other)).toBe(JSON.stringify(one));
});
