import { createHash } from 'node:crypto';
import {
  CfnResource,
  Duration,
  ITaggable,
  Lazy,
  RemovalPolicy,
  Size,
  Stack,
  TagManager,
  TagType,
  Token,
} from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import {
  createdTarget,
  requireAliasName,
  requireFunctionName,
  TargetFunctionBindOptions,
  TargetFunctionConfig,
  TargetFunctionKind,
} from './config';
import { acknowledge, acknowledgeWildcard } from '../private/acknowledgement';
import { arnOf } from '../private/arn';
import { renderFunctionConfiguration } from '../private/function-configuration';
import { requireHandler, requireRuntime } from '../private/runtime/runtime';
import { requireNoSecret } from '../private/secret';
import { serviceRole } from '../private/service-role';
import { isKnown, refuse, requireDuration, requireInteger, requirePattern } from '../private/validation';

/** What a function that the pipeline creates may have beside the CDK's own options. */
export interface CommonFunctionOptions extends lambda.FunctionOptions {
  /**
   * Name of the alias that everybody invokes.
   *
   * @default 'live'
   */
  readonly aliasName?: string;

  /**
   * Who may invoke the alias from outside of identity policies: services such as API Gateway or EventBridge, or another account. The pipeline adds each to the
   * alias under its key. A permission of the CDK's own would fail: the stack is there before the function.
   *
   * @default - nobody
   */
  readonly permissions?: { [id: string]: lambda.Permission };
}

/**
 * A function that the pipeline creates. Everything in here is configuration: the stack says what it should be, and the next run of the
 * pipeline applies it, publishes it as a version and shifts the traffic to it like code.
 */
export interface CreateFunctionOptions extends CommonFunctionOptions {
  /** Runtime, which also chooses how the build works. */
  readonly runtime: lambda.Runtime;
  /** What Lambda calls in the package: `app.handler` is the function `handler` in `app.py` at the root of the package. */
  readonly handler: string;
}

/** A function from container images that the pipeline creates with its first image. */
export interface CreateFromImageOptions extends CommonFunctionOptions {
  /**
   * Repository of the images, in the same region. With a source other than `Source.ecr` the build pushes to it, which needs
   * `buildProject.environment.privileged`.
   */
  readonly repository: ecr.IRepository;
}

/**
 * A function from a package.
 *
 * @internal
 */
export function createdFunction(options: CreateFunctionOptions): TargetFunctionKind {
  const prop = (name: string) => `${name} of TargetFunction.create`;
  if (options.runtime.name === lambda.Runtime.FROM_IMAGE.name) {
    refuse({
      prop: prop('runtime'),
      allowed: 'the runtime of a package',
      given: options.runtime.name,
      remedy: 'use TargetFunction.createFromImage({ repository })',
    });
  }
  validate(options, prop);
  requireRuntime(prop('runtime'), options.runtime);
  requireHandler(prop('handler'), options.handler, options.runtime);
  return {
    functionName: options.functionName,
    bind: (scope, bindOptions) => {
      // No code: the pipeline writes it.
      const code = lambda.Code.fromBucket(bindOptions.artifactBucket, 'written by the pipeline', 'of each run');
      return bind(scope, bindOptions, { ...options, code });
    },
  };
}

/**
 * A function from container images.
 *
 * @internal
 */
export function createdFromImage({ repository, ...options }: CreateFromImageOptions): TargetFunctionKind {
  const prop = (name: string) => `${name} of TargetFunction.createFromImage`;
  for (const name of ['runtime', 'handler', 'layers', 'code'] as (keyof lambda.FunctionOptions)[]) {
    if (options[name] !== undefined) {
      refuse({
        prop: prop(name),
        allowed: 'left out: an image holds it',
        given: 'a value',
        remedy: 'put it into the Dockerfile',
      });
    }
  }
  validate(options, prop);
  return {
    functionName: options.functionName,
    bind: (scope, bindOptions) => {
      const code = lambda.Code.fromEcrImage(repository);
      const config = bind(scope, bindOptions, {
        ...options,
        code,
        runtime: lambda.Runtime.FROM_IMAGE,
        handler: lambda.Handler.FROM_IMAGE,
      });
      const pull = new iam.PolicyStatement({
        actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [repository.repositoryArn],
      });
      return { ...config, imageRepository: repository, statements: [...config.statements, pull] };
    },
  };
}

