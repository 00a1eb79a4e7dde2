import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BuildProjectOptions, TargetFunction } from '../../../src';
import { pipelineWith } from '../../support/stacks';
import { buildSpec } from '../../support/template-queries';

function specOf(
  runtime: lambda.Runtime,
  handler: string,
  buildProject: BuildProjectOptions = {},
  architecture = lambda.Architecture.X86_64,
): any {
  return buildSpec(
    pipelineWith({ targetFunction: TargetFunction.create({ runtime, handler, architecture }), buildProject }).template,
  );
}

const commands = (spec: any, phase: string): string => spec.phases[phase].commands.join('\n');

describe('the recipe for Java', () => {
  const java = (options?: BuildProjectOptions) =>
    specOf(lambda.Runtime.JAVA_21, 'com.acme.App::handleRequest', options);

  test('has the JDK of the runtime', () => {
    expect(java().phases.install['runtime-versions']).toEqual({ java: 'corretto21' });
  });

  test.each([
    ['Maven', 'mvn --batch-mode --quiet test'],
    ['Gradle', '$GRADLE --console=plain test'],
  ])('tests with %s', (_, command) => {
    expect(commands(java(), 'pre_build')).toContain(command);
  });

  test('packs classes at the root and dependencies in lib', () => {
    expect(commands(java(), 'build')).toContain('-DoutputDirectory="$PACKAGE_DIRECTORY/lib"');
    expect(commands(java(), 'build')).toContain('cp -R target/classes/. "$PACKAGE_DIRECTORY"');
  });

  test('finds the reports of both', () => {
    expect(java().reports.UnitTests.files).toEqual([
      '**/target/surefire-reports/*.xml',
      '**/build/test-results/test/*.xml',
    ]);
  });

  test('works in the folder of the file that was named', () => {
    expect(commands(java({ dependencyFile: 'backend/pom.xml' }), 'build')).toContain('cd backend && ');
  });
});

describe('the recipe for .NET', () => {
  const dotnet = (architecture?: lambda.Architecture) =>
    specOf(lambda.Runtime.DOTNET_8, 'Acme::Acme.Function::Handler', { sourceDirectory: 'src/Acme' }, architecture);

  test('has the SDK of the runtime', () => {
    expect(dotnet().phases.install['runtime-versions']).toEqual({ dotnet: '8.0' });
  });

  test.each([
    [lambda.Architecture.X86_64, 'linux-x64'],
    [lambda.Architecture.ARM_64, 'linux-arm64'],
  ])('publishes for %s', (architecture, runtime) => {
    expect(commands(dotnet(architecture), 'build')).toContain(
      `dotnet publish src/Acme --configuration Release --runtime ${runtime} --self-contained false`,
    );
  });

  test('reports in the format of its runner', () => {
    expect(dotnet().reports.UnitTests).toEqual({ files: ['reports/*.trx'], 'file-format': 'VISUALSTUDIOTRX' });
  });
});

describe('the recipe for Go', () => {
  const go = (options?: BuildProjectOptions, architecture?: lambda.Architecture) =>
    specOf(lambda.Runtime.PROVIDED_AL2023, 'bootstrap', options, architecture);

  test.each([
    [lambda.Architecture.X86_64, 'amd64'],
    [lambda.Architecture.ARM_64, 'arm64'],
  ])('builds one static binary for %s', (architecture, name) => {
    expect(commands(go({}, architecture), 'build')).toContain(`CGO_ENABLED=0 GOOS=linux GOARCH=${name} go build`);
  });

  test('leaves paths and ids of the build out, so that the same source makes the same bytes', () => {
    expect(commands(go(), 'build')).toMatch(/-trimpath -buildvcs=false -ldflags "[^"]*-buildid="/);
  });

  test('builds the package of the source directory, inside of its module', () => {
    expect(
      commands(go({ sourceDirectory: 'backend/cmd/allocate', dependencyFile: 'backend/go.mod' }), 'build'),
    ).toMatch(/^\(cd backend && .* \.\/cmd\/allocate\)$/m);
  });

  test('says what to do for another language of a provided runtime', () => {
    expect(commands(go(), 'install')).toContain('for another language set buildProject.buildCommands');
  });
});
