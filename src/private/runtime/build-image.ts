import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';

/** Runtimes that the newest images have no more. */
const OLDER_RUNTIMES = ['python3.8', 'python3.9', 'nodejs18.x', 'nodejs20.x'];

/**
 * The image that a package is built on: Amazon Linux 2023, because Lambda runs it too, and what is compiled on a newer system does not
 * load there; and the function's architecture. The ids stand here because they are newer than the lowest CDK that this library takes.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
 */
export function buildImage(runtime: lambda.Runtime, architecture: lambda.Architecture): codebuild.IBuildImage {
  const older = OLDER_RUNTIMES.includes(runtime.name);
  return architecture.name === 'arm64'
    ? codebuild.LinuxArmBuildImage.fromCodeBuildImageId(
        `aws/codebuild/amazonlinux-aarch64-standard:${older ? '3.0' : '4.0'}`,
      )
    : codebuild.LinuxBuildImage.fromCodeBuildImageId(
        `aws/codebuild/amazonlinux-x86_64-standard:${older ? '5.0' : '6.0'}`,
      );
}
