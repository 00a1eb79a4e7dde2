import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { CreateParameters } from '../handlers/release/contract';
import { arnOf } from '../private/arn';
import { requirePattern } from '../private/validation';

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
  /** Changes with the configuration; nothing when a stack owns it. */
  readonly configurationDigest?: string;
  /** How the function is created from a template in the source; nothing otherwise. */
  readonly template?: TemplateConfig;
  /** Repository of the images of a function that is made from them. */
  readonly imageRepository?: ecr.IRepository;
  /** What the release function must be allowed beyond code, versions and alias. */
  readonly statements: iam.PolicyStatement[];
}

/** A CloudFormation template in the source, and the role that CloudFormation works with. */
export interface TemplateConfig extends CreateParameters {
  readonly role: iam.IRole;
}

/** A kind of target function: what it is named, and what it makes in the stack. */
export interface TargetFunctionKind {
  readonly functionName?: string;
  readonly bind: (scope: Construct, options: TargetFunctionBindOptions) => TargetFunctionConfig;
}

/** An alias as the rest of the app may use it: it exists from the first run of the pipeline on. */
export function importAlias(scope: Construct, targetFunction: lambda.IFunction, aliasName: string): lambda.IAlias {
  return lambda.Alias.fromAliasAttributes(scope, 'Alias', { aliasName, aliasVersion: targetFunction.latestVersion });
}

/** What every function that the pipeline creates tells of itself: it is known by its name, because it exists from the first run on. */
export function createdTarget(
  scope: Construct,
  { functionName, aliasName = 'live', role, runtime, architecture = lambda.Architecture.X86_64 }: CreatedTargetOptions,
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

/** Refuses what Lambda takes for no alias. */
export function requireAliasName(prop: string, aliasName: string | undefined): void {
  requirePattern(aliasName, /^(?!\d+$)[A-Za-z0-9_-]{1,128}$/, {
    prop,
    allowed: '1 to 128 letters, digits, hyphens and underscores, not a number alone',
    remedy: 'for example "live"',
  });
}

/** Refuses what Lambda takes for no function. */
export function requireFunctionName(prop: string, functionName: string | undefined): void {
  requirePattern(functionName, /^[A-Za-z0-9_-]{1,64}$/, {
    prop,
    allowed: '1 to 64 letters, digits, hyphens and underscores',
    remedy: 'give the name, not the ARN',
  });
}
