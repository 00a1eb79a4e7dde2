import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { zipTexts } from '../../../rehearsal/base/zip';
import { checkBuilds } from '../../../rehearsal/command/check-builds';
import { rehearse } from '../../../rehearsal/command/rehearse';
import { Output } from '../../../rehearsal/pipeline/output';
import { Deployment } from '../../../rehearsal/stack/context';
import { PipelineDefinition } from '../../../rehearsal/stack/pipeline-definition';
import { TargetFunction } from '../../../src';
import { folderWith, handlerFile, pipelineApp, Rehearsed } from '../support/run';

jest.setTimeout(120_000);

const PUSH = 'version: 0.2\nphases:\n  build:\n    commands: [docker push "$IMAGE"]\n';

/** Checks a pipeline with one build before its first action. */
function check(buildSpec: string | undefined, files: Record<string, string> = {}): void {
  const projects = new Map([['orders-build', { Name: 'orders-build', Source: { BuildSpec: buildSpec } }]]);
  const build = { ActionTypeId: { Provider: 'CodeBuild' }, Configuration: { ProjectName: 'orders-build' } };
  const approval = { ActionTypeId: { Provider: 'Manual' } };
  const pipeline = { properties: { Stages: [{ Actions: [approval, build] }] } };
  checkBuilds(
    { projects } as unknown as Deployment,
    [pipeline as unknown as PipelineDefinition],
    zipTexts({ 'README.md': '', ...files }),
  );
}

test.each<[string, string | undefined, Record<string, string>]>([
  ['in the template', PUSH, {}],
  ['in a file of the source', 'ci/build.yml', { 'ci/build.yml': PUSH }],
  ['in the default file', undefined, { 'buildspec.yml': PUSH }],
])('a build specification %s counts', (_, buildSpec, files) => {
  expect(() => check(buildSpec, files)).toThrow('not rehearsed: the build of a container image');
});

test.each<[string, string, Record<string, string>]>([
  ['a damaged build specification', 'version: 0.1\n', {}],
  ['a missing build specification', 'ci/build.yml', {}],
])('the build reports %s', (_, buildSpec, files) => {
  expect(() => check(buildSpec, files)).not.toThrow();
});

describe('a runtime that the rehearsal has no counterpart of', () => {
  const ruby = pipelineApp({
    targetFunction: TargetFunction.create({ runtime: lambda.Runtime.RUBY_3_4, handler: 'app.handler' }),
    buildProject: {
      buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2', artifacts: { files: ['app.rb'] }, phases: {} }),
    },
  });
  const source = { 'app.rb': 'def handler(event:, context:)\n  1\nend\n' };

  test('ends the rehearsal before the first action', async () => {
    await expect(new Rehearsed().push(ruby, source)).rejects.toThrow(
      'not rehearsed: invocations of a function with ruby3.4. --without-invocations rehearses everything else',
    );
  });

  test('does not matter without invocations', async () => {
    expect(await new Rehearsed().push(ruby, source, { withoutInvocations: true })).toMatchObject({
      status: 'Succeeded',
      alias: { version: '2' },
    });
  });
});

test('no action runs before the check', async () => {
  const buildSpec = codebuild.BuildSpec.fromObjectToYaml({
    version: '0.2',
    phases: { build: { commands: ['docker push "$IMAGE"'] } },
    artifacts: { files: ['index.js'] },
  });
  const lines: string[] = [];
  const options = {
    assembly: pipelineApp({ buildProject: { buildSpec } }),
    source: folderWith({ 'index.js': handlerFile(1) }),
    events: [],
    variables: {},
    rejected: [],
  };
  await expect(rehearse(options, new Output((line) => lines.push(line)))).rejects.toThrow('not rehearsed: the build');
  expect(lines.join('\n')).not.toContain('SourceAction');
});
