import { CfnParameter, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { CreateFunctionOptions, TargetFunction } from '../src';
import { fullFunction } from './support/full';
import { addPipeline, newStack, pipelineWith } from './support/stacks';
import {
  action,
  actionsOf,
  allStatements,
  flat,
  logicalIds,
  propertiesOf,
  releaseFunctionOf,
  resourcesOf,
  resourceWithPrefix,
  statementsOf,
} from './support/template-queries';

const PYTHON: CreateFunctionOptions = { runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' };
const created = (options: Partial<CreateFunctionOptions> = {}) =>
  pipelineWith({ targetFunction: TargetFunction.create({ ...PYTHON, ...options }) });
const names = (template: Template) => {
  const { FUNCTION_NAME, ALIAS_NAME } = releaseFunctionOf(template).Environment.Variables;
  return [flat(FUNCTION_NAME), ALIAS_NAME];
};
const releaseStatements = (template: Template) => statementsOf(template, 'PipelineReleaseFunctionServiceRole');
const FUNCTION_ARN = 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:';

describe('TargetFunction.create', () => {
  const { template } = created();

  test('leaves the function, its versions and its alias out of the stack', () => {
    expect(
      logicalIds(template, 'AWS::Lambda::Function').filter((id) => !id.startsWith('PipelineReleaseFunction')),
    ).toEqual([]);
    template.resourceCountIs('AWS::Lambda::Version', 0);
    template.resourceCountIs('AWS::Lambda::Alias', 0);
  });

  test('names the function after the project, and its alias live', () => {
    expect(names(template)).toEqual(['inventory-allocation', 'live']);
  });

  test('takes other names', () => {
    expect(names(created({ functionName: 'Allocate_Stock', aliasName: 'prod' }).template)).toEqual([
      'Allocate_Stock',
      'prod',
    ]);
  });

  test("takes a name for the function when the project's is none", () => {
    const { template: named } = pipelineWith({
      projectName: 'inventory.allocation'.replace('.', '-'),
      targetFunction: TargetFunction.create({ ...PYTHON, functionName: 'allocate' }),
    });
    expect(names(named)[0]).toBe('allocate');
  });

  test('makes an execution role that may write to the log group of the function, and nothing else', () => {
    const statements = statementsOf(template, 'PipelineTargetFunctionServiceRole');
    expect(actionsOf(statements)).toEqual(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']);
    const arn =
      'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/inventory-allocation';
    expect(resourcesOf(statements, 'logs:PutLogEvents')).toEqual([arn, `${arn}:*`]);
  });

  test('makes no log group: a function that is found has one already', () => {
    expect(
      Object.values(template.findResources('AWS::Logs::LogGroup')).map(
        ({ Properties }) => Properties.LogGroupName ?? '',
      ),
    ).not.toContain('/aws/lambda/inventory-allocation');
  });

  test("lets the execution role write to a log group of the user's", () => {
    const { template: own } = pipelineWith((stack) => ({
      targetFunction: TargetFunction.create({ ...PYTHON, logGroup: new logs.LogGroup(stack, 'Logs') }),
    }));
    expect(resourcesOf(statementsOf(own, 'PipelineTargetFunctionServiceRole'), 'logs:PutLogEvents')).toEqual([
      expect.stringMatching(/^\$\{Logs.*\.Arn\}$/),
    ]);
  });

  test("takes a role of the user's, and passes that one", () => {
    const { template: own } = pipelineWith((stack) => ({
      targetFunction: TargetFunction.create({
        ...PYTHON,
        role: new iam.Role(stack, 'Own', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
      }),
    }));
    expect(logicalIds(own, 'AWS::IAM::Role').filter((id) => id.startsWith('PipelineTargetFunction'))).toEqual([]);
    expect(resourcesOf(releaseStatements(own), 'iam:PassRole')).toEqual([expect.stringMatching(/^\$\{Own.*\.Arn\}$/)]);
  });

  test('lets the release function create and configure this function alone', () => {
    expect(resourcesOf(releaseStatements(template), 'lambda:CreateFunction')).toEqual([
      `${FUNCTION_ARN}inventory-allocation`,
    ]);
    expect(resourcesOf(releaseStatements(template), 'lambda:UpdateFunctionConfiguration')).toEqual([
      `${FUNCTION_ARN}inventory-allocation`,
    ]);
  });

  test('names the parameter with the configuration to the release function, which may read it', () => {
    const name = '/lambda-ci-cd-pipeline/inventory-allocation/function-configuration';
    expect(propertiesOf(template, 'AWS::SSM::Parameter').Name).toBe(name);
    expect(releaseFunctionOf(template).Environment.Variables.CONFIGURATION_PARAMETER).toBe(name);
    expect(resourcesOf(releaseStatements(template), 'ssm:GetParameter')[0]).toMatch(new RegExp(`:parameter${name}$`));
  });

  test('needs no right on networks, keys and layers without them', () => {
    expect(
      actionsOf(releaseStatements(template)).filter((iamAction) =>
        /^(ec2|kms|elasticfilesystem|lambda:GetLayerVersion)/.test(iamAction),
      ),
    ).toEqual([]);
  });
});

describe('the rights that options of the function need', () => {
  const { template } = pipelineWith((stack) => ({ targetFunction: fullFunction(stack) }));
  const release = releaseStatements(template);
  const execution = statementsOf(template, 'PipelineTargetFunctionServiceRole');

  test('a VPC: the release function looks at it, the function makes its network interfaces', () => {
    expect(actionsOf(release)).toEqual(
      expect.arrayContaining(['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs']),
    );
    expect(actionsOf(execution)).toEqual(
      expect.arrayContaining([
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
      ]),
    );
  });

  test('layers: the release function reads them, those of Lambda Insights too', () => {
    expect(resourcesOf(release, 'lambda:GetLayerVersion').sort()).toEqual([
      'arn:aws:lambda:eu-west-1:111122223333:layer:shared:7',
      'arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension-Arm64:5',
    ]);
  });

  test('a key for the environment: the release function encrypts and reads it', () => {
    expect(resourcesOf(release, 'kms:Encrypt')).toEqual([expect.stringMatching(/^\$\{EnvironmentKey.*\.Arn\}$/)]);
    expect(actionsOf(release)).toEqual(expect.arrayContaining(['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt']));
  });

  test('a key for the environment: the function decrypts the environment', () => {
    expect(resourcesOf(execution, 'kms:Decrypt')).toEqual([expect.stringMatching(/^\$\{EnvironmentKey.*\.Arn\}$/)]);
  });

  test('a file system: the release function looks for its mount targets, the function mounts it', () => {
    expect(actionsOf(release)).toContain('elasticfilesystem:DescribeMountTargets');
    expect(actionsOf(execution)).toContain('elasticfilesystem:ClientMount');
  });

  test('tracing and dead letters: the function sends them', () => {
    expect(actionsOf(execution)).toEqual(expect.arrayContaining(['xray:PutTraceSegments', 'sqs:SendMessage']));
  });

  test('none of them is a wildcard action', () => {
    expect(actionsOf(allStatements(template)).filter((iamAction) => iamAction.includes('*'))).toEqual([]);
  });
});

describe('TargetFunction.create fails when', () => {
  const given = (options: object) => () => TargetFunction.create({ ...PYTHON, ...options });

  test.each([
    [
      'functionName',
      { functionName: 'arn:aws:lambda:eu-west-1:111122223333:function:x' },
      '1 to 64 letters, digits, hyphens, and underscores',
      'use the name, not the ARN',
    ],
    [
      'functionName',
      { functionName: 'x'.repeat(65) },
      '1 to 64 letters, digits, hyphens, and underscores',
      'use the name, not the ARN',
    ],
    [
      'aliasName',
      { aliasName: '1' },
      '1 to 128 letters, digits, hyphens, and underscores, with at least one character that is not a digit',
      'for example "live"',
    ],
    [
      'aliasName',
      { aliasName: 'my alias' },
      '1 to 128 letters, digits, hyphens, and underscores, with at least one character that is not a digit',
      'for example "live"',
    ],
    ['memorySize', { memorySize: 64 }, 'an integer between 128 and 10240', 'the unit is MB'],
    ['memorySize', { memorySize: 10241 }, 'an integer between 128 and 10240', 'the unit is MB'],
    ['memorySize', { memorySize: 512.5 }, 'an integer between 128 and 10240', 'the unit is MB'],
    [
      'timeout',
      { timeout: Duration.minutes(16) },
      "between 1 second and 15 minutes (Lambda's limits)",
      'for example Duration.seconds(30)',
    ],
    [
      'timeout',
      { timeout: Duration.millis(500) },
      "between 1 second and 15 minutes (Lambda's limits)",
      'for example Duration.seconds(30)',
    ],
    [
      'ephemeralStorageSize',
      { ephemeralStorageSize: Size.mebibytes(256) },
      "whole MiB between 512 and 10240 (Lambda's limits)",
      'for example Size.gibibytes(1)',
    ],
    [
      'ephemeralStorageSize',
      { ephemeralStorageSize: Size.kibibytes(600_000) },
      "whole MiB between 512 and 10240 (Lambda's limits)",
      'got 585.9375 MiB; ',
    ],
    [
      'ephemeralStorageSize',
      { ephemeralStorageSize: Size.gibibytes(11) },
      "whole MiB between 512 and 10240 (Lambda's limits)",
      'for example Size.gibibytes(1)',
    ],
    ['handler', { handler: 'handler' }, '"<module>.<function>" for python3.13', 'for example "app.handler"'],
    [
      'handler',
      { handler: 'app.py' },
      '"<module>.<function>" for python3.13',
      'name the function after the module, not the file: "app.handler"',
    ],
    [
      'runtime',
      { runtime: lambda.Runtime.PYTHON_3_7 },
      'a runtime that Lambda still creates functions for',
      'use lambda.Runtime.PYTHON_3_13',
    ],
    [
      'the name of environment.1ST',
      { environment: { '1ST': 'x' } },
      'at least two letters, digits, or underscores, starting with a letter',
      'rename the variable',
    ],
  ])('%s is %j', (name, options, allowed, remedy) => {
    expect(given(options)).toThrow(`${name} of TargetFunction.create must be ${allowed}`);
    expect(given(options)).toThrow(remedy);
  });

  test('the environment has more than Lambda holds', () => {
    expect(given({ environment: { LARGE: 'x'.repeat(4096) } })).toThrow(
      "environment of TargetFunction.create must be at most 4096 bytes of names and values (Lambda's limit), got 4108 bytes; " +
        'store large values in a parameter or in a file of the package',
    );
  });

  test.each<[string, unknown]>([
    ['events', []],
    ['currentVersionOptions', {}],
    ['onFailure', { bind: () => ({ destination: 'arn' }) }],
    ['onSuccess', { bind: () => ({ destination: 'arn' }) }],
    ['maxEventAge', Duration.minutes(5)],
    ['retryAttempts', 1],
    ['logRetention', 1],
    ['logRetentionRetryOptions', {}],
    ['logRemovalPolicy', RemovalPolicy.DESTROY],
    ['reservedConcurrentExecutions', 1],
    ['runtimeManagementMode', lambda.RuntimeManagementMode.AUTO],
    ['recursiveLoop', lambda.RecursiveLoop.ALLOW],
  ])('%s is set, which is not part of a version', (name, value) => {
    expect(given({ [name]: value })).toThrow(
      `${name} of TargetFunction.create must be omitted, because it is not part of a version's configuration; `,
    );
  });
});

describe('settings of the whole function', () => {
  const given = (options: object) => () => TargetFunction.create({ ...PYTHON, ...options });

  test.each<[string, string, unknown]>([
    ['reservedConcurrentExecutions', 'PutFunctionConcurrency', 1],
    ['runtimeManagementMode', 'PutRuntimeManagementConfig', lambda.RuntimeManagementMode.AUTO],
    ['recursiveLoop', 'PutFunctionRecursionConfig', lambda.RecursiveLoop.ALLOW],
  ])('%s is refused with the call that sets it', (name, call, value) => {
    expect(given({ [name]: value })).toThrow(`call ${call} with an AwsCustomResource of the CDK: see`);
  });

  test.each<[string, string, unknown]>([
    [
      'codeSigningConfig',
      'because the placeholder of the first deployment is not signed',
      { codeSigningConfigRef: {} },
    ],
    [
      'tenancyConfig',
      'because Lambda sets the tenancy only when it creates a function',
      lambda.TenancyConfig.PER_TENANT,
    ],
  ])('%s is refused with its reason', (name, reason, value) => {
    expect(given({ [name]: value })).toThrow(`${name} of TargetFunction.create must be omitted, ${reason}`);
  });
});

describe('durableConfig', () => {
  const durableConfig = { executionTimeout: Duration.hours(8), retentionPeriod: Duration.days(14) };
  const { template } = created({ durableConfig });
  const fields = { ExecutionTimeout: 28800, RetentionPeriodInDays: 14 };

  test('is part of the configuration, and of the function that the stack creates', () => {
    const { Value } = resourceWithPrefix(template, 'AWS::SSM::Parameter', 'Pipeline').Properties;
    expect(flat(Value)).toContain(`"DurableConfig":${JSON.stringify(fields)}`);
    const { Configuration } = propertiesOf(template, 'Custom::LambdaFunctionWithAlias');
    expect(flat(Configuration)).toContain(`"DurableConfig":${JSON.stringify(fields)}`);
  });

  test('allows the function to save and read its executions, and no other function', () => {
    const statements = statementsOf(template, 'PipelineTargetFunctionServiceRole');
    for (const permission of ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState']) {
      expect(resourcesOf(statements, permission)).toEqual([`${FUNCTION_ARN}inventory-allocation:*`]);
    }
  });

  test('is off by default', () => {
    const plain = JSON.stringify(created().template.toJSON());
    expect(plain).not.toContain('Durable');
  });

  test.each([
    [
      { executionTimeout: Duration.days(367) },
      'executionTimeout in durableConfig of TargetFunction.create must be between 1 second and 366 days',
    ],
    [
      { executionTimeout: Duration.hours(1), retentionPeriod: Duration.days(91) },
      'retentionPeriod in durableConfig of TargetFunction.create must be between 1 day and 90 days',
    ],
  ])('%j is refused', (given, message) => {
    expect(() => created({ durableConfig: given })).toThrow(message);
  });
});

describe('TargetFunction.create takes values that are known at deployment only', () => {
  const text = (stack: Stack, id: string) => new CfnParameter(stack, id).valueAsString;
  const number = (stack: Stack, id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;
  const { template } = pipelineWith((stack) => ({
    targetFunction: TargetFunction.create({
      ...PYTHON,
      handler: text(stack, 'Handler'),
      functionName: text(stack, 'Name'),
      aliasName: text(stack, 'AliasName'),
      memorySize: number(stack, 'Memory'),
      timeout: Duration.seconds(number(stack, 'Timeout')),
      ephemeralStorageSize: Size.mebibytes(number(stack, 'Storage')),
      environment: { TABLE: text(stack, 'Table') },
    }),
  }));

  test('as names', () => {
    expect([names(template)[0], flat(names(template)[1])]).toEqual(['${Name}', '${AliasName}']);
  });

  test('as configuration', () => {
    const { Value } = resourceWithPrefix(template, 'AWS::SSM::Parameter', 'Pipeline').Properties;
    expect(flat(Value)).toContain('"MemorySize":${Memory},"Timeout":${Timeout}');
    expect(flat(Value)).toContain('"EphemeralStorage":{"Size":${Storage}}');
    expect(flat(Value)).toContain('"Environment":{"Variables":{"TABLE":"${Table}"}}');
    expect(flat(Value)).toContain('"Handler":"${Handler}"');
  });
});

describe('TargetFunction.fromFunction', () => {
  const inStack = (stack: Stack, props: Partial<lambda.FunctionProps> = {}) =>
    new lambda.Function(stack, 'Own', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = 1'),
      architecture: lambda.Architecture.ARM_64,
      ...props,
    });
  const { template, pipeline } = pipelineWith((stack) => ({
    targetFunction: TargetFunction.fromFunction(inStack(stack)),
  }));

  test('releases to the function of the stack, and to its alias live', () => {
    expect(names(template)).toEqual([expect.stringMatching(/^\$\{Own/), 'live']);
    expect(pipeline.targetFunction.node.id).toBe('Own');
  });

  test('leaves the configuration to the stack', () => {
    expect(releaseFunctionOf(template).Environment.Variables).not.toHaveProperty('CONFIGURATION_PARAMETER');
    expect(
      actionsOf(releaseStatements(template)).filter((iamAction) =>
        /CreateFunction|UpdateFunctionConfiguration|PassRole/.test(iamAction),
      ),
    ).toEqual([]);
  });

  test.each([
    ['its runtime if a recipe builds it', {}, { step: 'check', runtime: 'nodejs22.x', architecture: 'arm64' }],
    ['nothing more with own commands', { buildCommands: ['make'] }, { step: 'check' }],
  ])('hands the check %s', (_, buildProject, parameters) => {
    const { template: made } = pipelineWith((stack) => ({
      targetFunction: TargetFunction.fromFunction(inStack(stack)),
      buildProject,
    }));
    expect(JSON.parse(action(made, 'CheckLambdaFunction').Configuration.UserParameters)).toEqual(parameters);
  });

  test('lets code, versions and alias be changed', () => {
    expect(resourcesOf(releaseStatements(template), 'lambda:UpdateFunctionCode')).toEqual([
      expect.stringMatching(/^\$\{Own.*\.Arn\}$/),
      expect.stringMatching(/^\$\{Own.*\.Arn\}:\*$/),
    ]);
  });

  test('builds for the runtime and the architecture of the function', () => {
    const { Environment } = resourceWithPrefix(
      template,
      'AWS::CodeBuild::Project',
      'PipelineCodeBuildProject',
    ).Properties;
    expect(Environment.Image).toMatch(/aarch64/);
  });

  test('takes another alias', () => {
    expect(
      names(
        pipelineWith((stack) => ({
          targetFunction: TargetFunction.fromFunction(inStack(stack), { aliasName: 'prod' }),
        })).template,
      )[1],
    ).toBe('prod');
  });

  test('takes an imported function with its runtime', () => {
    const { template: imported } = pipelineWith((stack) => ({
      targetFunction: TargetFunction.fromFunction(lambda.Function.fromFunctionName(stack, 'Other', 'other'), {
        runtime: lambda.Runtime.PYTHON_3_13,
      }),
    }));
    expect(resourcesOf(releaseStatements(imported), 'lambda:UpdateFunctionCode')[0]).toBe(`${FUNCTION_ARN}other`);
  });

  test.each<[string, (fn: lambda.Function) => lambda.IFunction]>([
    ['a version', (fn) => fn.currentVersion],
    ['an alias', (fn) => new lambda.Alias(fn, 'Live', { aliasName: 'live', version: fn.currentVersion })],
  ])('fails for %s, because the pipeline publishes versions of the function', (_, of) => {
    expect(() =>
      pipelineWith((stack) => ({ targetFunction: TargetFunction.fromFunction(of(inStack(stack))) })),
    ).toThrow(
      /^targetFunction of TargetFunction\.fromFunction must be the function itself, because the pipeline publishes the versions, got the version or alias Stack\/.*; pass the function, or use TargetFunction\.fromAlias for an alias$/,
    );
  });

  test('fails when the runtime of an imported function is not set', () => {
    const stack = newStack();
    expect(() =>
      addPipeline(
        { targetFunction: TargetFunction.fromFunction(lambda.Function.fromFunctionName(stack, 'Other', 'other')) },
        stack,
      ),
    ).toThrow(
      'runtime of the target function must be set for an imported function, got nothing; ' +
        'add the option runtime, which determines how the package is built',
    );
  });

  test('fails when the alias name is invalid', () => {
    expect(() => TargetFunction.fromFunction(inStack(newStack()), { aliasName: '7' })).toThrow(
      'aliasName of TargetFunction.fromFunction must be',
    );
  });
});

describe('TargetFunction.fromAlias', () => {
  const own = (stack: Stack) =>
    new lambda.Function(stack, 'Own', { ...PYTHON, code: lambda.Code.fromInline('handler = 1') });

  test('releases to the alias', () => {
    const { template, pipeline } = pipelineWith((stack) => {
      const version = new lambda.Version(stack, 'First', { lambda: own(stack) });
      return {
        targetFunction: TargetFunction.fromAlias(new lambda.Alias(stack, 'Prod', { aliasName: 'prod', version })),
      };
    });
    expect(flat(names(template)[1])).toMatch(/^(prod|\$\{.*)$/);
    expect(pipeline.alias.node.id).toBe('Prod');
  });

  test('warns that an update of the stack can move the alias back', () => {
    const { stack } = pipelineWith((scope) => {
      const version = new lambda.Version(scope, 'First', { lambda: own(scope) });
      return {
        targetFunction: TargetFunction.fromAlias(new lambda.Alias(scope, 'Prod', { aliasName: 'prod', version })),
      };
    });
    Annotations.fromStack(stack).hasWarning(
      '/Stack/Pipeline',
      Match.stringLikeRegexp('a stack contains the alias Stack/Prod: .* also moves the alias back to the version'),
    );
  });

  test('does not warn about an alias that no stack of the app contains', () => {
    const { stack } = pipelineWith((scope) => {
      const version = lambda.Version.fromVersionArn(scope, 'First', `${own(scope).functionArn}:1`);
      const alias = lambda.Alias.fromAliasAttributes(scope, 'Prod', { aliasName: 'prod', aliasVersion: version });
      return { targetFunction: TargetFunction.fromAlias(alias, { runtime: lambda.Runtime.PYTHON_3_13 }) };
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('a stack contains the alias'));
  });

  test('fails when the alias follows the current version of its function', () => {
    const stack = newStack();
    expect(() =>
      TargetFunction.fromAlias(
        new lambda.Alias(stack, 'Prod', { aliasName: 'prod', version: own(stack).currentVersion }),
      ),
    ).toThrow(
      'alias of TargetFunction.fromAlias must be an alias that does not follow currentVersion, ' +
        'because every stack update would move that alias, got Stack/Prod; create the alias with a separate version, ',
    );
  });
});

describe('TargetFunction.createFromTemplate', () => {
  const OPTIONS = {
    templatePath: 'Backend/env/env_src/CICDLambdaCreateOnPipeline.yml',
    parametersPath: 'Backend/env/env_src/LambdaParameters.json',
    runtime: lambda.Runtime.PYTHON_3_13,
  };
  const { template } = pipelineWith({ targetFunction: TargetFunction.createFromTemplate(OPTIONS) });
  const cloudFormation = statementsOf(template, 'PipelineCloudFormationServiceRole');

  test('hands the template and its parameters to the step that creates', () => {
    expect(JSON.parse(action(template, 'CreateLambdaFunction').Configuration.UserParameters)).toEqual({
      step: 'create',
      templatePath: OPTIONS.templatePath,
      parametersPath: OPTIONS.parametersPath,
      stackName: 'inventory-allocation-function',
      runtime: 'python3.13',
      architecture: 'x86_64',
    });
  });

  test('leaves the configuration to the stack of the template', () => {
    template.resourceCountIs('AWS::SSM::Parameter', 0);
    expect(actionsOf(releaseStatements(template))).not.toContain('lambda:CreateFunction');
  });

  test('passes the role to CloudFormation alone', () => {
    const passing = releaseStatements(template).filter(({ Action }) => Action === 'iam:PassRole');
    expect(passing.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    ]);
  });

  test('lets CloudFormation make no role with rights of its own', () => {
    expect(actionsOf(cloudFormation)).not.toContain('iam:PutRolePolicy');
    const attaching = cloudFormation.find(({ Action }) => [Action].flat().includes('iam:AttachRolePolicy'))!;
    expect(JSON.stringify(attaching.Condition)).toContain('service-role/AWSLambdaBasicExecutionRole');
  });

  test('lets CloudFormation make whatever else is asked for', () => {
    const more = pipelineWith({
      targetFunction: TargetFunction.createFromTemplate({
        ...OPTIONS,
        permissions: [new iam.PolicyStatement({ actions: ['dynamodb:CreateTable'], resources: ['*'] })],
      }),
    }).template;
    expect(actionsOf(statementsOf(more, 'PipelineCloudFormationServiceRole'))).toContain('dynamodb:CreateTable');
  });

  test("takes a role of the user's", () => {
    const own = pipelineWith((stack) => ({
      targetFunction: TargetFunction.createFromTemplate({
        ...OPTIONS,
        deploymentRole: iam.Role.fromRoleArn(stack, 'Own', 'arn:aws:iam::111122223333:role/own'),
      }),
    })).template;
    expect(resourcesOf(releaseStatements(own), 'iam:PassRole')).toEqual(['arn:aws:iam::111122223333:role/own']);
  });

  test.each([
    ['templatePath', { templatePath: '../template.yml' }, 'a path inside the repository'],
    [
      'templatePath',
      { templatePath: 'Backend' },
      'the path of a .yml, .yaml, .json, or .template file, got "Backend"; use the path of the template, not of its folder',
    ],
    [
      'parametersPath',
      { parametersPath: 'parameters.yml' },
      'the path of a .json file, got "parameters.yml"; convert the parameters to JSON',
    ],
    ['stackName', { stackName: '1st' }, '1 to 128 letters, digits, and hyphens, starting with a letter'],
    ['functionName', { functionName: 'a b' }, '1 to 64 letters, digits, hyphens, and underscores'],
    [
      'aliasName',
      { aliasName: '1' },
      '1 to 128 letters, digits, hyphens, and underscores, with at least one character that is not a digit',
    ],
  ])('fails when %s is %j', (name, options, allowed) => {
    expect(() => TargetFunction.createFromTemplate({ ...OPTIONS, ...options })).toThrow(
      `${name} of TargetFunction.createFromTemplate must be ${allowed}`,
    );
  });

  test('fails when permissions are set together with a role', () => {
    const deploymentRole = iam.Role.fromRoleArn(newStack(), 'Own', 'arn:aws:iam::111122223333:role/own');
    expect(() => TargetFunction.createFromTemplate({ ...OPTIONS, deploymentRole, adminPermissions: true })).toThrow(
      'adminPermissions of TargetFunction.createFromTemplate must be omitted with deploymentRole; add the permissions to that role',
    );
  });
});

test('the execution role stays when the stack is deleted, because the versions name it', () => {
  const { template } = pipelineWith({
    targetFunction: TargetFunction.create({
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: 'app.handler',
      tracing: lambda.Tracing.ACTIVE,
    }),
  });
  const kept = Object.entries<any>(template.toJSON().Resources).filter(([id]) =>
    id.startsWith('PipelineTargetFunctionServiceRole'),
  );
  expect(kept.map(([, { Type, DeletionPolicy }]) => [Type, DeletionPolicy])).toEqual([
    ['AWS::IAM::Role', 'Retain'],
    ['AWS::IAM::Policy', 'Retain'],
  ]);
});

test("a role of the user's is left as it is", () => {
  const { template } = pipelineWith((stack) => ({
    targetFunction: TargetFunction.create({
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: 'app.handler',
      role: new iam.Role(stack, 'Own', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
    }),
  }));
  const [[, own]] = Object.entries<any>(template.toJSON().Resources).filter(([id]) => id.startsWith('Own'));
  expect(own.DeletionPolicy).toBeUndefined();
});

test('fails when a path is too long for the parameters of an action', () => {
  const templatePath = `${'folder/'.repeat(50)}function.yml`;
  expect(() => TargetFunction.createFromTemplate({ templatePath, runtime: lambda.Runtime.PYTHON_3_13 })).toThrow(
    /^templatePath of TargetFunction\.createFromTemplate must be at most 300 characters \(the parameters of an action together have at most 1000\), got "folder.*"; use a shorter path$/,
  );
});
