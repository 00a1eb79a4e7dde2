import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { familyOf } from './family';

/**
 * Returns the image that builds the package. It has the architecture of the function and runs Amazon Linux 2023, like
 * most runtimes, because Lambda cannot load code that was compiled on a newer system. The ids are newer than the lowest
 * version of the CDK that this library accepts.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
 */
export function buildImage(runtime: lambda.Runtime, architecture: lambda.Architecture): codebuild.IBuildImage {
  const older = familyOf(runtime)?.olderRuntimes.includes(runtime.name);
  return architecture.name === 'arm64'
    ? codebuild.LinuxArmBuildImage.fromCodeBuildImageId(
        `aws/codebuild/amazonlinux-aarch64-standard:${older ? '3.0' : '4.0'}`,
      )
    : codebuild.LinuxBuildImage.fromCodeBuildImageId(
        `aws/codebuild/amazonlinux-x86_64-standard:${older ? '5.0' : '6.0'}`,
      );
}
