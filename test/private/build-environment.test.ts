import { Duration } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { TargetFunction } from '../../src';
import { pipelineWith } from '../support/stacks';

const onLambda = { buildImage: codebuild.LinuxLambdaBuildImage.AMAZON_LINUX_2023_PYTHON_3_13, computeType: codebuild.ComputeType.LAMBDA_1GB };

test('takes an image of the function\'s architecture', () => {
  pipelineWith({ buildProject: { environment: { buildImage: codebuild.LinuxBuildImage.STANDARD_7_0 } } });
  pipelineWith({ buildProject: { environment: onLambda } });
});

test('fails when the image is for Windows, whose shell knows none of the commands', () => {
  const environment = { buildImage: codebuild.WindowsBuildImage.WIN_SERVER_CORE_2022_BASE_3_0 };
  expect(() => pipelineWith({ buildProject: { environment } })).toThrow(
    'buildProject.environment.buildImage must be an image for Linux, because the commands of the build are for its shell, '
    + 'got "an image of type WINDOWS_SERVER_2022_CONTAINER"; leave it out, or give a buildSpec of your own',
  );
  pipelineWith({ buildProject: { environment, buildSpec: codebuild.BuildSpec.fromSourceFilename('buildspec.yml') } });
});

test('fails when the image is for arm64 and the function for x86_64', () => {
  expect(() => pipelineWith({ buildProject: { environment: { buildImage: codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0 } } })).toThrow(
    'buildProject.environment.buildImage must be an image for x86_64, because the function runs on it and its package may hold compiled code, '
    + 'got "an image of type ARM_CONTAINER"; take another image, or set the architecture of the target function',
  );
});

test('fails when the image is for x86_64 and the function for arm64', () => {
  const targetFunction = TargetFunction.create({
    runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler', architecture: lambda.Architecture.ARM_64,
  });
  expect(() => pipelineWith({ targetFunction, buildProject: { environment: { buildImage: codebuild.LinuxBuildImage.STANDARD_7_0 } } }))
    .toThrow(/must be an image for arm64/);
});

test.each<[string, codebuild.CommonProjectProps]>([
  ['environment.privileged', { environment: { ...onLambda, privileged: true } }],
  ['cache', { environment: onLambda, cache: codebuild.Cache.local(codebuild.LocalCacheMode.CUSTOM) }],
  ['timeout', { environment: onLambda, timeout: Duration.minutes(20) }],
  ['queuedTimeout', { environment: onLambda, queuedTimeout: Duration.minutes(20) }],
])('fails when %s is given with an image of Lambda compute', (name, buildProject) => {
  expect(() => pipelineWith({ buildProject })).toThrow(new RegExp(`buildProject\\.${name} must be left out with an image of Lambda compute`));
});
