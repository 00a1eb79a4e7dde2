import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import { LambdaCiCdPipeline } from '../../../src';
import { handlerFile, QUICK, Rehearsed, synthesized } from '../support/run';

jest.setTimeout(120_000);

const FILES = { 'index.js': handlerFile(1) };

const appWith = (newActions: (cicd: LambdaCiCdPipeline) => codepipeline.IAction[]) =>
  synthesized((app) => {
    const cicd = new LambdaCiCdPipeline(new Stack(app, 'Release'), 'Pipeline', QUICK);
    cicd.pipeline.addStage({
      stageName: 'Own',
      placement: { justAfter: cicd.pipeline.stage('Build') },
      actions: newActions(cicd),
    });
  });

test('commands run with the output of the build, and hand over files and variables', async () => {
  const app = appWith(({ buildOutput }) => {
    const list = new actions.CommandsAction({
      actionName: 'List',
      input: buildOutput,
      commands: ['ls *.js > list.txt', 'export COUNT=$(wc -l < list.txt)'],
      output: new codepipeline.Artifact('ListOutput', ['list.txt']),
      outputVariables: ['COUNT'],
      variablesNamespace: 'List',
    });
    const show = new actions.CommandsAction({
      actionName: 'Show',
      input: new codepipeline.Artifact('ListOutput'),
      commands: ['grep index.js list.txt'],
      runOrder: 2,
    });
    return [list, show];
  });
  const run = await new Rehearsed().push(app, FILES);
  expect(run.cause).toBeUndefined();
  expect(run.stages.flatMap(({ actions: all }) => all).find(({ name }) => name === 'List')?.variables.COUNT).toBe('1');
});

test('a failed command ends the run before the deployment', async () => {
  const app = appWith(({ buildOutput }) => [
    new actions.CommandsAction({ actionName: 'Check', input: buildOutput, commands: ['grep -q secret index.js'] }),
  ]);
  const run = await new Rehearsed().push(app, FILES);
  expect(run.cause).toContain('grep -q secret index.js');
  expect(run.alias).toMatchObject({ version: '1' });
});

test('commands need the permission to write their log', async () => {
  const app = appWith(({ buildOutput }) => [
    new actions.CommandsAction({ actionName: 'Check', input: buildOutput, commands: ['true'] }),
  ]);
  const file = path.join(app, 'Release.template.json');
  const template = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, template.replaceAll('log-group:/aws/codepipeline/', 'log-group:/aws/other/'));
  const run = await new Rehearsed().push(app, FILES);
  expect(run.cause).toContain('logs:CreateLogGroup');
});

test('commands with several inputs are an error of the rehearsal, not a success', async () => {
  const app = appWith(({ buildOutput, sourceOutput }) => [
    new actions.CommandsAction({
      actionName: 'Check',
      input: buildOutput,
      extraInputs: [sourceOutput],
      commands: ['true'],
    }),
  ]);
  await expect(new Rehearsed().push(app, FILES)).rejects.toThrow('more than one input artifact');
});

test('a scan by Inspector is an error of the rehearsal that names the scan', async () => {
  const app = appWith(({ sourceOutput }) => [
    new actions.InspectorSourceCodeScanAction({
      actionName: 'Scan',
      input: sourceOutput,
      output: new codepipeline.Artifact('ScanOutput'),
    }),
  ]);
  await expect(new Rehearsed().push(app, FILES)).rejects.toThrow(
    /the action Scan with the type Invoke\/AWS\/InspectorScan/,
  );
});
