import { Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CreateFromImageOptions, LambdaCiCdPipelineProps, Source, TargetFunction } from '../src';
import { pipelineWith } from './support/stacks';
import {
  action,
  actionsOf,
  allStatements,
  buildSpec,
  configurationOf,
  propertiesOf,
  resourcesOf,
  stageNames,
  statementsOf,
} from './support/template-queries';

const repositoryOf = (stack: Stack) =>
  (stack.node.tryFindChild('Images') as ecr.Repository) ??
  new ecr.Repository(stack, 'Images', { repositoryName: 'allocation' });
const withImages = (
  props: Partial<LambdaCiCdPipelineProps> | ((stack: Stack) => Partial<LambdaCiCdPipelineProps>) = {},
) =>
  pipelineWith((stack) => ({
    targetFunction: TargetFunction.createFromImage({ repository: repositoryOf(stack), memorySize: 512 }),
    ...(typeof props === 'function' ? props(stack) : props),
  }));

describe('a source that is a container image', () => {
  const { template, pipeline } = withImages((stack) => ({
    source: Source.ecr(repositoryOf(stack), { imageTag: 'release' }),
  }));

  test('is released as it is: nothing is built', () => {
    expect(stageNames(template)).toEqual(['Source', 'CheckLambdaFunction', 'CreateLambdaFunction', 'Deploy']);
    template.resourceCountIs('AWS::CodeBuild::Project', 0);
    expect(action(template, 'CreateAppSpecFile').InputArtifacts).toEqual([{ Name: 'SourceOutput' }]);
  });

  test('is the tag of the repository', () => {
    expect(action(template, 'SourceAction')).toMatchObject({
      ActionTypeId: { Provider: 'ECR' },
      Configuration: { ImageTag: 'release' },
    });
  });

  test('starts the pipeline when the tag is pushed', () => {
    expect(
      JSON.stringify(
        propertiesOf(template, 'AWS::Events::Rule', { EventPattern: { source: ['aws.ecr'] } }).EventPattern,
      ),
    ).toContain('"image-tag":["release"]');
  });

  test('is configured as an image', () => {
    expect(configurationOf(template)).toMatchObject({ PackageType: 'Image', MemorySize: 512 });
    expect(configurationOf(template)).not.toHaveProperty('Handler');
  });

  test('may be pulled by the release function', () => {
    expect(resourcesOf(statementsOf(template, 'PipelineReleaseFunctionServiceRole'), 'ecr:BatchGetImage')[0]).toMatch(
      /^\$\{Images/,
    );
  });

  test('adds no wildcard action', () => {
    expect(actionsOf(allStatements(template)).filter((iamAction) => iamAction.includes('*'))).toEqual([]);
  });

  test.each(['buildProject', 'buildRole'] as const)('leaves no %s to read, and says why', (attribute) => {
    expect(() => pipeline[attribute]).toThrow(
      `${attribute} is not available, because the source of this pipeline is a container image`,
    );
  });

  test('is the tag latest by default', () => {
    const latest = withImages((stack) => ({ source: Source.ecr(repositoryOf(stack)) })).template;
    expect(action(latest, 'SourceAction').Configuration.ImageTag).toBe('latest');
  });
});

describe('a container image that the pipeline builds', () => {
  const { template } = withImages({ buildProject: { environment: { privileged: true } } });

  test('is built with Docker and pushed to the repository', () => {
    const commands = Object.values<{ commands: string[] }>(buildSpec(template).phases)
      .flatMap((phase) => phase.commands)
      .join('\n');
    expect(commands).toContain('docker build');
    expect(commands).toContain('docker push');
    expect(propertiesOf(template, 'AWS::CodeBuild::Project').Environment).toMatchObject({ PrivilegedMode: true });
  });

  test('is passed by its digest', () => {
    expect(buildSpec(template).artifacts).toEqual({ files: ['imageDetail.json'] });
  });

  test('may be pushed by the build', () => {
    expect(resourcesOf(statementsOf(template, 'PipelineCodeBuildServiceRole'), 'ecr:PutImage')[0]).toMatch(
      /^\$\{Images/,
    );
  });
});

describe('fails when', () => {
  test('the source is an image and the function is of a package', () => {
    expect(() => pipelineWith((stack) => ({ source: Source.ecr(repositoryOf(stack)) }))).toThrow(
      'targetFunction must be a function from container images, because the source is a container image, ' +
        'got a function from a package; use TargetFunction.createFromImage({ repository }), or a source that contains code',
    );
  });

  test('the source is an image and a build is asked for', () => {
    expect(() => withImages((stack) => ({ source: Source.ecr(repositoryOf(stack)), buildProject: {} }))).toThrow(
      'buildProject must be omitted when the source is a container image, because there is nothing to build; remove it',
    );
  });

  test.each([
    [undefined, 'nothing'],
    [false, 'false'],
  ])('the build of an image has no Docker: privileged is %s', (privileged, shown) => {
    expect(() => withImages({ buildProject: { environment: { privileged } } })).toThrow(
      'buildProject.environment.privileged must be true, because the build of a container image needs the Docker daemon, ' +
        `got ${shown}; set it to true, or use Source.ecr for images that are built elsewhere`,
    );
  });

  test('an own build specification may do without Docker', () => {
    expect(() =>
      withImages({ buildProject: { buildSpec: codebuild.BuildSpec.fromSourceFilename('buildspec.yml') } }),
    ).not.toThrow();
  });

  test('a function of a package has the runtime of an image', () => {
    expect(() =>
      TargetFunction.create({ runtime: lambda.Runtime.FROM_IMAGE, handler: lambda.Handler.FROM_IMAGE }),
    ).toThrow(
      'runtime of TargetFunction.create must be a runtime for packages, got lambda.Runtime.FROM_IMAGE; ' +
        'use TargetFunction.createFromImage({ repository })',
    );
  });

  test.each(['runtime', 'handler', 'layers', 'code'])('an image has the option %s', (name) => {
    const repository = repositoryOf(new Stack());
    expect(() => TargetFunction.createFromImage({ repository, [name]: [] } as any)).toThrow(
      `${name} of TargetFunction.createFromImage must be omitted, because it is part of the image; set it in the Dockerfile`,
    );
  });

  test.each(['with space', '', 'repository:tag', 'x'.repeat(129)])('the tag is %j', (imageTag) => {
    expect(() => Source.ecr(repositoryOf(new Stack()), { imageTag })).toThrow(
      `imageTag must be 1 to 128 letters, digits, and . _ -, got ${JSON.stringify(imageTag)}; ` +
        'use the tag without repository and digest',
    );
  });
});

describe('the overrides of an image', () => {
  const imageConfig = (options: Partial<CreateFromImageOptions>) =>
    configurationOf(
      withImages((stack) => ({
        source: Source.ecr(repositoryOf(stack)),
        targetFunction: TargetFunction.createFromImage({ repository: repositoryOf(stack), ...options }),
      })).template,
    ).ImageConfig;

  test('are those of the image by default', () => {
    expect(imageConfig({})).toEqual({});
  });

  test("reach the fields of Lambda's API", () => {
    expect(imageConfig({ cmd: ['app.handler'], entrypoint: ['/run', '-v'], workingDirectory: '/app' })).toEqual({
      Command: ['app.handler'],
      EntryPoint: ['/run', '-v'],
      WorkingDirectory: '/app',
    });
  });

  test.each<[string, Partial<CreateFromImageOptions>, string]>([
    [
      'an empty cmd',
      { cmd: [] },
      'cmd of TargetFunction.createFromImage must be a list of 1 to 1500 words, got 0 words',
    ],
    ['an empty entrypoint', { entrypoint: [] }, 'entrypoint of TargetFunction.createFromImage must be a list'],
    [
      'a relative workingDirectory',
      { workingDirectory: 'app' },
      'workingDirectory of TargetFunction.createFromImage must be an absolute path of at most 1000 characters',
    ],
  ])('may not be %s', (_, options, message) => {
    expect(() => imageConfig(options)).toThrow(message);
  });
});
