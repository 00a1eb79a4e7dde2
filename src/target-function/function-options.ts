import { Duration, Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { requireAliasName, requireFunctionName } from './config';
import { requireKeyItself } from '../private/given-resource';
import { isKnown, refuse, requireDuration, requireInteger, requirePattern, requireText } from '../private/validation';

/** Options for a function that the pipeline creates, in addition to the options of the CDK. */
export interface CommonFunctionOptions extends lambda.FunctionOptions {
  /**
   * Name of the alias that callers invoke.
   *
   * @default 'live'
   */
  readonly aliasName?: string;

  /**
   * Lets the pipeline replace the whole configuration of an existing function that it takes over. Without this option,
   * the check fails before the build if the first release would remove or change something that the options do not
   * name: a variable of the environment, the VPC, a layer, the memory, and so on. The option has no effect on a
   * function that this pipeline created or has already taken over.
   *
   * @default false
   */
  readonly replaceExistingConfiguration?: boolean;
}

/**
 * Options for a function that the pipeline creates. They are the configuration of the function: the next run of the
 * pipeline applies a change, publishes a version with it, and shifts the traffic to that version.
 */
export interface CreateFunctionOptions extends CommonFunctionOptions {
  /** Runtime of the function. Also determines how the package is built. */
  readonly runtime: lambda.Runtime;
  /** Handler in the package: `app.handler` is the function `handler` in `app.py` at the root of the package. */
  readonly handler: string;
}

/** Options for a function from container images. */
export interface CreateFromImageOptions extends CommonFunctionOptions {
  /**
   * Repository of the images, in the same Region. Unless the source is `Source.ecr`, the build pushes the images to
   * this repository, which requires `buildProject.environment.privileged`.
   */
  readonly repository: ecr.IRepository;

  /**
   * Tag or digest of an image in the repository. The stack creates the function and its alias from this image, so that
   * an API, a queue, or a schedule of the same app can use the alias at the first deployment. Later changes of this
   * option have no effect on an existing function.
   *
   * @default - the first run of the pipeline creates the function, and resources of the app cannot use the alias
   */
  readonly initialImage?: string;

  /**
   * Command that overrides the `CMD` of the image, for example `['app.handler']`. Lambda's base images take the handler
   * from the command.
   *
   * @default - the command of the image
   */
  readonly cmd?: string[];

  /**
   * Program, with its parameters, that overrides the `ENTRYPOINT` of the image.
   *
   * @default - the entry point of the image
   */
  readonly entrypoint?: string[];

  /**
   * Absolute path that overrides the `WORKDIR` of the image, at most 1000 characters.
   *
   * @default - the working directory of the image
   */
  readonly workingDirectory?: string;
}

/**
 * Refuses overrides of an image that Lambda rejects.
 * https://docs.aws.amazon.com/lambda/latest/api/API_ImageConfig.html
 */
export function validateImageOptions(
  { cmd, entrypoint, workingDirectory }: Omit<CreateFromImageOptions, 'repository'>,
  prop: (name: string) => string,
): void {
  for (const [name, words] of Object.entries({ cmd, entrypoint })) {
    if (words !== undefined && (words.length === 0 || words.length > 1500)) {
      refuse({
        prop: prop(name),
        allowed: 'a list of 1 to 1500 words',
        described: `${words.length} words`,
        remedy: 'omit the option to use the value of the image',
      });
    }
  }
  requirePattern(workingDirectory, /^\/.{0,999}$/, {
    prop: prop('workingDirectory'),
    allowed: 'an absolute path of at most 1000 characters',
    remedy: 'for example "/var/task"',
  });
}

const CONFIGURE_ALIAS = 'configure asynchronous invocation on the alias';
const CUSTOM_RESOURCE = 'with an AwsCustomResource of the CDK: see "Settings of the whole function" in the guide';
const OWN_STACK = 'use TargetFunction.fromFunction with a function whose stack sets';
const LOG_GROUP = 'set logGroup to a log group with this retention and removal policy';

/** Options of the CDK that are not part of a version's configuration, so that the pipeline cannot apply them. */
const NOT_APPLIED: Record<string, string> = {
  events: 'add the event source to the alias of the pipeline',
  currentVersionOptions: 'the pipeline publishes the versions',
  onFailure: CONFIGURE_ALIAS,
  onSuccess: CONFIGURE_ALIAS,
  maxEventAge: CONFIGURE_ALIAS,
  retryAttempts: CONFIGURE_ALIAS,
  logRetention: LOG_GROUP,
  logRetentionRole: LOG_GROUP,
  logRetentionRetryOptions: LOG_GROUP,
  logRemovalPolicy: LOG_GROUP,
  reservedConcurrentExecutions: `call PutFunctionConcurrency ${CUSTOM_RESOURCE}`,
  runtimeManagementMode: `call PutRuntimeManagementConfig ${CUSTOM_RESOURCE}`,
  recursiveLoop: `call PutFunctionRecursionConfig ${CUSTOM_RESOURCE}`,
};

/** Options of the CDK that belong to the creation of the function, with the reason and the remedy. */
const REFUSED: Record<string, [string, string]> = {
  codeSigningConfig: [
    'because the placeholder of the first deployment is not signed, so that Lambda would reject it',
    `${OWN_STACK} codeSigningConfig, and sign the package in buildProject.buildCommands`,
  ],
  tenancyConfig: [
    'because Lambda sets the tenancy only when it creates a function, and the pipeline could not apply it later',
    `${OWN_STACK} tenancyConfig`,
  ],
};

/** Refuses options that are invalid, or that the pipeline cannot apply. */
export function validateFunctionOptions(options: CommonFunctionOptions, prop: (name: string) => string): void {
  for (const [name, remedy] of Object.entries(NOT_APPLIED)) {
    if (options[name as keyof CommonFunctionOptions] !== undefined) {
      refuse({
        prop: prop(name),
        allowed: "omitted, because it is not part of a version's configuration",
        remedy,
      });
    }
  }
  for (const [name, [reason, remedy]] of Object.entries(REFUSED)) {
    if (options[name as keyof CommonFunctionOptions] !== undefined) {
      refuse({ prop: prop(name), allowed: `omitted, ${reason}`, remedy });
    }
  }
  validateDurableConfig(options.durableConfig, prop('durableConfig'));
  requireFunctionName(prop('functionName'), options.functionName);
  requireAliasName(prop('aliasName'), options.aliasName);
  requireText(prop('description'), options.description, 256, 'shorten it');
  requireInteger(prop('memorySize'), options.memorySize, 128, 10240, 'the unit is MB');
  requireDuration(prop('timeout'), options.timeout, {
    min: Duration.seconds(1),
    max: Duration.minutes(15),
    source: "Lambda's limits",
    remedy: 'for example Duration.seconds(30)',
  });
  requireEphemeralStorage(prop('ephemeralStorageSize'), options.ephemeralStorageSize);
  requireKeyItself(prop('environmentEncryption'), options.environmentEncryption as kms.IKey | undefined);
  validateEnvironment(options.environment ?? {}, prop('environment'));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/durable-configuration.html */
function validateDurableConfig(durableConfig: lambda.DurableConfig | undefined, prop: string): void {
  const source = "Lambda's limits for durable functions";
  requireDuration(`executionTimeout in ${prop}`, durableConfig?.executionTimeout, {
    min: Duration.seconds(1),
    max: Duration.days(366),
    source,
    remedy: 'for example Duration.hours(8)',
  });
  requireDuration(`retentionPeriod in ${prop}`, durableConfig?.retentionPeriod, {
    unit: 'days',
    min: Duration.days(1),
    max: Duration.days(90),
    source,
    remedy: 'for example Duration.days(14)',
  });
}

function requireEphemeralStorage(prop: string, value: Size | undefined): void {
  if (value === undefined || value.isUnresolved()) {
    return;
  }
  const size = value.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  if (!Number.isInteger(size) || size < 512 || size > 10240) {
    refuse({
      prop,
      allowed: "whole MiB between 512 and 10240 (Lambda's limits)",
      described: `${size} MiB`,
      remedy: 'for example Size.gibibytes(1)',
    });
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAXIMUM_ENVIRONMENT_BYTES = 4096;

function validateEnvironment(environment: { [name: string]: string }, prop: string): void {
  for (const name of Object.keys(environment)) {
    const variable = prop.replace('environment', `environment.${name}`);
    requirePattern(name, /^[A-Za-z]\w+$/, {
      prop: `the name of ${variable}`,
      allowed: 'at least two letters, digits, or underscores, starting with a letter',
      remedy: 'rename the variable',
    });
  }
  const size = Buffer.byteLength(JSON.stringify(environment));
  if (Object.values(environment).every(isKnown) && size > MAXIMUM_ENVIRONMENT_BYTES) {
    refuse({
      prop,
      allowed: `at most ${MAXIMUM_ENVIRONMENT_BYTES} bytes of names and values (Lambda's limit)`,
      described: `${size} bytes`,
      remedy: 'store large values in a parameter or in a file of the package',
    });
  }
}
