import { Duration } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { CreateParameters, DEFAULT_ALIAS } from '../handlers/release/contract';
import { arnOf } from '../private/arn';
import { requirePattern } from '../private/validation';

/** What the pipeline tells the target function. */
export interface TargetFunctionBindOptions {
  readonly projectName: string;
  readonly artifactBucket: s3.IBucket;
}

/** What the target function tells the pipeline. */
export interface TargetFunctionConfig {
  readonly functionName: string;
  readonly aliasName: string;
  readonly targetFunction: lambda.IFunction;
  readonly alias: lambda.IAlias;
  readonly runtime: lambda.Runtime;
  readonly architecture: lambda.Architecture;
  /** Timeout of the function, if the app knows it. */
  readonly timeout?: Duration;
  /** The configuration that the pipeline applies; omitted when a stack owns the configuration. */
  readonly configuration?: ssm.IStringParameter;
  /** A digest of the configuration; omitted when a stack owns the configuration. */
  readonly configurationDigest?: string;
  /** The template in the source that creates the function; omitted for every other kind. */
  readonly template?: TemplateConfig;
  /** The repository of the images, for a function from container images. */
  readonly imageRepository?: ecr.IRepository;
  /** The permissions that the release function needs in addition to those for code, versions, and alias. */
  readonly statements: iam.PolicyStatement[];
}

/** A CloudFormation template in the source, and the role that CloudFormation assumes. */
export interface TemplateConfig extends CreateParameters {
  readonly role: iam.IRole;
}

/**
 * A kind of target function: its name, and what it creates in the stack. Apart from `TargetFunction`, because that
 * class imports every kind.
 */
export interface TargetFunctionKind {
  readonly functionName?: string;
  readonly bind: (scope: Construct, options: TargetFunctionBindOptions) => TargetFunctionConfig;
}

/** Returns the alias for the rest of the app. The alias exists from the first run of the pipeline. */
export function importAlias(scope: Construct, targetFunction: lambda.IFunction, aliasName: string): lambda.IAlias {
  return lambda.Alias.fromAliasAttributes(scope, 'Alias', { aliasName, aliasVersion: targetFunction.latestVersion });
}

/**
 * Returns what every function that the pipeline creates has in common. The function is imported by its name, because
 * the pipeline, not the stack, creates the function. See docs/decisions/001-one-owner-for-each-thing.md.
 */
export function createdTarget(
  scope: Construct,
  {
    functionName,
    aliasName = DEFAULT_ALIAS,
    role,
    runtime,
    architecture = lambda.Architecture.X86_64,
  }: CreatedTargetOptions,
): Omit<TargetFunctionConfig, 'statements'> {
  const targetFunction = lambda.Function.fromFunctionAttributes(scope, 'ImportedFunction', {
    functionArn: arnOf(scope, 'lambda', 'function', functionName),
    role,
    sameEnvironment: true,
  });
  return {
    functionName,
    aliasName,
    targetFunction,
    alias: importAlias(scope, targetFunction, aliasName),
    runtime,
    architecture,
  };
}

interface CreatedTargetOptions {
  readonly functionName: string;
  readonly aliasName?: string;
  readonly role?: iam.IRole;
  readonly runtime: lambda.Runtime;
  readonly architecture?: lambda.Architecture;
}

/** Refuses a name that is invalid for an alias. */
export function requireAliasName(prop: string, aliasName: string | undefined): void {
  requirePattern(aliasName, /^(?!\d+$)[A-Za-z0-9_-]{1,128}$/, {
    prop,
    allowed: '1 to 128 letters, digits, hyphens, and underscores, with at least one character that is not a digit',
    remedy: `for example "${DEFAULT_ALIAS}"`,
  });
}

/** Refuses a name that is invalid for a function. */
export function requireFunctionName(prop: string, functionName: string | undefined): void {
  requirePattern(functionName, /^[A-Za-z0-9_-]{1,64}$/, {
    prop,
    allowed: '1 to 64 letters, digits, hyphens, and underscores',
    remedy: 'use the name, not the ARN',
  });
}
