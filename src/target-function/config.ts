import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { ILiveAlias } from './live-alias';
import { CreateParameters, DEFAULT_ALIAS } from '../handlers/release/contract';
import { requirePattern } from '../private/validation';

/** What the pipeline tells the target function. */
export interface TargetFunctionBindOptions {
  /** Name of the project. */
  readonly projectName: string;
  /** The artifact bucket. */
  readonly artifactBucket: s3.IBucket;
}

/** What the target function tells the pipeline. */
export interface TargetFunctionConfig {
  readonly functionName: string;
  /** The ARN without a reference to the custom resource, for the resources of the construct. */
  readonly functionArn: string;
  readonly aliasName: string;
  /** The stack of the function, or of the pipeline that creates it. */
  readonly stack: Stack;
  readonly runtime: lambda.Runtime;
  readonly architecture: lambda.Architecture;
  /** Timeout of the function, if the app knows it. */
  readonly timeout?: Duration;
  /** The parameter that holds the configuration; omitted when no stack of the app defines it. */
  readonly configuration?: ssm.IStringParameter;
  /** What the pipeline may change on an existing function; omitted when a stack owns the configuration. */
  readonly takeOver?: TakeOverConfig;
  /** Whether the pipeline applies the configuration. Otherwise a stack does. */
  readonly appliesConfiguration: boolean;
  /** The template in the source that creates the function; omitted for every other kind. */
  readonly template?: TemplateConfig;
  /** The repository of the images, for a function from container images. */
  readonly imageRepository?: ecr.IRepository;
  /** The permissions that the release function needs in addition to those for code, versions, and alias. */
  readonly statements: iam.PolicyStatement[];
  /** Returns the function and the alias for the rest of the app, and creates what they need in the stack. */
  readonly provide: (release: lambda.IFunction) => ProvidedFunction;
}

/** The function and the alias for the rest of the app. */
export interface ProvidedFunction {
  readonly targetFunction: lambda.IFunction;
  readonly alias: ILiveAlias;
  /** The custom resource that creates what is missing; omitted when the stack creates neither function nor alias. */
  readonly resource?: CustomResource;
}

/** What the pipeline may change on an existing function that it takes over. */
export interface TakeOverConfig {
  /** The fields of the configuration that the options name, separated by commas. */
  readonly namedFields: string;
  readonly replaceExistingConfiguration: boolean;
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
