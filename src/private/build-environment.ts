import { Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { refuse } from './validation';

/** Refuses an image of the user's for another architecture, and what Lambda compute can't do. */
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
      allowed: 'an image for Linux, because the commands of the build are for its shell',
      given: `an image of type ${type}`,
      remedy: 'leave it out, or give a buildSpec of your own',
    });
  }
  if (type.includes('ARM') !== (architecture.name === 'arm64')) {
    refuse({
      prop: 'buildProject.environment.buildImage',
      allowed: `an image for ${architecture.name}, because the function runs on it and its package may hold compiled code`,
      given: `an image of type ${type}`,
      remedy: 'take another image, or set the architecture of the target function',
    });
  }
  if (type.includes('LAMBDA')) {
    requireLambdaCompute(options);
  }
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html */
function requireLambdaCompute({
  environment,
  cache,
  vpc,
  timeout,
  queuedTimeout,
  fileSystemLocations,
}: codebuild.CommonProjectProps): void {
  const unable: Record<string, unknown> = {
    'environment.privileged': environment?.privileged || undefined,
    cache,
    vpc,
    timeout:
      timeout && (timeout.isUnresolved() || timeout.toSeconds() !== Duration.minutes(15).toSeconds())
        ? timeout
        : undefined,
    queuedTimeout,
    fileSystemLocations,
  };
  for (const [name, value] of Object.entries(unable)) {
    if (value !== undefined) {
      refuse({
        prop: `buildProject.${name}`,
        allowed:
          'left out with an image of Lambda compute, which has no Docker, no cache, no VPC and no time-out of its own but 15 minutes',
        given: value instanceof Duration && !value.isUnresolved() ? value.toHumanString() : value,
        remedy:
          'leave it out, or take an image of EC2 compute, for example codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5',
      });
    }
  }
}

/**
 * Refuses a cache that CodeBuild would take and never fill. `cachePaths` are those of the recipe; nothing when the user's own commands decide.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/caching-local.html
 */
export function requireCache({ cache, vpc, environment }: codebuild.CommonProjectProps, cachePaths?: string[]): void {
  const { type, modes = [] } = cache?._toCloudFormation() ?? {};
  const local = type === 'LOCAL';
  const layers = modes.includes(codebuild.LocalCacheMode.DOCKER_LAYER);
  if (local && (vpc || environment?.computeType === codebuild.ComputeType.X2_LARGE)) {
    refuse({
      prop: 'buildProject.cache',
      allowed: 'one in a bucket, because CodeBuild has no local cache in a VPC or on a machine of the size X2_LARGE',
      given: modes,
      remedy: 'take codebuild.Cache.bucket',
    });
  }
  if (layers && !environment?.privileged) {
    refuse({
      prop: 'buildProject.environment.privileged',
      allowed: 'true with the local cache mode DOCKER_LAYER',
      given: environment?.privileged,
      remedy: 'set it, or leave out the mode',
    });
  }
  const kept = cachePaths?.length ? !local || modes.includes(codebuild.LocalCacheMode.CUSTOM) : layers;
  if (type && cachePaths && !kept) {
    refuse({
      prop: 'buildProject.cache',
      allowed: cachePaths.length
        ? 'Cache.bucket(…) or Cache.local(LocalCacheMode.CUSTOM): the source comes as a zip without git, and no image is built'
        : 'Cache.local(LocalCacheMode.DOCKER_LAYER): the build of an image fetches no packages that another cache would keep',
      given: local ? modes : type,
      remedy: 'take that, or leave the cache out: this one would stay empty',
    });
  }
}
