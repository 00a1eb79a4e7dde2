import { Duration, Size, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcard } from './private/acknowledgement';
import { arnOf } from './private/arn';
import { renderFunctionConfiguration } from './private/function-configuration';
import { requireHandler, requireRuntime } from './private/runtime';
import { serviceRole } from './private/service-role';
import { isKnown, refuse, requireDuration, requireInteger, requirePattern } from './private/validation';

/**
 * A function that the pipeline creates. Everything in here is configuration: the stack says what it should be, and the next run of the
 * pipeline applies it, publishes it as a version and shifts the traffic to it like code.
 */
export interface CreateFunctionOptions extends lambda.FunctionOptions {
  /** Runtime, which also chooses how the build works. */
  readonly runtime: lambda.Runtime;
  /** What Lambda calls in the package: `app.handler` is the function `handler` in `app.py` at the root of the package. */
  readonly handler: string;
  /**
   * Name of the alias that everybody invokes.
   *
   * @default 'live'
   */
  readonly aliasName?: string;
}

/** Options of `TargetFunction.fromFunction`. */
export interface FromFunctionOptions {
  /**
   * Runtime, by which the build is chosen.
   *
   * @default - the runtime of the function, when it is made in the same app
   */
  readonly runtime?: lambda.Runtime;

  /**
   * Architecture that the package is built for.
   *
   * @default - the architecture of the function, when it is made in the same app; otherwise x86_64
   */
  readonly architecture?: lambda.Architecture;

  /**
   * Name of the alias that everybody invokes. The first run makes it when there is none.
   *
   * @default 'live'
   */
  readonly aliasName?: string;
}

/** Options of `TargetFunction.fromAlias`. */
export interface FromAliasOptions {
  /**
   * Runtime, by which the build is chosen.
   *
   * @default - the runtime of the function, when it is made in the same app
   */
  readonly runtime?: lambda.Runtime;

  /**
   * Architecture that the package is built for.
   *
   * @default - the architecture of the function, when it is made in the same app; otherwise x86_64
   */
  readonly architecture?: lambda.Architecture;
}

/** What the pipeline gives to its function. */
export interface TargetFunctionBindOptions {
  readonly projectName: string;
  readonly artifactBucket: s3.IBucket;
}

/** What the pipeline gets to know of its function. */
export interface TargetFunctionConfig {
  readonly functionName: string;
  readonly aliasName: string;
  readonly targetFunction: lambda.IFunction;
  readonly alias: lambda.IAlias;
  readonly runtime: lambda.Runtime;
  readonly architecture: lambda.Architecture;
  /** The configuration that the pipeline applies; nothing when a stack owns it. */
  readonly configuration?: ssm.IStringParameter;
  /** What the release function must be allowed beyond code, versions and alias. */
  readonly statements: iam.PolicyStatement[];
}

/**
 * The function that the pipeline releases to.
 *
 * @example
 * const targetFunction = TargetFunction.create({
 *   runtime: lambda.Runtime.PYTHON_3_13,
 *   handler: 'app.handler',
 *   memorySize: 512,
 *   timeout: Duration.seconds(30),
 *   environment: { STOCK_TABLE: 'stock' },
 * });
 */
export abstract class TargetFunction {
  /** A function that the pipeline creates when it is missing. Nothing of it is deleted with the stack, so that deleting a pipeline stops no service. */
  public static create(options: CreateFunctionOptions): TargetFunction {
    return new CreatedFunction(options);
  }

  /**
   * A function that a stack owns: the pipeline releases code, publishes versions and moves the alias, and never touches the configuration.
   * The stack must not put code of its own on it, apart from what it is made with.
   */
  public static fromFunction(targetFunction: lambda.IFunction, options: FromFunctionOptions = {}): TargetFunction {
    return new OwnedFunction(targetFunction, options.aliasName ?? 'live', options);
  }

  /**
   * A function that a stack owns, by its alias. The alias must not follow the function's `currentVersion`, or every stack update would move it.
   */
  public static fromAlias(alias: lambda.IAlias, options: FromAliasOptions = {}): TargetFunction {
    return new OwnedFunction(alias.version.lambda, alias.aliasName, options, alias);
  }

  /**
   * The name that the function has on its own, so that it needs none from the project.
   *
   * @internal
   */
  public abstract readonly _functionName?: string;

  /** @internal */
  public abstract _bind(scope: Construct, options: TargetFunctionBindOptions): TargetFunctionConfig;
}

class CreatedFunction extends TargetFunction {
  public readonly _functionName?: string;

  constructor(private readonly options: CreateFunctionOptions) {
    super();
    this._functionName = options.functionName;
    validate(options);
  }

