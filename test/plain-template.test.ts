import { Duration, Stack } from 'aws-cdk-lib';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CONNECTION_ARN, newStack, pipelineWith } from './support/stacks';
import { Resolver } from '../rehearsal/template/intrinsics';
import { CodeArtifact, DeploymentConfig, LambdaCiCdPipelineProps, Source, TargetFunction } from '../src';
import { plainTemplate, PlainTemplateOptions } from '../src/plain-template';
import { requireProjectName } from '../src/private/project-name';

const PYTHON: PlainTemplateOptions = {
  runtime: 'python3.13',
  architecture: 'x86_64',
  deployment: 'all-at-once',
  source: 'connection',
  codeArtifact: false,
};
const NODE: PlainTemplateOptions = {
  runtime: 'nodejs22.x',
  architecture: 'arm64',
  deployment: 'linear:25:10',
  source: 'codecommit',
  codeArtifact: true,
};
const JAVA: PlainTemplateOptions = {
  runtime: 'java21',
  architecture: 'x86_64',
  deployment: 'canary:10:5',
  source: 's3',
  codeArtifact: false,
};
const GO: PlainTemplateOptions = { ...PYTHON, runtime: 'provided.al2023', architecture: 'arm64' };
const DOTNET: PlainTemplateOptions = { ...PYTHON, runtime: 'dotnet8' };

const templates = new Map<PlainTemplateOptions, any>();

/** The template for the options; synthesizing takes a while. */
function templateFor(options: PlainTemplateOptions): any {
  if (!templates.has(options)) {
    templates.set(options, plainTemplate(options).template);
  }
  return templates.get(options);
}

type Values = { readonly [name: string]: string | number };

const VALUES: Values = {
  ProjectName: 'inventory-allocation',
  Repository: 'acme/inventory-allocation',
  ConnectionArn: CONNECTION_ARN,
  Handler: 'app.handler',
};

/** The template's resources with their parameters replaced by values; references to resources as text. */
function resources(template: any, values: Values = {}): any {
  const Parameters = Object.fromEntries(
    Object.entries<any>(template.Parameters ?? {}).map(([name, parameter]) => [
      name,
      { ...parameter, Default: String(values[name] ?? parameter.Default) },
    ]),
  );
  const stack = {
    stackName: 'Stack',
    template: { ...template, Parameters },
    folder: '',
    account: '111122223333',
    region: 'eu-west-1',
  };
  return new Resolver(stack, (logicalId, attribute) => `<${logicalId}${attribute ? `.${attribute}` : ''}>`).resolve(
    template.Resources,
  );
}

/** What the construct makes of the props, with the logical ids of the plain template. */
function constructed(props: (stack: Stack) => Partial<LambdaCiCdPipelineProps>): any {
  const template = pipelineWith(props).template.toJSON();
  const text = Object.keys(template.Resources).reduce(
    (json, id) => json.split(`"${id}"`).join(`"${id.replace(/^Pipeline(.*)[0-9A-F]{8}$/, '$1')}"`),
    JSON.stringify(template),
  );
  return resources(JSON.parse(text));
}

/**
 * Without what differs on purpose: where the code is, the paths of the build (tested below),
 * and the names of CodeCommit's rules.
 */
function comparable(all: any): any {
  const copy = JSON.parse(JSON.stringify(all));
  delete copy.ReleaseFunction.Properties.Code;
  // Every parameter of the template is a field that its user names.
  delete copy.ReleaseFunction.Properties.Environment.Variables.NAMED_FIELDS;
  // The values of parameters are text in the metadata, which only `cdk diff` shows.
  delete copy.TargetFunctionConfiguration.Metadata;
  delete copy.CodeBuildProject.Properties.Source.BuildSpec;
  // The name of a project that is known at deployment only may be long, so its bucket has the shorter name.
  const { Properties: bucket } = copy.ArtifactStoreBucket;
  bucket.BucketName = bucket.BucketName?.replace('-artifact-store-', '-store-');
  const publish = copy.CodePipeline.Properties.Stages.flatMap((stage: any) => stage.Actions).find(
    ({ Name }: any) => Name === 'CreateAppSpecFile',
  );
  publish.Configuration.UserParameters = {
    ...JSON.parse(publish.Configuration.UserParameters),
    sourceDirectory: undefined,
  };
  return Object.fromEntries(
    Object.entries<any>(copy).map(([id, resource]) => [
      id.startsWith('Source') && resource.Type === 'AWS::Events::Rule'
        ? 'Rule'
        : id.replace(/(?<=AllowEventRule).+$/, ''), // followed by the path of the function
      resource,
    ]),
  );
}

