import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import { LambdaCiCdPipeline, LambdaCiCdPipelineProps, Source } from '../../../src';
import { folderWith, handlerFile, pipelineApp, QUICK, Rehearsed, summaryOf, synthesized } from '../support/run';

jest.setTimeout(120_000);

const connectionArn = 'arn:aws:codeconnections:us-east-1:123456789012:connection/1';
const DESCRIBED = codebuild.BuildSpec.fromObject({
  version: '0.2',
  phases: {
    build: { commands: ["git describe --tags | grep '^v1.2.3-1-g'", 'test "$(git rev-list --count HEAD)" = 2'] },
  },
  artifacts: { files: ['index.js'] },
});
const ofConnection = (): Partial<LambdaCiCdPipelineProps> => ({
  source: Source.connection('acme/orders', { connectionArn, fullClone: true }),
  buildProject: { buildSpec: DESCRIBED },
});
const ofCodeCommit = (stack: Stack): Partial<LambdaCiCdPipelineProps> => ({
  source: Source.codeCommit(new codecommit.Repository(stack, 'Code', { repositoryName: 'orders' }), {
    fullClone: true,
  }),
  buildProject: { buildSpec: DESCRIBED },
});

/** A Git repository with two commits and a tag between them. */
function repository(): string {
  const folder = folderWith({ 'index.js': handlerFile(1) });
  const git = (...parameters: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...parameters]);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'feat: first');
  git('tag', 'v1.2.3');
  fs.writeFileSync(path.join(folder, 'index.js'), handlerFile(2));
  git('commit', '-q', '-a', '-m', 'feat: second');
  return folder;
}

/** The same app, whose roles do not allow an action. */
function without(action: string, assembly: string): string {
  const file = path.join(assembly, 'Release.template.json');
  const template = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const [id, { Properties }] of Object.entries<any>(template.Resources)) {
    if (/CodeBuildServiceRoleDefaultPolicy/.test(id)) {
      Properties.PolicyDocument.Statement = Properties.PolicyDocument.Statement.filter(
        ({ Action }: { Action: string }) => Action !== action,
      );
    }
  }
  fs.writeFileSync(file, JSON.stringify(template));
  return assembly;
}

test.each([
  ['a connection', () => pipelineApp(ofConnection)],
  ['CodeCommit', () => pipelineApp(ofCodeCommit)],
])('the build gets a Git clone with tags and history from %s', async (_, app) => {
  const run = await new Rehearsed().push(app(), {}, { source: repository() });
  expect(run.cause).toBeUndefined();
  expect(run.alias).toMatchObject({ version: '2' });
});

test.each(['codeconnections:UseConnection', 'codestar-connections:UseConnection'])(
  'the build cannot clone without a permission for %s',
  async (action) => {
    const run = await new Rehearsed().push(without(action, pipelineApp(ofConnection)), {}, { source: repository() });
    expect(run.cause).toContain(action);
  },
);

test('the build cannot clone from CodeCommit without a permission for codecommit:GitPull', async () => {
  const app = without('codecommit:GitPull', pipelineApp(ofCodeCommit));
  const run = await new Rehearsed().push(app, {}, { source: repository() });
  expect(run.cause).toContain('codecommit:GitPull');
});

test('the default commands fetch the submodules of the clone', async () => {
  const library = repository();
  const folder = repository();
  const git = (...parameters: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...parameters]);
  git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'library');
  git('commit', '-q', '-m', 'feat: a library');
  const run = await new Rehearsed().push(
    pipelineApp({
      ...ofConnection(),
      buildProject: {
        environmentVariables: {
          // Git allows no submodule in a local folder otherwise.
          GIT_CONFIG_COUNT: { value: '1' },
          GIT_CONFIG_KEY_0: { value: 'protocol.file.allow' },
          GIT_CONFIG_VALUE_0: { value: 'always' },
        },
        installCommands: [`grep '${handlerFile(2)}' library/index.js`],
        preBuildCommands: ['true'],
        buildCommands: ['python3 -m zipfile -c "$ProjectName.zip" index.js'],
      },
    }),
    {},
    { source: folder },
  );
  expect(run.cause).toBeUndefined();
});

test('a folder without version control is no source for a full clone', async () => {
  const run = await new Rehearsed().push(pipelineApp(ofConnection), { 'index.js': handlerFile(1) });
  expect(run.cause).toContain('the source is a full clone, so --source must be a Git repository');
});

test('only a build can read a full clone', async () => {
  const app = synthesized((root) => {
    const { pipeline, sourceOutput } = new LambdaCiCdPipeline(new Stack(root, 'Release'), 'Pipeline', {
      ...QUICK,
      ...ofConnection(),
    });
    const commands = new actions.CommandsAction({ actionName: 'Look', input: sourceOutput, commands: ['ls'] });
    pipeline.addStage({
      stageName: 'Look',
      placement: { rightBefore: pipeline.stage('Build') },
      actions: [commands],
    });
  });
  const run = await new Rehearsed().push(app, {}, { source: repository() });
  expect(summaryOf(run, 'Look')).toContain('the artifact SourceOutput is a full clone (CODEBUILD_CLONE_REF)');
});
