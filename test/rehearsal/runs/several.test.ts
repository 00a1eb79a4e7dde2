import { App, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import { LambdaCiCdPipeline, LambdaCiCdPipelineProps } from '../../../src';
import { actionsOf, handlerFile, QUICK, Rehearsed, synthesized } from '../support/run';

jest.setTimeout(120_000);

/** Synthesizes a stack with a pipeline for each project name. */
function app(
  pipelines: Record<string, Partial<LambdaCiCdPipelineProps>>,
  extend: (stack: Stack, pipeline: LambdaCiCdPipeline) => void = () => undefined,
): string {
  return synthesized((root: App) => {
    const stack = new Stack(root, 'Release');
    for (const [projectName, props] of Object.entries(pipelines)) {
      extend(stack, new LambdaCiCdPipeline(stack, projectName, { ...QUICK, ...props, projectName }));
    }
  });
}

test('two pipelines in one stack release to their own functions', async () => {
  const account = new Rehearsed();
  const assembly = app({ orders: {}, stock: {} });
  const orders = await account.push(assembly, { 'index.js': handlerFile(1) }, { pipeline: 'orders-pipeline' });
  const stock = await account.push(assembly, { 'index.js': handlerFile(2) }, { pipeline: 'stock-pipeline' });

  expect(orders).toMatchObject({ status: 'Succeeded', alias: { functionName: 'orders', version: '2' } });
  expect(stock).toMatchObject({ status: 'Succeeded', alias: { functionName: 'stock', version: '2' } });
});

describe('an added stage', () => {
  const withStage = (buildSpec: object) =>
    app({ orders: {} }, (stack, { pipeline }) =>
      pipeline.addStage({
        stageName: 'Report',
        actions: [
          new actions.CodeBuildAction({
            actionName: 'ReportAction',
            input: codepipeline.Artifact.artifact('SourceOutput'),
            project: new codebuild.PipelineProject(stack, 'Report', {
              buildSpec: codebuild.BuildSpec.fromObject(buildSpec),
            }),
          }),
        ],
      }),
    );

  test('has permissions', async () => {
    const run = await new Rehearsed().push(
      withStage({ version: '0.2', phases: { build: { commands: ['ls index.js'] } } }),
      { 'index.js': handlerFile(1) },
    );

    expect(run.cause).toBeUndefined();
    expect(actionsOf(run).at(-1)).toBe('Report/ReportAction Succeeded');
  });

  test('that fails ends the run after the release', async () => {
    const run = await new Rehearsed().push(
      withStage({ version: '0.2', phases: { build: { commands: ['ls missing.js'] } } }),
      { 'index.js': handlerFile(1) },
    );
    expect(run).toMatchObject({ status: 'Failed', alias: { version: '2' } });
  });
});

describe('the output artifact of a build', () => {
  const appWith = (...files: string[]) =>
    app({
      orders: {
        buildProject: {
          buildSpec: codebuild.BuildSpec.fromObject({
            version: '0.2',
            phases: {
              build: {
                commands: [
                  'python3 -m zipfile -c orders.zip index.js',
                  'cp orders.zip other.zip',
                  'cp orders.zip third.zip',
                ],
              },
            },
            artifacts: { files },
          }),
        },
      },
    });

  test.each([
    ['the package', ['orders.zip', 'other.zip']],
    ['the files of the package', ['index.js']],
  ])('may contain %s', async (_, files) => {
    const run = await new Rehearsed().push(appWith(...files), { 'index.js': handlerFile(1) });
    expect(run).toMatchObject({ cause: undefined, alias: { version: '2' } });
  });

  test.each([
    ['several zips without the name of the project', ['other.zip', 'third.zip']],
    ['files without the handler', ['README.md']],
  ])('must not contain %s: the message lists the files', async (_, files) => {
    const run = await new Rehearsed().push(appWith(...files), { 'index.js': handlerFile(1), 'README.md': '' });

    expect(run).toMatchObject({ status: 'Failed', alias: { version: '1' } });
    expect(run.cause).toMatch(/^Deploy\/CreateAppSpecFile: /);
    expect(run.cause).toContain(files[0]);
  });
});
