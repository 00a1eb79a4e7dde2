import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BuildProjectOptions, TargetFunction } from '../src';
import { pipelineWith } from './support/stacks';
import {
  actionsOf,
  allStatements,
  buildSpec,
  flat,
  logicalIds,
  propertiesOf,
  resourcesOf,
  resourceWithPrefix,
  statementsOf,
} from './support/template-queries';

const built = (buildProject: BuildProjectOptions | ((stack: Stack) => BuildProjectOptions) = {}) =>
  pipelineWith((stack) => ({
    buildProject: typeof buildProject === 'function' ? buildProject(stack) : buildProject,
  })).template;
const builtFor = (runtime: lambda.Runtime, handler: string, architecture?: lambda.Architecture) =>
  pipelineWith({
    targetFunction: TargetFunction.create({ runtime, handler, architecture }),
  }).template;
const project = (template: Template) => propertiesOf(template, 'AWS::CodeBuild::Project');
const environment = (template: Template) => project(template).Environment;
const minimal = built();

describe('the build project', () => {
  test('takes its source from the pipeline and hands its artifacts to it', () => {
    expect([project(minimal).Source.Type, project(minimal).Artifacts]).toEqual([
      'CODEPIPELINE',
      { Type: 'CODEPIPELINE' },
    ]);
  });

  test('runs in a small Linux container without privileges', () => {
    expect(environment(minimal)).toMatchObject({
      Type: 'LINUX_CONTAINER',
      ComputeType: 'BUILD_GENERAL1_SMALL',
      PrivilegedMode: false,
    });
  });

  test('names the project to the commands', () => {
    expect(environment(minimal).EnvironmentVariables).toEqual([
      { Name: 'ProjectName', Type: 'PLAINTEXT', Value: 'inventory-allocation' },
    ]);
  });

  test('logs to a group that forgets after three months', () => {
    expect(resourceWithPrefix(minimal, 'AWS::Logs::LogGroup', 'PipelineCodeBuildLogGroup')).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { RetentionInDays: 90 },
    });
  });

  test('logs to a group without a fixed name, which an earlier project may have left', () => {
    const [id] = logicalIds(minimal, 'AWS::Logs::LogGroup').filter((each) => each.startsWith('PipelineCodeBuild'));
    expect(minimal.findResources('AWS::Logs::LogGroup')[id].Properties).not.toHaveProperty('LogGroupName');
    expect(propertiesOf(minimal, 'AWS::CodeBuild::Project').LogsConfig.CloudWatchLogs).toEqual({
      Status: 'ENABLED',
      GroupName: { Ref: id },
    });
  });

  test('may be run by CodeBuild for this project alone', () => {
    const { Condition } = resourceWithPrefix(minimal, 'AWS::IAM::Role', 'PipelineCodeBuildServiceRole').Properties
      .AssumeRolePolicyDocument.Statement[0];
    expect(flat(Condition.ArnEquals['aws:SourceArn'])).toBe(
      'arn:${AWS::Partition}:codebuild:${AWS::Region}:${AWS::AccountId}:project/inventory-allocation-build',
    );
  });
});

describe('the image', () => {
  test.each([
    [lambda.Runtime.PYTHON_3_13, 'app.handler', undefined, 'aws/codebuild/amazonlinux-x86_64-standard:6.0'],
    [lambda.Runtime.NODEJS_22_X, 'index.handler', undefined, 'aws/codebuild/amazonlinux-x86_64-standard:6.0'],
    [lambda.Runtime.PYTHON_3_9, 'app.handler', undefined, 'aws/codebuild/amazonlinux-x86_64-standard:5.0'],
    [lambda.Runtime.NODEJS_20_X, 'index.handler', undefined, 'aws/codebuild/amazonlinux-x86_64-standard:5.0'],
    [
      lambda.Runtime.PYTHON_3_13,
      'app.handler',
      lambda.Architecture.ARM_64,
      'aws/codebuild/amazonlinux-aarch64-standard:4.0',
    ],
    [
      lambda.Runtime.NODEJS_18_X,
      'index.handler',
      lambda.Architecture.ARM_64,
      'aws/codebuild/amazonlinux-aarch64-standard:3.0',
    ],
  ])('has the runtime and the architecture of the function: %s', (runtime, handler, architecture, image) => {
    expect(environment(builtFor(runtime, handler, architecture)).Image).toBe(image);
  });

  test('for arm64 runs in a container for it', () => {
    expect(environment(builtFor(lambda.Runtime.PYTHON_3_13, 'app.handler', lambda.Architecture.ARM_64)).Type).toBe(
      'ARM_CONTAINER',
    );
  });

  test('may be another', () => {
    expect(environment(built({ environment: { buildImage: codebuild.LinuxBuildImage.STANDARD_7_0 } }))).toMatchObject({
      Image: 'aws/codebuild/standard:7.0',
      ComputeType: 'BUILD_GENERAL1_SMALL',
    });
  });

  test('may be one of Lambda compute, which has a size of its own', () => {
    expect(
      environment(
        built({ environment: { buildImage: codebuild.LinuxLambdaBuildImage.AMAZON_LINUX_2023_PYTHON_3_13 } }),
      ),
    ).toMatchObject({
      Type: 'LINUX_LAMBDA_CONTAINER',
      ComputeType: 'BUILD_LAMBDA_1GB',
    });
  });
});

