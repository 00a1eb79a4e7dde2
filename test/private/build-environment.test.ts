import { Duration, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { TargetFunction } from '../../src';
import { pipelineWith } from '../support/stacks';

const onLambda = {
  buildImage: codebuild.LinuxLambdaBuildImage.AMAZON_LINUX_2023_PYTHON_3_13,
  computeType: codebuild.ComputeType.LAMBDA_1GB,
};

test("takes an image of the function's architecture", () => {
  pipelineWith({ buildProject: { environment: { buildImage: codebuild.LinuxBuildImage.STANDARD_7_0 } } });
  pipelineWith({ buildProject: { environment: onLambda } });
});

test('fails when the image is for Windows, whose shell knows none of the commands', () => {
  const environment = { buildImage: codebuild.WindowsBuildImage.WIN_SERVER_CORE_2022_BASE_3_0 };
  expect(() => pipelineWith({ buildProject: { environment } })).toThrow(
    'buildProject.environment.buildImage must be a Linux image, because the default commands need a Linux shell, ' +
      'got an image of type WINDOWS_SERVER_2022_CONTAINER; remove the image, or set buildProject.buildSpec',
  );
  pipelineWith({ buildProject: { environment, buildSpec: codebuild.BuildSpec.fromSourceFilename('buildspec.yml') } });
});

test('fails when the image is for arm64 and the function for x86_64', () => {
  expect(() =>
    pipelineWith({
      buildProject: { environment: { buildImage: codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0 } },
    }),
  ).toThrow(
    "buildProject.environment.buildImage must be an image for x86_64, because compiled code must match the function's architecture, " +
      'got an image of type ARM_CONTAINER; use another image, or set the architecture of the target function',
  );
});

test('fails when the image is for x86_64 and the function for arm64', () => {
  const targetFunction = TargetFunction.create({
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: 'app.handler',
    architecture: lambda.Architecture.ARM_64,
  });
  expect(() =>
    pipelineWith({
      targetFunction,
      buildProject: { environment: { buildImage: codebuild.LinuxBuildImage.STANDARD_7_0 } },
    }),
  ).toThrow(/must be an image for arm64/);
});

test.each<[string, codebuild.CommonProjectProps, string]>([
  ['environment.privileged', { environment: { ...onLambda, privileged: true } }, 'true'],
  ['cache', { environment: onLambda, cache: codebuild.Cache.local(codebuild.LocalCacheMode.CUSTOM) }, '"LOCAL"'],
  ['timeout', { environment: onLambda, timeout: Duration.minutes(20) }, '20 minutes'],
  ['queuedTimeout', { environment: onLambda, queuedTimeout: Duration.minutes(20) }, '20 minutes'],
])('fails when %s is set with a Lambda compute image', (name, buildProject, shown) => {
  expect(() => pipelineWith({ buildProject })).toThrow(
    `buildProject.${name} must be omitted with a Lambda compute image, which supports neither Docker, nor a cache, nor a VPC, ` +
      `nor a timeout other than 15 minutes, got ${shown}; remove it, or use an image for EC2 compute, `,
  );
});

test('fails when a build in a VPC has a Lambda compute image', () => {
  expect(() =>
    pipelineWith((stack) => ({ buildProject: { environment: onLambda, vpc: new ec2.Vpc(stack, 'Vpc') } })),
  ).toThrow(
    /^buildProject\.vpc must be omitted with a Lambda compute image, .*, got Stack\/Vpc; remove it, or use an image for EC2 compute/,
  );
});

test.each<[string, codebuild.BuildEnvironment, RegExp]>([
  [
    'the size of Lambda compute',
    { computeType: codebuild.ComputeType.LAMBDA_2GB },
    /images do not support Lambda compute types/,
  ],
  [
    'a size of EC2 compute',
    { ...onLambda, computeType: codebuild.ComputeType.MEDIUM },
    /Lambda images only support Lambda ComputeTypes/,
  ],
])('fails when the image has not %s', (_, environment, message) => {
  expect(() => pipelineWith({ buildProject: { environment } })).toThrow(message);
});

describe('the cache', () => {
  const { CUSTOM, DOCKER_LAYER, SOURCE } = codebuild.LocalCacheMode;
  const image = (stack: Stack) => TargetFunction.createFromImage({ repository: new ecr.Repository(stack, 'Images') });
  const privileged = { privileged: true };

  test.each<[string, (stack: Stack) => codebuild.CommonProjectProps]>([
    ['directories on the host', () => ({ cache: codebuild.Cache.local(CUSTOM, SOURCE) })],
    [
      'directories in a bucket, in a VPC',
      (stack) => ({ cache: codebuild.Cache.bucket(new s3.Bucket(stack, 'Cache')), vpc: new ec2.Vpc(stack, 'Vpc') }),
    ],
    ['layers and directories', () => ({ cache: codebuild.Cache.local(CUSTOM, DOCKER_LAYER), environment: privileged })],
    ['nothing', () => ({ cache: codebuild.Cache.none() })],
  ])('may keep %s', (_, buildProject) => {
    pipelineWith((stack) => ({ buildProject: buildProject(stack) }));
  });

  test('may keep the layers of an image', () => {
    pipelineWith((stack) => ({
      targetFunction: image(stack),
      buildProject: { cache: codebuild.Cache.local(DOCKER_LAYER), environment: privileged },
    }));
  });

  test("may be of a kind that only the user's own commands fill", () => {
    pipelineWith({
      buildProject: {
        cache: codebuild.Cache.local(DOCKER_LAYER),
        environment: privileged,
        preBuildCommands: ['docker build .'],
      },
    });
  });

  test.each<[string, (stack: Stack) => codebuild.CommonProjectProps]>([
    ['in a VPC', (stack) => ({ vpc: new ec2.Vpc(stack, 'Vpc') })],
    ['on the largest machine', () => ({ environment: { computeType: codebuild.ComputeType.X2_LARGE } })],
  ])('fails when it is local %s', (_, others) => {
    expect(() =>
      pipelineWith((stack) => ({ buildProject: { cache: codebuild.Cache.local(CUSTOM), ...others(stack) } })),
    ).toThrow(
      'buildProject.cache must be an S3 cache, because CodeBuild has no local cache in a VPC or with the compute type X2_LARGE, ' +
        'got ["LOCAL_CUSTOM_CACHE"]; use codebuild.Cache.bucket',
    );
  });

  test('fails when it keeps the layers of a build that may not run Docker', () => {
    expect(() => pipelineWith({ buildProject: { cache: codebuild.Cache.local(CUSTOM, DOCKER_LAYER) } })).toThrow(
      'buildProject.environment.privileged must be true with the local cache mode DOCKER_LAYER, got nothing; set it to true, or remove the mode',
    );
  });

  test.each([
    [SOURCE, {}],
    [DOCKER_LAYER, privileged],
  ])('fails when %s alone would stay empty for a package', (mode, environment) => {
    expect(() => pipelineWith({ buildProject: { cache: codebuild.Cache.local(mode), environment } })).toThrow(
      'buildProject.cache must be Cache.bucket(…) or Cache.local(LocalCacheMode.CUSTOM), because the source has no git history ' +
        `and the build creates no image, got ["${mode}"]; use that cache, or remove the cache: it would stay empty`,
    );
  });

  test('no cache is allowed for an image', () => {
    expect(() =>
      pipelineWith((stack) => ({
        targetFunction: image(stack),
        buildProject: { cache: codebuild.Cache.none(), environment: privileged },
      })),
    ).not.toThrow();
  });

  test.each<[string, (stack: Stack) => codebuild.Cache]>([
    ['["LOCAL_CUSTOM_CACHE"]', () => codebuild.Cache.local(CUSTOM)],
    ['"S3"', (stack) => codebuild.Cache.bucket(new s3.Bucket(stack, 'Cache'))],
  ])('fails when %s would stay empty for an image', (shown, cache) => {
    expect(() =>
      pipelineWith((stack) => ({
        targetFunction: image(stack),
        buildProject: { cache: cache(stack), environment: privileged },
      })),
    ).toThrow(
      'buildProject.cache must be Cache.local(LocalCacheMode.DOCKER_LAYER), because an image build has no packages for another cache, ' +
        `got ${shown}; use that cache, or remove the cache: it would stay empty`,
    );
  });
});
