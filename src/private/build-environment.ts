import { Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { refuse } from './validation';

/** Refuses an image of the user's for another architecture, and what Lambda compute can't do. */
export function requireBuildEnvironment(options: codebuild.CommonProjectProps, architecture: lambda.Architecture): void {
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
function requireLambdaCompute({ environment, cache, vpc, timeout, queuedTimeout, fileSystemLocations }: codebuild.CommonProjectProps): void {
  const unable: Record<string, unknown> = {
    'environment.privileged': environment?.privileged || undefined,
    cache,
    vpc,
    'timeout': timeout && (timeout.isUnresolved() || timeout.toSeconds() !== Duration.minutes(15).toSeconds()) ? timeout : undefined,
    queuedTimeout,
    fileSystemLocations,
  };
  for (const [name, value] of Object.entries(unable)) {
    if (value !== undefined) {
      refuse({
        prop: `buildProject.${name}`,
        allowed: 'left out with an image of Lambda compute, which has no Docker, no cache, no VPC and no time-out of its own but 15 minutes',
        given: value instanceof Duration && !value.isUnresolved() ? value.toHumanString() : value,
        remedy: 'leave it out, or take an image of EC2 compute, for example codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5',
      });
    }
  }
}
