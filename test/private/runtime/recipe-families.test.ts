import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BuildProjectOptions, TargetFunction } from '../../../src';
import { familyOf } from '../../../src/private/runtime/family';
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

const FAMILIES: [lambda.Runtime, string, string, Record<string, string>][] = [
  [lambda.Runtime.PYTHON_3_13, 'app.handler', 'python', { python: '3.13' }],
  [lambda.Runtime.NODEJS_22_X, 'index.handler', 'node', { nodejs: '22' }],
  [lambda.Runtime.JAVA_21, 'com.acme.App::handleRequest', 'java', { java: 'corretto21' }],
  [lambda.Runtime.DOTNET_8, 'Acme::Acme.Function::Handler', 'dotnet', { dotnet: '8.0' }],
  [lambda.Runtime.RUBY_3_4, 'app.handler', 'ruby', { ruby: '3.4' }],
  [lambda.Runtime.PROVIDED_AL2023, 'bootstrap', 'provided', { golang: '1.24' }],
];

describe('the recipe of', () => {
  test.each(FAMILIES)(
    '%s selects its language and runs its program in each phase',
    (runtime, handler, program, versions) => {
      const { phases } = specOf(runtime, handler);
      expect(phases.install['runtime-versions']).toEqual(versions);
      expect(phases.install.commands.at(-1)).toBe(`python3 "$RECIPE/${program}.py" install && . "$RECIPE/environment"`);
      expect(phases.pre_build.commands).toEqual([`python3 "$RECIPE/${program}.py" test`]);
      expect(phases.build.commands).toEqual([`python3 "$RECIPE/${program}.py" package`]);
    },
  );

  test.each(FAMILIES)('%s leaves room for commands of the user in what CodeBuild accepts', (runtime, handler) => {
    expect(JSON.stringify(specOf(runtime, handler), undefined, 2).length).toBeLessThan(22_000);
  });

  test.each(FAMILIES)('%s has a handler of its form', (runtime, handler) => {
    expect(handler).toMatch(familyOf(runtime)!.handler.pattern);
    expect(familyOf(runtime)!.handler.example).toMatch(familyOf(runtime)!.handler.pattern);
  });
});

describe('the variables of a recipe', () => {
  test('name what the user has named, and nothing else', () => {
    expect(specOf(lambda.Runtime.JAVA_21, 'com.acme.App::handleRequest').env.variables).toEqual({
      RECIPE_RUNTIME: 'java21',
      RECIPE_ARCHITECTURE: 'x86_64',
    });
    const options = {
      sourceDirectory: './src/',
      testDirectory: 'checks/',
      dependencyFile: 'a/pom.xml',
      coverageReport: true,
    };
    expect(specOf(lambda.Runtime.JAVA_21, 'com.acme.App::handleRequest', options).env.variables).toMatchObject({
      RECIPE_SOURCE: 'src',
      RECIPE_TESTS: 'checks',
      RECIPE_DEPENDENCIES: 'a/pom.xml',
      RECIPE_COVERAGE: 'true',
    });
  });

  test.each([
    [lambda.Runtime.PYTHON_3_11, lambda.Architecture.X86_64, 'x86_64-manylinux2014'],
    [lambda.Runtime.PYTHON_3_12, lambda.Architecture.X86_64, 'x86_64-manylinux_2_34'],
    [lambda.Runtime.PYTHON_3_9, lambda.Architecture.ARM_64, 'aarch64-manylinux2014'],
    [lambda.Runtime.PYTHON_3_13, lambda.Architecture.ARM_64, 'aarch64-manylinux_2_34'],
  ])('name the C library and the machine of %s on %s', (runtime, architecture, platform) => {
    expect(specOf(runtime, 'app.handler', {}, architecture).env.variables.RECIPE_PLATFORM).toBe(platform);
  });
});

describe('a provided runtime', () => {
  test('has no recipe beside buildCommands, which may be those of any language', () => {
    expect(specOf(lambda.Runtime.PROVIDED_AL2023, 'bootstrap', { buildCommands: ['make package'] }).phases).toEqual({
      build: { commands: ['make package'] },
    });
  });
});