function parameterOf(name: string, options = PYTHON): any {
  return templateFor(options).Parameters[name];
}

/** Whether CloudFormation takes the value. */
function allows({ AllowedPattern, MinLength = 0, MaxLength = Infinity }: any, value: string): boolean {
  return new RegExp(AllowedPattern).test(value) && value.length >= MinLength && value.length <= MaxLength;
}

function isTaken(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

test('the step that inspects the package knows the directory that the build packs', () => {
  const { CodePipeline } = resources(templateFor(PYTHON), { ...VALUES, SourceDirectory: 'functions/stock' });
  const actions: any[] = CodePipeline.Properties.Stages.flatMap((stage: any) => stage.Actions);
  const { Configuration } = actions.find(({ Name }) => Name === 'CreateAppSpecFile');
  expect(JSON.parse(Configuration.UserParameters).sourceDirectory).toBe('functions/stock');
});

describe('resources', () => {
  test('are those of the construct with its defaults', () => {
    expect(comparable(resources(templateFor(PYTHON), VALUES))).toEqual(comparable(constructed(() => ({}))));
  });

  test('are those of the construct with a name for everything', () => {
    const values = {
      ...VALUES,
      ProjectDescription: 'stock for orders',
      FunctionName: 'AllocateStock',
      DeploymentConfigName: 'by-quarters',
      MemorySize: 512,
      Timeout: 30,
      BakeTimeSeconds: 60,
      CodeArtifactDomain: 'acme',
      CodeArtifactRepository: 'node',
      CodeArtifactDomainOwner: '444455556666',
      Repository: 'inventory',
      Branch: 'release',
      Handler: 'index.handler',
    };
    const props = (stack: Stack) => ({
      projectDescription: 'stock for orders',
      source: Source.codeCommit(codecommit.Repository.fromRepositoryName(stack, 'Source', 'inventory'), {
        branch: 'release',
      }),
      targetFunction: TargetFunction.create({
        runtime: lambda.Runtime.NODEJS_22_X,
        architecture: lambda.Architecture.ARM_64,
        handler: 'index.handler',
        functionName: 'AllocateStock',
        memorySize: 512,
        timeout: Duration.seconds(30),
      }),
      codeArtifact: CodeArtifact.existing({ domainName: 'acme', repositoryName: 'node', domainOwner: '444455556666' }),
      deploymentConfig: DeploymentConfig.linear({
        percentage: 25,
        interval: Duration.minutes(10),
        deploymentConfigName: 'by-quarters',
      }),
      bakeTime: Duration.seconds(60),
    });
    expect(comparable(resources(templateFor(NODE), values))).toEqual(comparable(constructed(props)));
  });

  test('are those of the construct with a source in S3', () => {
    const values = {
      ProjectName: 'inventory-allocation',
      SourceBucket: 'sources',
      SourceKey: 'releases/source.zip',
      Handler: 'com.acme.App::handle',
    };
    const props = (stack: Stack) => ({
      source: Source.s3(s3.Bucket.fromBucketName(stack, 'Source', 'sources'), 'releases/source.zip'),
      targetFunction: TargetFunction.create({ runtime: lambda.Runtime.JAVA_21, handler: 'com.acme.App::handle' }),
      deploymentConfig: DeploymentConfig.canary({ percentage: 10, interval: Duration.minutes(5) }),
    });
    expect(comparable(resources(templateFor(JAVA), values))).toEqual(comparable(constructed(props)));
  });

  test('have the names of the design document', () => {
    expect(Object.keys(templateFor(PYTHON).Resources)).toEqual(
      expect.arrayContaining([
        'ArtifactStoreBucket',
        'CodeBuildServiceRole',
        'CodePipelineServiceRole',
        'CodeDeployServiceRole',
        'CodeDeployApplication',
        'LambdaErrorsAlarm',
        'LambdaThrottlesAlarm',
      ]),
    );
  });

  test('hold a configuration that the release function can read', () => {
    const { TargetFunctionConfiguration } = resources(templateFor(PYTHON), { ...VALUES, MemorySize: 512, Timeout: 30 });
    expect(JSON.parse(TargetFunctionConfiguration.Properties.Value)).toMatchObject({
      Handler: 'app.handler',
      MemorySize: 512,
      Timeout: 30,
    });
  });

  test.each(['MemorySize', 'Timeout', 'Handler'])('change the configuration with %s, which starts a run', (name) => {
    const { TargetFunctionConfiguration: before } = resources(templateFor(PYTHON), VALUES);
    const { TargetFunctionConfiguration } = resources(templateFor(PYTHON), { ...VALUES, [name]: '777' });
    expect(TargetFunctionConfiguration.Properties.Value).not.toEqual(before.Properties.Value);
  });

  test('do not need the CDK', () => {
    const { Parameters, Rules, Metadata, ...template } = templateFor(PYTHON);
    expect(Rules).toBeUndefined();
    expect(Object.keys(Metadata)).toEqual(['cfn-lint']);
    const withoutPrograms = JSON.stringify({ Parameters, ...template }).replace(/[A-Za-z0-9+/=]{200,}/g, '');
    expect(withoutPrograms).not.toMatch(/cdk(?!\.out)|bootstrap-|BootstrapVersion|aws:asset/i);
    expect(template.Resources.ReleaseFunction.Properties.Code).toBe('./release-function');
  });
});

describe('the build specification', () => {
  const [sourceDirectory, testDirectory] = ['backend/src', 'backend/src/tests'];
  const [python, node, java] = ['requirements.txt', 'package.json', 'pom.xml'].map((name) => `backend/${name}`);
  const goDirectories = { sourceDirectory: 'backend/src/cmd', dependencyFile: 'backend/go.mod' };

  test.each([
    [lambda.Runtime.PYTHON_3_13, { sourceDirectory, testDirectory, dependencyFile: python }],
    [lambda.Runtime.NODEJS_22_X, { sourceDirectory, testDirectory, dependencyFile: node }],
    [lambda.Runtime.JAVA_21, { dependencyFile: java }],
    [lambda.Runtime.PROVIDED_AL2023, goDirectories],
    [lambda.Runtime.DOTNET_8, { sourceDirectory, testDirectory }],
    [lambda.Runtime.RUBY_3_4, { sourceDirectory, testDirectory, dependencyFile: 'backend/Gemfile' }],
  ])('is the same as that of the construct: %s', (runtime, directories) => {
    const handler = runtime.family === lambda.RuntimeFamily.JAVA ? 'com.acme.App' : 'app.handler';
    const values = Object.fromEntries(
      Object.entries(directories).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]),
    );
    const buildSpecOf = (made: any) => JSON.parse(made.CodeBuildProject.Properties.Source.BuildSpec);
    const plain = buildSpecOf(resources(templateFor({ ...PYTHON, runtime: runtime.name }), { ...VALUES, ...values }));

    expect(plain).toEqual(
      buildSpecOf(
        constructed(() => ({ targetFunction: TargetFunction.create({ runtime, handler }), buildProject: directories })),
      ),
    );
  });
});