type ModelProps = CommonFunctionOptions & lambda.FunctionProps;

function bind(scope: Construct, { projectName }: TargetFunctionBindOptions, props: ModelProps): TargetFunctionConfig {
  const { aliasName = 'live', permissions = {}, ...options } = props;
  const functionName = options.functionName ?? projectName;
  const role = options.role ?? createRole(scope, functionName, props);
  const resource = model(scope, { ...options, functionName, role });
  if (!options.role) {
    retain(role);
  }
  const { tags } = new FunctionTags(scope, 'TargetFunctionTags');
  const stringValue = renderFunctionConfiguration(resource, tags, permissions);
  const configuration = new ssm.StringParameter(scope, 'TargetFunctionConfiguration', {
    description: `Configuration that the pipeline of ${projectName} applies to its function`,
    stringValue,
    tier: ssm.ParameterTier.INTELLIGENT_TIERING, // 4 KB are free, and an environment alone may have them
  });
  return {
    ...createdTarget(scope, { ...options, functionName, aliasName, role }),
    configuration,
    configurationDigest: Lazy.uncachedString({
      produce: (context) => digest(context.resolve([stringValue, aliasName])),
    }),
    statements: [
      ...statements(scope, props, { functionName, role, configuration, tags }),
      ...layerStatements(scope, resource),
    ],
  };
}

/** Takes what `Tags.of` gives a function. The stack has none that could be tagged, so the tags go with the configuration. */
class FunctionTags extends Construct implements ITaggable {
  public readonly tags = new TagManager(TagType.MAP, 'AWS::Lambda::Function');
}

/**
 * The CDK's own function knows how forty options become a configuration. Only its resource is taken out of the stack again, because the
 * pipeline makes the function: what is left are the things that the options need beside it.
 */
function model(scope: Construct, props: lambda.FunctionProps): lambda.CfnFunction {
  // Said even when it is Lambda's own: newer apps would otherwise get a group of the model's, which is for no function.
  const logGroup =
    props.logGroup ??
    logs.LogGroup.fromLogGroupName(scope, 'TargetFunctionLogGroup', `/aws/lambda/${props.functionName}`);
  const modelled = new lambda.Function(scope, 'TargetFunction', { ...props, logGroup });
  const resource = modelled.node.defaultChild as lambda.CfnFunction;
  modelled.node.tryRemoveChild(resource.node.id);
  return resource;
}

function createRole(scope: Construct, functionName: string, options: CommonFunctionOptions): iam.IRole {
  // The group of its own name is made by Lambda: a function that the pipeline finds has one already, and no stack could make it again.
  const made = arnOf(scope, 'logs', 'log-group', `/aws/lambda/${functionName}`);
  const given = options.logGroup?.logGroupRef.logGroupArn; // ends with the wildcard for the streams
  const role = serviceRole(scope, 'TargetFunctionServiceRole', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: `Execution role of the function ${functionName}`,
    statements: [
      new iam.PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: given ? [given] : [made, `${made}:*`],
      }),
      ...(options.vpc ? [networkInterfaces()] : []),
    ],
  });
  acknowledgeWildcard(role, `${made}:*`, 'Lambda makes up the names of the log streams');
  acknowledgeWildcard(role, '*', 'X-Ray, and the network interfaces of a VPC, have no resource type');
  acknowledge(
    role,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/CloudWatchLambdaInsightsExecutionRolePolicy]',
    'Lambda Insights asks for it',
  );
  return role;
}

interface Granted {
  readonly functionName: string;
  readonly role: iam.IRole;
  readonly configuration: ssm.IStringParameter;
  readonly tags: TagManager;
}