describe('the build specification', () => {
  test('chooses the runtime of the function', () => {
    expect(buildSpec(minimal).phases.install['runtime-versions']).toEqual({ python: '3.13' });
    expect(buildSpec(builtFor(lambda.Runtime.NODEJS_22_X, 'index.handler')).phases.install['runtime-versions']).toEqual(
      { nodejs: '22' },
    );
  });

  test('installs, tests and packs, one phase each', () => {
    const { install, pre_build, build, post_build } = buildSpec(minimal).phases;
    expect(install.commands.at(-1)).toContain('python.py" install');
    expect(pre_build.commands).toEqual(['python3 "$RECIPE/python.py" test']);
    expect(build.commands).toEqual(['python3 "$RECIPE/python.py" package']);
    expect(post_build).toBeUndefined();
  });

  test('reports the unit tests', () => {
    expect(buildSpec(minimal).reports.UnitTests).toMatchObject({ 'file-format': 'JUNITXML' });
    expect(actionsOf(statementsOf(minimal, 'PipelineCodeBuildServiceRole'))).toEqual(
      expect.arrayContaining(['codebuild:CreateReport', 'codebuild:BatchPutTestCases']),
    );
  });

  test('hands the package to the pipeline', () => {
    expect(buildSpec(minimal).artifacts).toEqual({ files: ['${ProjectName}.zip'] });
  });

  test('uses the directories and the dependency file of the repository', () => {
    const { env } = buildSpec(
      built({
        sourceDirectory: 'Backend/src',
        testDirectory: 'Backend/tests',
        dependencyFile: 'configuration/requirements.txt',
      }),
    );
    expect(env.variables).toMatchObject({
      RECIPE_SOURCE: 'Backend/src',
      RECIPE_TESTS: 'Backend/tests',
      RECIPE_DEPENDENCIES: 'configuration/requirements.txt',
    });
  });

  test.each([
    ['installCommands', 'install'],
    ['preBuildCommands', 'pre_build'],
    ['buildCommands', 'build'],
    ['postBuildCommands', 'post_build'],
  ])('takes %s for the phase %s, and leaves the others', (prop, phase) => {
    const { phases } = buildSpec(built({ [prop]: ['make it'] }));
    expect(phases[phase].commands.slice(phase === 'install' ? 2 : 0)).toEqual(['make it']);
    const others = Object.entries(buildSpec(minimal).phases).filter(([name]) => name !== phase);
    expect(Object.entries(phases).filter(([name]) => name !== phase)).toEqual(others);
  });

  test("keeps the runtime when the commands of the phase install are the user's", () => {
    expect(buildSpec(built({ installCommands: ['make it'] })).phases.install['runtime-versions']).toEqual({
      python: '3.13',
    });
  });

  test('has no phase without commands', () => {
    expect(Object.keys(buildSpec(built({ preBuildCommands: [] })).phases)).toEqual(['install', 'build']);
  });

  test("is replaced by one of the user's", () => {
    expect(buildSpec(built({ buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2', own: true }) }))).toEqual({
      version: '0.2',
      own: true,
    });
  });

  test('is replaced by a file of the repository', () => {
    expect(
      project(built({ buildSpec: codebuild.BuildSpec.fromSourceFilename('configuration/buildspec.yml') })).Source
        .BuildSpec,
    ).toBe('configuration/buildspec.yml');
  });

  test("is the user's for a runtime without a recipe", () => {
    const { template } = pipelineWith({
      targetFunction: TargetFunction.create({
        runtime: new lambda.Runtime('swift6', lambda.RuntimeFamily.OTHER),
        handler: 'app.handler',
      }),
      buildProject: { buildCommands: ['zip -X ${ProjectName}.zip app.rb'] },
    });
    expect(buildSpec(template).phases).toEqual({ build: { commands: ['zip -X ${ProjectName}.zip app.rb'] } });
  });
});

describe('the coverage report', () => {
  const coverage = (runtime: lambda.Runtime, handler: string, buildProject: BuildProjectOptions = {}) =>
    buildSpec(
      pipelineWith({
        targetFunction: TargetFunction.create({ runtime, handler }),
        buildProject: { coverageReport: true, ...buildProject },
      }).template,
    ).reports.Coverage;

  test('is none unless asked for', () => {
    expect(Object.keys(buildSpec(minimal).reports)).toEqual(['UnitTests']);
    expect(buildSpec(minimal).env.variables).not.toHaveProperty('RECIPE_COVERAGE');
  });

  test.each([
    [lambda.Runtime.PYTHON_3_13, 'app.handler', ['coverage-report/*.xml'], 'COBERTURAXML'],
    [lambda.Runtime.NODEJS_24_X, 'index.handler', ['coverage-report/*.xml'], 'COBERTURAXML'],
    [lambda.Runtime.PROVIDED_AL2023, 'bootstrap', ['coverage-report/*.xml'], 'COBERTURAXML'],
    [
      lambda.Runtime.JAVA_21,
      'a.B::c',
      ['**/target/site/jacoco/jacoco.xml', '**/build/reports/jacoco/test/*.xml'],
      'JACOCOXML',
    ],
    [lambda.Runtime.DOTNET_8, 'A::A.B::C', ['reports/**/coverage.cobertura.xml'], 'COBERTURAXML'],
  ])('is where the tools of %s write it', (runtime, handler, files, format) => {
    expect(coverage(runtime, handler)).toEqual({ files, 'file-format': format });
  });

  test('is taken from the commands of the user, for a runtime without a recipe too', () => {
    expect(
      coverage(new lambda.Runtime('swift6', lambda.RuntimeFamily.OTHER), 'app.handler', { buildCommands: ['make'] }),
    ).toEqual({
      files: ['coverage-report/*.xml'],
      'file-format': 'COBERTURAXML',
    });
  });

  test('needs no permission more', () => {
    expect(actionsOf(statementsOf(built({ coverageReport: true }), 'PipelineCodeBuildServiceRole'))).toEqual(
      actionsOf(statementsOf(minimal, 'PipelineCodeBuildServiceRole')),
    );
  });

  test('is asked of the recipe', () => {
    expect(buildSpec(built({ coverageReport: true })).env.variables.RECIPE_COVERAGE).toBe('true');
  });
});

describe('buildProject', () => {
  test.each([
    ['projectName', { projectName: 'own-build' }, { Name: 'own-build' }],
    ['description', { description: 'own words' }, { Description: 'own words' }],
    ['timeout', { timeout: Duration.minutes(20) }, { TimeoutInMinutes: 20 }],
    ['queuedTimeout', { queuedTimeout: Duration.minutes(30) }, { QueuedTimeoutInMinutes: 30 }],
    [
      'cache',
      { cache: codebuild.Cache.local(codebuild.LocalCacheMode.CUSTOM) },
      { Cache: { Type: 'LOCAL', Modes: ['LOCAL_CUSTOM_CACHE'] } },
    ],
    ['concurrentBuildLimit', { concurrentBuildLimit: 1 }, { ConcurrentBuildLimit: 1 }],
  ])('takes %s', (_, options, properties) => {
    expect(project(built(options))).toMatchObject(properties);
  });

  test('takes the size', () => {
    expect(environment(built({ environment: { computeType: codebuild.ComputeType.LARGE } }))).toMatchObject({
      ComputeType: 'BUILD_GENERAL1_LARGE',
      Image: 'aws/codebuild/amazonlinux-x86_64-standard:6.0',
    });
  });

  test('takes further variables', () => {
    const variables = environment(built({ environmentVariables: { STAGE: { value: 'test' } } })).EnvironmentVariables;
    expect(variables.map(({ Name }: { Name: string }) => Name)).toEqual(['ProjectName', 'STAGE']);
  });

  test('lets the build read the secrets and parameters of its variables, and no others', () => {
    const { SECRETS_MANAGER, PARAMETER_STORE } = codebuild.BuildEnvironmentVariableType;
    const statements = statementsOf(
      built({
        environmentVariables: {
          TOKEN: { type: SECRETS_MANAGER, value: 'team/token:password' },
          ADDRESS: { type: PARAMETER_STORE, value: '/team/address' },
        },
      }),
      'PipelineCodeBuildServiceRole',
    );
    expect(resourcesOf(statements, 'secretsmanager:GetSecretValue').map(flat)).toEqual([
      'arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:team/token-??????',
    ]);
    expect(resourcesOf(statements, 'ssm:GetParameters').map(flat)).toEqual([
      'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/team/address',
    ]);
    expect(actionsOf(statements).filter((iamAction) => /^(secretsmanager|ssm|kms):/.test(iamAction))).toHaveLength(2);
  });

  test('takes a VPC, without a wildcard action', () => {
    const template = built((stack) => ({ vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }) }));
    expect(project(template).VpcConfig.Subnets).toHaveLength(2);
    expect(project(template).VpcConfig.SecurityGroupIds).toHaveLength(1);
    expect(actionsOf(statementsOf(template, 'PipelineCodeBuildServiceRole'))).toContain(
      'ec2:CreateNetworkInterfacePermission',
    );
    expect(actionsOf(allStatements(template)).filter((iamAction) => iamAction.includes('*'))).toEqual([]);
  });

  test("takes a role of the user's", () => {
    const template = built((stack) => ({
      role: new iam.Role(stack, 'Own', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') }),
    }));
    expect(logicalIds(template, 'AWS::IAM::Role').filter((id) => id.startsWith('PipelineCodeBuild'))).toEqual([]);
    expect(resourcesOf(statementsOf(template, 'Own'), 's3:PutObject')[0]).toContain('PipelineArtifactStoreBucket');
  });

  test('takes the place for its logs, and makes no group then', () => {
    const template = built({ logging: { cloudWatch: { enabled: false } } });
    expect(logicalIds(template, 'AWS::Logs::LogGroup').filter((id) => id.startsWith('PipelineCodeBuild'))).toEqual([]);
  });

  test('accepts a timeout that is known only at deployment', () => {
    const template = built((stack) => ({
      timeout: Duration.minutes(new CfnParameter(stack, 'Minutes', { type: 'Number' }).valueAsNumber),
    }));
    expect(flat(project(template).TimeoutInMinutes)).toBe('${Minutes}');
  });
});

describe('fails when', () => {
  test.each(['sourceDirectory', 'testDirectory', 'dependencyFile'])('%s leaves the repository', (prop) => {
    expect(() => built({ [prop]: '../other' })).toThrow(
      `buildProject.${prop} must be a path inside the repository, relative to its root, ` +
        'with only letters, digits, spaces, and . _ - + @ /, got "../other"; for example "Backend/src"',
    );
  });

  test.each([
    ['timeout', Duration.minutes(4), 'between 5 minutes and 1 day 12 hours', 'Duration.hours(1)'],
    ['timeout', Duration.days(2), 'between 5 minutes and 1 day 12 hours', 'Duration.hours(1)'],
    ['queuedTimeout', Duration.hours(9), 'between 5 minutes and 8 hours', 'Duration.hours(8)'],
  ])('%s is %s', (prop, value, allowed, example) => {
    expect(() => built({ [prop]: value })).toThrow(
      `buildProject.${prop} must be ${allowed} (CodeBuild's limits), got ${value.toHumanString()}; for example ${example}`,
    );
  });

  test.each([
    ['sourceDirectory', 'src', '"src"'],
    ['testDirectory', 'tests', '"tests"'],
    ['dependencyFile', 'requirements.txt', '"requirements.txt"'],
    ['installCommands', ['x'], '["x"]'],
    ['preBuildCommands', ['x'], '["x"]'],
    ['buildCommands', ['x'], '["x"]'],
    ['postBuildCommands', ['x'], '["x"]'],
    ['coverageReport', true, 'true'],
  ])('%s is set together with a build specification', (prop, value, shown) => {
    expect(() => built({ [prop]: value, buildSpec: codebuild.BuildSpec.fromSourceFilename('buildspec.yml') })).toThrow(
      `buildProject.${prop} must be omitted with buildProject.buildSpec, which replaces it, got ${shown}; remove one of the two`,
    );
  });

  test('a coverage report is requested for an image, whose build runs no tests', () => {
    const withImage = (options: BuildProjectOptions) =>
      pipelineWith((stack) => ({
        targetFunction: TargetFunction.createFromImage({ repository: new ecr.Repository(stack, 'Images') }),
        buildProject: { environment: { privileged: true }, coverageReport: true, ...options },
      }));
    expect(() => withImage({})).toThrow(
      'buildProject.coverageReport must be omitted for a container image, because the default build of an image runs no tests, ' +
        'got true; remove it, or run the tests with buildProject.preBuildCommands',
    );
    expect(buildSpec(withImage({ preBuildCommands: ['make test'] }).template).reports.Coverage).toEqual({
      files: ['coverage-report/*.xml'],
      'file-format': 'COBERTURAXML',
    });
  });

  test('there is no recipe for the runtime', () => {
    const runtime = new lambda.Runtime('swift6', lambda.RuntimeFamily.OTHER);
    expect(() => builtFor(runtime, 'app.handler')).toThrow(
      'buildProject must be set with buildSpec or buildCommands, because there are no default commands for swift6, ' +
        'got {}; the commands must write ${ProjectName}.zip to the root of the repository',
    );
  });

  test('the commands are longer than what CodeBuild accepts', () => {
    expect(() => built({ postBuildCommands: ['x'.repeat(25_600)] })).toThrow(
      /^buildProject must be a build specification of at most 25600 characters \(CodeBuild's limit\), got "\d+ characters"; move your commands into a script/,
    );
  });
});