describe('parameters', () => {
  test.each([PYTHON, NODE, JAVA, GO, DOTNET])('are all used: $runtime from $source', (options) => {
    const { Parameters, ...template } = templateFor(options);
    const used = JSON.stringify(template);
    expect(Object.keys(Parameters).filter((name) => !used.includes(`{"Ref":"${name}"}`))).toEqual([]);
  });

  test('make valid names of the longest project name', () => {
    const ProjectName = 'a'.repeat(48);
    const made = resources(templateFor(PYTHON), { ...VALUES, ProjectName });
    expect(allows(parameterOf('ProjectName'), ProjectName)).toBe(true);
    expect(made.ArtifactStoreBucket.Properties.BucketName).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
    expect(made.CodePipeline.Properties.Name).toMatch(/^[\w.@-]{1,100}$/);
    expect(made.CodeBuildProject.Properties.Name).toMatch(/^[A-Za-z0-9][\w-]{1,254}$/);
    expect(made.CodeBuildProject.Properties.Description.length).toBeLessThan(256);
  });

  test.each([
    'inventory-allocation',
    'a',
    '7up',
    'a'.repeat(48),
    'a'.repeat(49),
    '',
    'Inventory',
    'a_b',
    '-a',
    'a.b',
    'xn--a',
    'sthree-a',
    'a b',
    'a"b',
  ])('allow the project name "%s" exactly when the construct does', (name) => {
    expect(allows(parameterOf('ProjectName'), name)).toBe(
      isTaken(() => requireProjectName(name, { bucket: true, function: true })),
    );
  });

  test.each([
    'acme/inventory',
    'acme/group/inventory',
    'inventory',
    'https://github.com/acme/inventory',
    'acme/inventory.git',
    'a b/c',
    '',
  ])('allow the repository "%s" exactly when the construct does', (name) => {
    expect(allows(parameterOf('Repository'), name)).toBe(isTaken(() => Source.connection(name)));
  });

  test.each(['main', 'release/2.0', 'feature/*', 'a b', 'a~b', 'a[b', 'a\\b', ''])(
    'allow the branch "%s" exactly when the construct does',
    (branch) => {
      expect(allows(parameterOf('Branch'), branch)).toBe(
        isTaken(() => Source.connection('acme/inventory', { branch })),
      );
    },
  );

  test.each([
    CONNECTION_ARN,
    CONNECTION_ARN.replace('codeconnections', 'codestar-connections'),
    'arn:aws:s3:::bucket',
    'acme',
    '',
  ])('allow the connection "%s" exactly when the construct does', (connectionArn) => {
    expect(allows(parameterOf('ConnectionArn'), connectionArn)).toBe(
      connectionArn !== '' && isTaken(() => Source.connection('acme/inventory', { connectionArn })),
    );
  });

  test.each([
    [
      PYTHON,
      lambda.Runtime.PYTHON_3_13,
      ['app.handler', 'lambda_functions.app.handler', 'app', 'app.py', 'app handler.x', 'app."x'],
    ],
    [NODE, lambda.Runtime.NODEJS_22_X, ['index.handler', 'src/index.handler', 'index', 'in dex.handler']],
    [JAVA, lambda.Runtime.JAVA_21, ['com.acme.App::handle', 'com.acme.App', 'com/acme', 'a b']],
    [DOTNET, lambda.Runtime.DOTNET_8, ['Acme::Acme.Function::Handler', 'Acme', 'Acme::Handler']],
  ] as const)('allow handlers of $runtime exactly when the construct does', (options, runtime, handlers) => {
    for (const handler of handlers) {
      const taken = isTaken(() => TargetFunction.create({ runtime, handler }));
      expect([handler, allows(parameterOf('Handler', options), handler)]).toEqual([handler, taken]);
    }
  });

  test.each([
    '.',
    'Backend/src',
    'Backend/my src',
    'a.b/c+d',
    '..',
    '../a',
    'a/../b',
    'a/..',
    '/a',
    '~a',
    '-a',
    ' a',
    'a/',
    'a//b',
    './a',
    'a$(b)',
    'a"b',
    'a`b',
    'a\\b',
    '',
  ])('allow the directory "%s" only when the construct does', (sourceDirectory) => {
    const allowed = allows(parameterOf('SourceDirectory'), sourceDirectory);
    const taken = isTaken(() => pipelineWith({ buildProject: { sourceDirectory } }, newStack()));
    const shellCompares = !/^\.\/|\/$|\/\//.test(sourceDirectory) && sourceDirectory !== '';
    expect(allowed).toBe(taken && shellCompares);
  });

  test.each(['FunctionName', 'DeploymentConfigName', 'ProjectDescription'])('allow no %s', (name) => {
    expect(parameterOf(name).Default).toBe('');
    expect(allows({ AllowedPattern: '', ...parameterOf(name) }, '')).toBe(true);
  });
});