  public _bind(scope: Construct, { projectName, artifactBucket }: TargetFunctionBindOptions): TargetFunctionConfig {
    const { aliasName = 'live', ...options } = this.options;
    const functionName = options.functionName ?? projectName;
    const role = options.role ?? this.createRole(scope, functionName);
    // Said even when it is Lambda's own: newer apps would otherwise get a group of the model's, which is for no function.
    const logGroup = options.logGroup ?? logs.LogGroup.fromLogGroupName(scope, 'TargetFunctionLogGroup', `/aws/lambda/${functionName}`);
    // The CDK's own function knows how forty options become a configuration. Only its resource is taken out of the stack again,
    // because the pipeline makes the function: what is left are the things that the options need beside it.
    const model = new lambda.Function(scope, 'TargetFunction', {
      ...options, functionName, role, logGroup, code: lambda.Code.fromBucket(artifactBucket, 'written by the pipeline', 'of each run'),
    });
    const resource = model.node.defaultChild as lambda.CfnFunction;
    const configuration = new ssm.StringParameter(scope, 'TargetFunctionConfiguration', {
      description: `Configuration that the pipeline of ${projectName} applies to its function`,
      stringValue: renderFunctionConfiguration(resource),
      tier: ssm.ParameterTier.INTELLIGENT_TIERING, // 4 KB are free, and an environment alone may have them
    });
    const layers: unknown[] = Stack.of(scope).resolve(resource.layers) ?? []; // those of the options, of Lambda Insights and so on
    model.node.tryRemoveChild(resource.node.id);
    const targetFunction = lambda.Function.fromFunctionAttributes(scope, 'ImportedFunction', {
      functionArn: arnOf(scope, 'lambda', 'function', functionName), role, sameEnvironment: true,
    });
    return {
      functionName,
      aliasName,
      targetFunction,
      alias: importAlias(scope, targetFunction, aliasName),
      runtime: options.runtime,
      architecture: options.architecture ?? lambda.Architecture.X86_64,
      configuration,
      statements: [
        ...this.statements(scope, functionName, role, configuration),
        ...(layers.length > 0 ? [new iam.PolicyStatement({ actions: ['lambda:GetLayerVersion'], resources: layers.map((layer) => Token.asString(layer)) })] : []),
      ],
    };
  }

