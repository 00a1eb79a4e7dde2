import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { zipTexts } from '../../../rehearsal/base/zip';
import { checkBuilds } from '../../../rehearsal/command/check-builds';
import { rehearse } from '../../../rehearsal/command/rehearse';
import { Output } from '../../../rehearsal/pipeline/output';
import { Deployment } from '../../../rehearsal/stack/context';
import { PipelineDefinition } from '../../../rehearsal/stack/pipeline-definition';
import { folderWith, handlerFile, pipelineApp } from '../support/run';

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
