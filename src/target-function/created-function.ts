import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ProvidedFunction, TargetFunctionBindOptions, TargetFunctionConfig, TargetFunctionKind } from './config';
import { createConfigurationParameter } from './configuration-parameter';
import { modelFunction, retainRole } from './function-model';
import {
  CommonFunctionOptions,
  CreateFromImageOptions,
  CreateFunctionOptions,
  validateFunctionOptions,
  validateImageOptions,
} from './function-options';
import { createExecutionRole, createPermissions } from './function-permissions';
import { createFunctionResource } from './function-resource';
import { createLateAlias, Late } from './late-function';
import { createManagedAlias, namesOf } from './managed-function';
import { DEFAULT_ALIAS } from '../handlers/release/contract';
import { arnOf } from '../private/arn';
import { namedFields, renderFunctionConfiguration } from '../private/function-configuration';
import { requireSamePlace } from '../private/given-resource';
import { requireHandler, requireRuntime } from '../private/runtime/runtime';
import { Statement } from '../private/statement';
import { refuse, requirePattern } from '../private/validation';

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
export function createdFromImage(imageOptions: CreateFromImageOptions): TargetFunctionKind {
  const { repository, initialImage, cmd, entrypoint, workingDirectory, ...options } = imageOptions;
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
  validateImageOptions(imageOptions, prop);
  requirePattern(initialImage, /^([\w][\w.-]{0,127}|sha256:[0-9a-f]{64})$/, {
    prop: prop('initialImage'),
    allowed: 'a tag or a digest of an image in the repository',
    remedy: 'for example "latest"',
  });
  return {
    functionName: options.functionName,
    bind: (scope, bindOptions) => {
      requireSamePlace(scope, prop('repository'), repository, repository.repositoryArn);
      const image = initialImage ? { uri: repository.repositoryUriForTagOrDigest(initialImage) } : { late: NO_IMAGE };
      const model = {
        ...options,
        code: lambda.Code.fromEcrImage(repository, { cmd, entrypoint, workingDirectory }),
        runtime: lambda.Runtime.FROM_IMAGE,
        handler: lambda.Handler.FROM_IMAGE,
      };
      const config = bind(scope, bindOptions, model, image);
      const pull = new Statement({
        actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [repository.repositoryArn],
      });
      return { ...config, imageRepository: repository, statements: [...config.statements, pull] };
    },
  };
}

const NO_IMAGE: Late = {
  reason: 'a function that the first run of the pipeline creates from its first image',
  remedy: 'set initialImage of TargetFunction.createFromImage to the tag or digest of an image in the repository',
};

type ModelProps = CommonFunctionOptions & lambda.FunctionProps;

function bind(
  scope: Construct,
  { projectName }: TargetFunctionBindOptions,
  props: ModelProps,
  image?: InitialImage,
): TargetFunctionConfig {
  const { aliasName = DEFAULT_ALIAS, replaceExistingConfiguration = false, ...options } = props;
  const functionName = options.functionName ?? projectName;
  const role = options.role ?? createExecutionRole(scope, functionName, props);
  const { model, resource } = modelFunction(scope, { ...options, functionName, role });
  if (!options.role) {
    retainRole(role);
  }
  const functionArn = arnOf(scope, 'lambda', 'function', functionName);
  const configuration = createConfigurationParameter(scope, projectName, resource);
  return {
    functionName,
    functionArn,
    aliasName,
    stack: Stack.of(scope),
    runtime: model.runtime,
    architecture: model.architecture,
    timeout: options.timeout ?? Duration.seconds(3),
    configuration,
    takeOver: {
      namedFields: Lazy.uncachedString({ produce: (context) => namedFields(resource, options, context).join(',') }),
      replaceExistingConfiguration,
    },
    appliesConfiguration: true,
    statements: createPermissions(scope, { functionName, role, resource, options: props }),
    provide: (release) =>
      provideFunction(scope, release, { functionName, functionArn, aliasName, role, model, resource, image }),
  };
}

interface ProvideFunctionProps {
  readonly functionName: string;
  readonly functionArn: string;
  readonly aliasName: string;
  readonly role: iam.IRole;
  readonly model: lambda.Function;
  readonly resource: lambda.CfnFunction;
  readonly image?: InitialImage;
}

/** Creates the function and its alias with the stack, or leaves both to the first run of the pipeline. */
function provideFunction(scope: Construct, release: lambda.IFunction, props: ProvideFunctionProps): ProvidedFunction {
  const { functionName, functionArn, aliasName, role, model, resource, image } = props;
  const { architecture } = model;
  const connections = model.isBoundToVpc ? model.connections : undefined;
  if (image?.late) {
    const names = { functionName, functionArn, aliasName };
    return createLateAlias(scope, { ...names, role, architecture, connections, late: image.late });
  }
  const functionResource = createFunctionResource(scope, release, {
    functionName,
    aliasName,
    configuration: (context) => renderFunctionConfiguration(resource, context),
    initialImage: image?.uri,
    dependencies: [role, ...model.node.dependencies, ...resource.node.dependencies],
  });
  const literal = { literalName: functionName, aliasName };
  return {
    ...createManagedAlias(scope, namesOf(functionResource), { ...literal, role, architecture, connections }),
    resource: functionResource,
  };
}

/** The image that the stack creates the function from, or why there is none. */
interface InitialImage {
  readonly uri?: string;
  readonly late?: Late;
}
