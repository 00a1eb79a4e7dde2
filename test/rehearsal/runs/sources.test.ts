import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Source, TargetFunction } from '../../../src';
import { handlerFile, pipelineApp, Rehearsed, summaryOf } from '../support/run';

jest.setTimeout(120_000);

const fromCodeCommit = (stack: Stack) => ({
  source: Source.codeCommit(new codecommit.Repository(stack, 'Repository', { repositoryName: 'orders' })),
});
const fromObject = (stack: Stack) => ({
  source: Source.s3(new s3.Bucket(stack, 'Sources', { versioned: true }), 'releases/orders.zip'),
});
const fromImage = (stack: Stack, repository: ecr.IRepository = new ecr.Repository(stack, 'Images')) => ({
  source: Source.ecr(repository),
  targetFunction: TargetFunction.createFromImage({ repository }),
  buildProject: undefined,
});

test('a commit in CodeCommit is released', async () => {
  const run = await new Rehearsed().push(pipelineApp(fromCodeCommit), { 'index.js': handlerFile(1) });

  expect(run.cause).toBeUndefined();
  expect(
    run.calls
      .filter(({ action }) => action.startsWith('codecommit:'))
      .map(({ action, allowed }) => `${action} ${allowed}`),
  ).toContain('codecommit:UploadArchive true');
});

test('an object in S3 is released', async () => {
  const run = await new Rehearsed().push(pipelineApp(fromObject), { 'index.js': handlerFile(1) });

  expect(run.cause).toBeUndefined();
  expect(run.alias).toMatchObject({ version: '2' });
});

/** The same app, whose roles do not allow an action. */
function without(action: string, assembly: string): string {
  const file = path.join(assembly, 'Release.template.json');
  const template = fs.readFileSync(file, 'utf8');
  expect(template).toContain(action);
  fs.writeFileSync(file, template.replaceAll(action, 's3:ListAllMyBuckets'));
  return assembly;
}

test('an object in S3 with tags is released', async () => {
  const sourceTags = { team: 'warehouse' };
  const run = await new Rehearsed().push(pipelineApp(fromObject), { 'index.js': handlerFile(1) }, { sourceTags });
  expect(run.cause).toBeUndefined();
});

test.each(['s3:GetObjectTagging', 's3:GetObjectVersionTagging', 's3:PutObjectTagging'])(
  'an object in S3 with tags is not released without a permission for %s, and an object without tags is',
  async (action) => {
    const account = new Rehearsed();
    const assembly = without(action, pipelineApp(fromObject));
    const sourceTags = { team: 'warehouse' };
    const tagged = await account.push(assembly, { 'index.js': handlerFile(1) }, { sourceTags });
    const plain = await account.push(assembly, { 'index.js': handlerFile(1) });
    expect(tagged.cause).toContain(action);
    expect(plain.cause).toBeUndefined();
  },
);

test('a source with a connection is not released without a permission for s3:PutObjectAcl', async () => {
  const run = await new Rehearsed().push(without('s3:PutObjectAcl', pipelineApp()), { 'index.js': handlerFile(1) });
  expect(run.cause).toContain('s3:PutObjectAcl');
});

test('an object in S3 without the expected files ends the run', async () => {
  const run = await new Rehearsed().push(pipelineApp(fromObject), { 'main.js': handlerFile(1) });
  expect(run.cause).toContain('no matching artifact paths found for index.js');
});

test('an image in ECR is released by its digest, and the output names the missing invocations', async () => {
  const account = new Rehearsed();
  const assembly = pipelineApp((stack) => fromImage(stack));
  const first = await account.push(assembly, { Dockerfile: 'FROM one' });
  const second = await account.push(assembly, { Dockerfile: 'FROM two' });
  const again = await account.push(assembly, { Dockerfile: 'FROM two' });

  expect(first.cause).toBeUndefined();
  expect(first.alias).toMatchObject({ version: '1' });
  expect(second.alias).toMatchObject({ version: '2', weights: {} });
  expect(second.notRehearsed).toContainEqual(
    expect.stringContaining('the invocation of orders, a function from container images'),
  );
  expect(summaryOf(again, 'DeployAction')).toContain('nothing to deploy');
});

test('an image that Lambda may not pull is not released', async () => {
  const closed = (stack: Stack) => {
    const repository = new ecr.Repository(stack, 'Images');
    const props = fromImage(stack, repository);
    (repository.node.defaultChild as ecr.CfnRepository).addPropertyDeletionOverride('RepositoryPolicyText');
    return props;
  };
  const run = await new Rehearsed().push(pipelineApp(closed), { Dockerfile: 'FROM one' });
  expect(run.cause).toContain('Lambda does not have permission to access the ECR image');
});

test('a build that pushed an image must name its digest, not a tag', async () => {
  const built = (reference: string) =>
    pipelineApp((stack) => ({
      targetFunction: TargetFunction.createFromImage({
        repository: new ecr.Repository(stack, 'Images', { repositoryName: 'orders' }),
      }),
      buildProject: {
        buildSpec: codebuild.BuildSpec.fromObject({
          version: '0.2',
          phases: {
            build: { commands: [`echo "{\\"ImageURI\\": \\"$REPOSITORY_URI${reference}\\"}" > imageDetail.json`] },
          },
          artifacts: { files: ['imageDetail.json'] },
        }),
      },
    }));
  const pinned = await new Rehearsed().push(built(`@sha256:${'a'.repeat(64)}`), { Dockerfile: 'FROM one' });
  const tagged = await new Rehearsed().push(built(':latest'), { Dockerfile: 'FROM one' });

  expect(pinned.cause).toBeUndefined();
  expect(tagged.cause).toContain('The ImageURI in imageDetail.json must be pinned by its digest');
});
