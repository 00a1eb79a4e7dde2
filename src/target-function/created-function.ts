import { createHash } from 'node:crypto';
import { Duration, ITaggable, Lazy, TagManager, TagType } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { createdTarget, TargetFunctionBindOptions, TargetFunctionConfig, TargetFunctionKind } from './config';
import { modelFunction, retainRole } from './function-model';
import {
  CommonFunctionOptions,
  CreateFromImageOptions,
  CreateFunctionOptions,
  validateFunctionOptions,
} from './function-options';
import { createExecutionRole, createPermissions } from './function-permissions';
import { DEFAULT_ALIAS } from '../handlers/release/contract';
import { renderFunctionConfiguration } from '../private/function-configuration';
import { requireSamePlace } from '../private/given-resource';
import { requireHandler, requireRuntime } from '../private/runtime/runtime';
import { Statement } from '../private/statement';
import { refuse } from '../private/validation';

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
      allowed: 'a runtime for packages',
      described: 'lambda.Runtime.FROM_IMAGE',
      remedy: 'use TargetFunction.createFromImage({ repository })',
    });
  }
  validateFunctionOptions(options, prop);
  requireRuntime(prop('runtime'), options.runtime);
  requireHandler(prop('handler'), options.handler, options.runtime);
  return {
    functionName: options.functionName,
    bind: (scope, bindOptions) => {
      // The model needs code, but the configuration contains none: each run of the pipeline provides the code.
      const code = lambda.Code.fromBucket(bindOptions.artifactBucket, 'key', 'version');
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
        allowed: 'omitted, because it is part of the image',
        remedy: 'set it in the Dockerfile',
      });
    }
  }
  validateFunctionOptions(options, prop);
  return {
    functionName: options.functionName,
    bind: (scope, bindOptions) => {
      requireSamePlace(scope, prop('repository'), repository, repository.repositoryArn);
      const config = bind(scope, bindOptions, {
        ...options,
        code: lambda.Code.fromEcrImage(repository),
        runtime: lambda.Runtime.FROM_IMAGE,
        handler: lambda.Handler.FROM_IMAGE,
      });
      const pull = new Statement({
        actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [repository.repositoryArn],
      });
      return { ...config, imageRepository: repository, statements: [...config.statements, pull] };
    },
  };
}

type ModelProps = CommonFunctionOptions & lambda.FunctionProps;

function bind(scope: Construct, { projectName }: TargetFunctionBindOptions, props: ModelProps): TargetFunctionConfig {
  const { aliasName = DEFAULT_ALIAS, permissions = {}, ...options } = props;
  const functionName = options.functionName ?? projectName;
  const role = options.role ?? createExecutionRole(scope, functionName, props);
  const resource = modelFunction(scope, { ...options, functionName, role });
  if (!options.role) {
    retainRole(role);
  }
  const { tags } = new FunctionTags(scope, 'TargetFunctionTags');
  const stringValue = renderFunctionConfiguration(resource, tags, permissions);
  const configuration = new ssm.StringParameter(scope, 'TargetFunctionConfiguration', {
    description: `Configuration that the pipeline of ${projectName} applies to its function`,
    stringValue,
    tier: ssm.ParameterTier.INTELLIGENT_TIERING, // The free tier stores 4 KB, and the environment alone can have 4 KB.
  });
  return {
    ...createdTarget(scope, { ...options, functionName, aliasName, role }),
    timeout: options.timeout ?? Duration.seconds(3),
    configuration,
    configurationDigest: Lazy.uncachedString({
      produce: (context) => digest(context.resolve([stringValue, aliasName])),
    }),
    statements: createPermissions(scope, {
      functionName,
      aliasName,
      role,
      configuration,
      tags,
      resource,
      options: props,
    }),
  };
}

/**
 * Receives the tags that `Tags.of` adds to the function. The stack contains no function to tag, so the tags are part of
 * the configuration.
 */
class FunctionTags extends Construct implements ITaggable {
  public readonly tags = new TagManager(TagType.MAP, 'AWS::Lambda::Function');
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
