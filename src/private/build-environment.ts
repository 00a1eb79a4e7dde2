import { Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { refuse } from './validation';

/** Refuses a build image for another architecture or operating system, and options that Lambda compute lacks. */
export function requireBuildEnvironment(
  options: codebuild.CommonProjectProps,
  architecture: lambda.Architecture,
): void {
  const type = options.environment?.buildImage?.type;
  if (!type) {
    return;
  }
  if (/^(WINDOWS|MAC)/.test(type) && !options.buildSpec) {
    refuse({
      prop: 'buildProject.environment.buildImage',
      allowed: 'a Linux image, because the default commands need a Linux shell',
      described: `an image of type ${type}`,
      remedy: 'remove the image, or set buildProject.buildSpec',
    });
  }
  if (type.includes('ARM') !== (architecture.name === 'arm64')) {
    refuse({
      prop: 'buildProject.environment.buildImage',
      allowed: `an image for ${architecture.name}, because compiled code must match the function's architecture`,
      described: `an image of type ${type}`,
      remedy: 'use another image, or set the architecture of the target function',
    });
  }
  if (type.includes('LAMBDA')) {
    requireLambdaCompute(options);
  }
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html */
function requireLambdaCompute({ environment, timeout, ...options }: codebuild.CommonProjectProps): void {
  const isDefault = timeout && !timeout.isUnresolved() && timeout.toSeconds() === Duration.minutes(15).toSeconds();
  const unsupported: Record<string, unknown> = {
    'environment.privileged': environment?.privileged || undefined,
    cache: options.cache?._toCloudFormation()?.type,
    vpc: options.vpc,
    timeout: isDefault ? undefined : timeout,
    queuedTimeout: options.queuedTimeout,
    fileSystemLocations: options.fileSystemLocations,
  };
  for (const [name, value] of Object.entries(unsupported)) {
    if (value !== undefined) {
      refuse({
        prop: `buildProject.${name}`,
        allowed:
          'omitted with a Lambda compute image, which supports neither Docker, nor a cache, nor a VPC, ' +
          'nor a timeout other than 15 minutes',
        given: value,
        remedy: 'remove it, or use an image for EC2 compute, for example codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5',
      });
    }
  }
}

/**
 * Refuses a cache that CodeBuild accepts but never fills.
 *
 * @param cachePaths the paths that the recipe caches; `undefined` when the user's own commands decide
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/caching-local.html
 */
export function requireCache({ cache, vpc, environment }: codebuild.CommonProjectProps, cachePaths?: string[]): void {
  const type = typeOf(cache);
  const { modes = [] } = cache?._toCloudFormation() ?? {};
  const local = type === 'LOCAL';
  const layers = modes.includes(codebuild.LocalCacheMode.DOCKER_LAYER);
  if (local && (vpc || environment?.computeType === codebuild.ComputeType.X2_LARGE)) {
    refuse({
      prop: 'buildProject.cache',
      allowed: 'an S3 cache, because CodeBuild has no local cache in a VPC or with the compute type X2_LARGE',
      given: modes,
      remedy: 'use codebuild.Cache.bucket',
    });
  }
  if (layers && !environment?.privileged) {
    refuse({
      prop: 'buildProject.environment.privileged',
      allowed: 'true with the local cache mode DOCKER_LAYER',
      given: environment?.privileged,
      remedy: 'set it to true, or remove the mode',
    });
  }
  const filled = cachePaths?.length ? !local || modes.includes(codebuild.LocalCacheMode.CUSTOM) : layers;
  if (type && cachePaths && !filled) {
    refuse({
      prop: 'buildProject.cache',
      allowed: cachePaths.length
        ? 'Cache.bucket(…) or Cache.local(LocalCacheMode.CUSTOM), because the source has no git history ' +
          'and the build creates no image'
        : 'Cache.local(LocalCacheMode.DOCKER_LAYER), because an image build has no packages for another cache',
      given: local ? modes : type,
      remedy: 'use that cache, or remove the cache: it would stay empty',
    });
  }
}

/** Returns `S3` or `LOCAL`, or `undefined` without a cache. */
function typeOf(cache: codebuild.Cache | undefined): string | undefined {
  const type = cache?._toCloudFormation()?.type;
  return type === 'NO_CACHE' ? undefined : type;
}