  private createRole(scope: Construct, functionName: string): iam.IRole {
    // The group of its own name is made by Lambda: a function that the pipeline finds has one already, and no stack could make it again.
    const made = arnOf(scope, 'logs', 'log-group', `/aws/lambda/${functionName}`);
    const given = this.options.logGroup?.logGroupRef.logGroupArn; // ends with the wildcard for the streams
    const role = serviceRole(scope, 'TargetFunctionServiceRole', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `Execution role of the function ${functionName}`,
      statements: [
        new iam.PolicyStatement({
          actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], resources: given ? [given] : [made, `${made}:*`],
        }),
        ...(this.options.vpc ? [networkInterfaces()] : []),
      ],
    });
    acknowledgeWildcard(role, `${made}:*`, 'Lambda makes up the names of the log streams');
    acknowledgeWildcard(role, '*', 'X-Ray, and the network interfaces of a VPC, have no resource type');
    acknowledge(role, 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/CloudWatchLambdaInsightsExecutionRolePolicy]', 'Lambda Insights asks for it');
    return role;
  }

  private statements(scope: Construct, functionName: string, role: iam.IRole, configuration: ssm.IStringParameter): iam.PolicyStatement[] {
    const functionArn = arnOf(scope, 'lambda', 'function', functionName);
    const { environmentEncryption, vpc, filesystem } = this.options;
    return [
      new iam.PolicyStatement({
        actions: ['lambda:CreateFunction', 'lambda:UpdateFunctionConfiguration'], resources: [functionArn],
      }),
      new iam.PolicyStatement({
        actions: ['iam:PassRole'], resources: [role.roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
      }),
      new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: [configuration.parameterArn] }),
      ...(environmentEncryption
        ? [new iam.PolicyStatement({ actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt'], resources: [environmentEncryption.keyRef.keyArn] })] : []),
      // Lambda asks for these on behalf of whoever names a network; none of them has a resource type.
      ...(vpc ? [new iam.PolicyStatement({ actions: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'], resources: ['*'] })] : []),
      ...(filesystem ? [new iam.PolicyStatement({ actions: ['elasticfilesystem:DescribeMountTargets'], resources: ['*'] })] : []),
    ];
  }
}

class OwnedFunction extends TargetFunction {
  public readonly _functionName: string;

  constructor(
    private readonly targetFunction: lambda.IFunction,
    private readonly aliasName: string,
    private readonly options: FromFunctionOptions,
    private readonly alias?: lambda.IAlias,
  ) {
    super();
    this._functionName = targetFunction.functionName;
    requireAliasName('aliasName of TargetFunction.fromFunction', aliasName);
    if (alias?.version instanceof lambda.Version && alias.version.node.scope === targetFunction && alias.version.node.id === 'CurrentVersion') {
      refuse({
        prop: 'alias of TargetFunction.fromAlias',
        allowed: 'one that does not follow the currentVersion of its function, because every stack update would move it',
        given: alias.node.path,
        remedy: 'make the alias with a version of its own, `new lambda.Version(this, "FirstVersion", { lambda: fn })`, or leave the alias out and use TargetFunction.fromFunction',
      });
    }
  }

  public _bind(scope: Construct): TargetFunctionConfig {
    const { functionName } = this.targetFunction;
    const made = this.targetFunction instanceof lambda.Function ? this.targetFunction : undefined;
    const runtime = this.options.runtime ?? made?.runtime;
    if (!runtime) {
      refuse({ prop: 'runtime of the target function', allowed: 'given for a function that is imported', given: runtime, remedy: 'add the option runtime: it chooses how the build works' });
    }
    requireRuntime('runtime of the target function', runtime);
    return {
      functionName,
      aliasName: this.aliasName,
      targetFunction: this.targetFunction,
      alias: this.alias ?? importAlias(scope, this.targetFunction, this.aliasName),
      runtime,
      architecture: this.options.architecture ?? made?.architecture ?? lambda.Architecture.X86_64,
      statements: [],
    };
  }
}

/** What Lambda does with a function's role to put it into a network: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
function networkInterfaces(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [
      'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}

/** An alias as the rest of the app may use it: it exists from the first run of the pipeline on. */
function importAlias(scope: Construct, targetFunction: lambda.IFunction, aliasName: string): lambda.IAlias {
  return lambda.Alias.fromAliasAttributes(scope, 'Alias', { aliasName, aliasVersion: targetFunction.latestVersion });
}

function requireAliasName(prop: string, aliasName: string | undefined): void {
  requirePattern(aliasName, /^(?!\d+$)[A-Za-z0-9_-]{1,128}$/, {
    prop, allowed: '1 to 128 letters, digits, hyphens and underscores, not a number alone', remedy: 'for example "live"',
  });
}

/** Options of the CDK's function that stand for resources or settings beside the function's configuration: the pipeline would leave them out in silence. */
const NOT_APPLIED: Record<string, string> = {
  events: 'add the event source to the alias of the pipeline',
  currentVersionOptions: 'the pipeline publishes the versions',
  onFailure: 'configure asynchronous invocation on the alias',
  onSuccess: 'configure asynchronous invocation on the alias',
  maxEventAge: 'configure asynchronous invocation on the alias',
  retryAttempts: 'configure asynchronous invocation on the alias',
  logRetention: 'give logGroup, a log group with the retention that you want',
  reservedConcurrentExecutions: 'set it on the function with `aws lambda put-function-concurrency`',
  codeSigningConfig: 'use a function that a stack owns',
  runtimeManagementMode: 'use a function that a stack owns',
  recursiveLoop: 'use a function that a stack owns',
  tenancyConfig: 'use a function that a stack owns',
  durableConfig: 'use a function that a stack owns',
};

function validate(options: CreateFunctionOptions): void {
  const prop = (name: string) => `${name} of TargetFunction.create`;
  for (const [name, remedy] of Object.entries(NOT_APPLIED)) {
    if (options[name as keyof CreateFunctionOptions] !== undefined) {
      refuse({ prop: prop(name), allowed: 'left out, because it is no part of the configuration that a version has', given: 'a value', remedy });
    }
  }
  requireRuntime(prop('runtime'), options.runtime);
  requireHandler(prop('handler'), options.handler, options.runtime);
  requirePattern(options.functionName, /^[A-Za-z0-9_-]{1,64}$/, {
    prop: prop('functionName'), allowed: '1 to 64 letters, digits, hyphens and underscores', remedy: 'give the name, not the ARN',
  });
  requireAliasName(prop('aliasName'), options.aliasName);
  requireInteger(prop('memorySize'), options.memorySize, 128, 10240, 'it is counted in megabytes');
  requireDuration(prop('timeout'), options.timeout, Duration.seconds(1), Duration.minutes(15), 'Lambda ends every invocation after 15 minutes');
  if (options.ephemeralStorageSize && !options.ephemeralStorageSize.isUnresolved()) {
    requireInteger(prop('ephemeralStorageSize'), options.ephemeralStorageSize.toMebibytes(), 512, Size.gibibytes(10).toMebibytes(), 'it is counted in megabytes');
  }
  validateEnvironment(options.environment ?? {});
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ENVIRONMENT_BYTES = 4096;

function validateEnvironment(environment: { [name: string]: string }): void {
  for (const name of Object.keys(environment)) {
    requirePattern(name, /^[A-Za-z]\w+$/, {
      prop: `environment.${name} of TargetFunction.create`, allowed: 'named with letters, digits and underscores, beginning with a letter, two at least', remedy: 'rename it',
    });
  }
  const size = Buffer.byteLength(JSON.stringify(environment));
  if (Object.values(environment).every(isKnown) && size > ENVIRONMENT_BYTES) {
    refuse({
      prop: 'environment of TargetFunction.create', allowed: `${ENVIRONMENT_BYTES} bytes at most, names and values together`, given: `${size} bytes`, remedy: 'keep large values in a parameter or a file of the package',
    });
  }
}
