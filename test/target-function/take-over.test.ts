import { Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { CreateFunctionOptions, TargetFunction } from '../../src';
import { addPipeline, newStack, pipelineWith } from '../support/stacks';
import { releaseFunctionOf } from '../support/template-queries';

type Options = Partial<CreateFunctionOptions>;

/** The variables of the release function of a pipeline with these options. */
const variablesOf = (options: Options | ((stack: Stack) => Options) = {}, stack = newStack()) =>
  releaseFunctionOf(
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
  ).Environment.Variables;
const namedBy = (options?: Options | ((stack: Stack) => Options)) =>
  variablesOf(options)
    .NAMED_FIELDS.split(',')
    .filter((field: string) => !['PackageType', 'Runtime', 'Handler'].includes(field));

test('a pipeline without options names only the required fields', () => {
  expect(namedBy()).toEqual([]);
});

test.each<[string, Options | ((stack: Stack) => Options), string[]]>([
  ['memorySize with the default of Lambda', { memorySize: 128 }, ['MemorySize']],
  ['environment', { environment: { STAGE: 'test' } }, ['Environment']],
  ['tracing', { tracing: lambda.Tracing.ACTIVE }, ['TracingConfig']],
  ['vpc, without the security groups', (stack) => ({ vpc: new ec2.Vpc(stack, 'Vpc') }), ['VpcConfig.SubnetIds']],
  [
    'vpc with security groups',
    (stack) => {
      const vpc = new ec2.Vpc(stack, 'Vpc');
      return { vpc, securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc })] };
    },
    ['VpcConfig.SubnetIds', 'VpcConfig.SecurityGroupIds'],
  ],
  ['logGroup', (stack) => ({ logGroup: new logs.LogGroup(stack, 'Logs') }), ['LoggingConfig.LogGroup']],
  ['loggingFormat', { loggingFormat: lambda.LoggingFormat.JSON }, ['LoggingConfig.LogFormat']],
  [
    'role',
    (stack) => ({ role: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }) }),
    ['Role'],
  ],
])('the option %s names its field', (_, options, fields) => {
  expect(namedBy(options)).toEqual(fields);
});

test('an override of a property names its field', () => {
  const stack = newStack();
  const pipeline = addPipeline({}, stack);
  (pipeline.node.findChild('TargetFunction').node.defaultChild as lambda.CfnFunction).addPropertyOverride('Timeout', 9);
  const { NAMED_FIELDS } = releaseFunctionOf(Template.fromStack(stack)).Environment.Variables;
  expect(NAMED_FIELDS).toContain('Timeout');
});

test('tags name no field of a version', () => {
  const stack = newStack();
  Tags.of(stack).add('team', 'warehouse');
  expect(variablesOf({}, stack).NAMED_FIELDS).toBe('PackageType,Runtime,Handler');
});

describe('replaceExistingConfiguration', () => {
  test('is false by default', () => {
    expect(variablesOf()).not.toHaveProperty('REPLACE_EXISTING_CONFIGURATION');
  });

  test('reaches the release function', () => {
    const { REPLACE_EXISTING_CONFIGURATION } = variablesOf({ replaceExistingConfiguration: true });
    expect(REPLACE_EXISTING_CONFIGURATION).toBe('true');
  });
});

test('a function that a stack owns has no fields that a take-over may change', () => {
  const { template } = pipelineWith((stack) => ({
    targetFunction: TargetFunction.fromFunction(
      new lambda.Function(stack, 'Orders', {
        runtime: lambda.Runtime.PYTHON_3_13,
        handler: 'app.handler',
        code: lambda.Code.fromInline('pass'),
      }),
    ),
  }));
  expect(releaseFunctionOf(template).Environment.Variables).not.toHaveProperty('NAMED_FIELDS');
});