describe('plainTemplate', () => {
  test.each([
    [{ runtime: 'python2.7' }, '--runtime must be one of '],
    [{ runtime: 'FROM_IMAGE' }, 'got "FROM_IMAGE"; use the CDK construct for container images and other runtimes'],
    [{ runtime: 'swift6' }, 'got "swift6"'],
    [{ architecture: 'arm' }, '--architecture must be x86_64 or arm64, got "arm"'],
    [
      { deployment: 'linear' },
      '--deployment must be all-at-once, linear:<percentage>:<minutes>, or canary:<percentage>:<minutes>, got "linear"',
    ],
    [{ deployment: 'canary:0:5' }, 'percentage of DeploymentConfig.canary must be an integer between 1 and 99, got 0'],
    [
      { source: 'github' },
      '--source must be connection, codecommit, or s3, got "github"; use connection for GitHub, GitLab, and Bitbucket',
    ],
  ])('fails when it does not know %j', (wrong, message) => {
    expect(() => plainTemplate({ ...PYTHON, ...wrong })).toThrow(message);
  });

  test('offers the runtimes that have a recipe', () => {
    expect(() => plainTemplate({ ...PYTHON, runtime: '' })).toThrow(
      /one of .*dotnet8, .*java21, .*nodejs22\.x, .*provided\.al2023, .*python3\.13, /,
    );
  });

  test('puts beside the template what the template names', () => {
    expect(plainTemplate(PYTHON).releaseFunction.toString()).toContain('exports');
  });
});