function statements(
  scope: Construct,
  options: CommonFunctionOptions,
  { functionName, role, configuration, tags }: Granted,
): iam.PolicyStatement[] {
  const functionArn = arnOf(scope, 'lambda', 'function', functionName);
  const { aliasName = 'live', permissions = {}, environmentEncryption, vpc, filesystem } = options;
  return [
    new iam.PolicyStatement({
      // Tags are given until the app is synthesized; without one the action is left out.
      actions: [
        'lambda:CreateFunction',
        'lambda:UpdateFunctionConfiguration',
        Lazy.uncachedString({ produce: () => (tags.hasTags() ? 'lambda:TagResource' : undefined) }),
      ],
      resources: [functionArn],
    }),
    new iam.PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    }),
    new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: [configuration.parameterArn] }),
    ...(Object.keys(permissions).length > 0
      ? [new iam.PolicyStatement({ actions: ['lambda:AddPermission'], resources: [`${functionArn}:${aliasName}`] })]
      : []),
    ...(environmentEncryption
      ? [
          new iam.PolicyStatement({
            actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt'],
            resources: [environmentEncryption.keyRef.keyArn],
          }),
        ]
      : []),
    // Lambda asks for these on behalf of whoever names a network; none of them has a resource type.
    ...(vpc
      ? [
          new iam.PolicyStatement({
            actions: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'],
            resources: ['*'],
          }),
        ]
      : []),
    ...(filesystem
      ? [new iam.PolicyStatement({ actions: ['elasticfilesystem:DescribeMountTargets'], resources: ['*'] })]
      : []),
  ];
}

/** The layers of the options, of Lambda Insights and so on. */
function layerStatements(scope: Construct, resource: lambda.CfnFunction): iam.PolicyStatement[] {
  const layers: unknown[] = Stack.of(scope).resolve(resource.layers) ?? [];
  return layers.length > 0
    ? [
        new iam.PolicyStatement({
          actions: ['lambda:GetLayerVersion'],
          resources: layers.map((layer) => Token.asString(layer)),
        }),
      ]
    : [];
}

/** What Lambda does with a function's role to put it into a network: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
function networkInterfaces(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
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

function validate(options: CommonFunctionOptions, prop: (name: string) => string): void {
  for (const [name, remedy] of Object.entries(NOT_APPLIED)) {
    if (options[name as keyof CommonFunctionOptions] !== undefined) {
      refuse({
        prop: prop(name),
        allowed: 'left out, because it is no part of the configuration that a version has',
        given: 'a value',
        remedy,
      });
    }
  }
  requireFunctionName(prop('functionName'), options.functionName);
  requireAliasName(prop('aliasName'), options.aliasName);
  requireInteger(prop('memorySize'), options.memorySize, 128, 10240, 'it is counted in megabytes');
  requireDuration(
    prop('timeout'),
    options.timeout,
    Duration.seconds(1),
    Duration.minutes(15),
    'Lambda ends every invocation after 15 minutes',
  );
  if (options.ephemeralStorageSize && !options.ephemeralStorageSize.isUnresolved()) {
    requireInteger(
      prop('ephemeralStorageSize'),
      options.ephemeralStorageSize.toMebibytes(),
      512,
      Size.gibibytes(10).toMebibytes(),
      'it is counted in megabytes',
    );
  }
  validateEnvironment(options.environment ?? {}, prop('environment'));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ENVIRONMENT_BYTES = 4096;

function validateEnvironment(environment: { [name: string]: string }, prop: string): void {
  for (const name of Object.keys(environment)) {
    requirePattern(name, /^[A-Za-z]\w+$/, {
      prop: prop.replace('environment', `environment.${name}`),
      allowed: 'named with letters, digits and underscores, beginning with a letter, two at least',
      remedy: 'rename it',
    });
  }
  for (const [name, value] of Object.entries(environment)) {
    requireNoSecret(
      prop.replace('environment', `environment.${name}`),
      value,
      'the function or its configuration',
      'give the ARN of the secret, and let the function read it with its role',
    );
  }
  const size = Buffer.byteLength(JSON.stringify(environment));
  if (Object.values(environment).every(isKnown) && size > ENVIRONMENT_BYTES) {
    refuse({
      prop,
      allowed: `${ENVIRONMENT_BYTES} bytes at most, names and values together`,
      given: `${size} bytes`,
      remedy: 'keep large values in a parameter or a file of the package',
    });
  }
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

/** A function goes on when its pipeline is deleted, and with it the role that it runs under. */
function retain(role: iam.IRole): void {
  for (const resource of [role.node.defaultChild, role.node.tryFindChild('DefaultPolicy')?.node.defaultChild]) {
    if (CfnResource.isCfnResource(resource)) {
      resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }
}
