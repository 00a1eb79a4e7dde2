import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BuildProjectOptions, TargetFunction } from '../../../src';
import { PackageIndex } from '../support/package-index';
import { folderWith, pipelineApp, Rehearsed, Run } from '../support/run';

jest.setTimeout(180_000);

const before = { ...process.env };
let index: PackageIndex;

/** Packages that uv installs into each virtual environment. */
const SEEDS = ['pip', 'setuptools', 'wheel'];
let wheels: string[];

// The recipe of Python fetches uv from the index of the build, in the version that it pins.
beforeAll(() => {
  const [, version] = /^UV = "(.*)"/m.exec(readFileSync(path.join(__dirname, '../../../recipes/python.py'), 'utf8'))!;
  const folder = folderWith({});
  execFileSync('python3', [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--dest',
    folder,
    `uv==${version}`,
    ...SEEDS,
  ]);
  wheels = readdirSync(folder).map((name) => path.join(folder, name));
});

beforeEach(async () => {
  const folder = folderWith({
    'package/package.json': '{ "name": "greeting", "version": "1.0.0" }',
    'package/index.js': 'module.exports = "hello";',
  });
  index = new PackageIndex(execFileSync('tar', ['-C', folder, '-czf', '-', 'package']), wheels);
  await index.start();
  const { PIP_FIND_LINKS, ...others } = before;
  process.env = {
    ...others,
    PIP_INDEX_URL: `${index.address}/simple`,
    PIP_TRUSTED_HOST: '127.0.0.1',
    npm_config_registry: `${index.address}/`,
  };
});

afterEach(async () => {
  process.env = before;
  await index.stop();
});

const LOCAL = codebuild.Cache.local(codebuild.LocalCacheMode.CUSTOM);
const PYTHON = {
  'app.py': 'from greeting import TEXT\n\ndef handler(event, context):\n    return TEXT\n',
  'requirements.txt': 'greeting==1.0.0\n',
};
const NODE = {
  'index.js': 'exports.handler = async () => require("greeting");',
  'package.json': '{ "name": "orders", "version": "1.0.0", "private": true, "dependencies": { "greeting": "1.0.0" } }',
};

/** A build that downloads nothing and caches one file. */
const KEEPING = codebuild.BuildSpec.fromObject({
  version: '0.2',
  phases: { build: { commands: ['mkdir -p ~/.cache/tool && echo kept > ~/.cache/tool/file', 'test ! -f broken'] } },
  artifacts: { files: ['index.js'] },
  cache: { paths: ['/root/.cache/**/*'] },
});

function keepingApp(buildProject: (stack: Stack) => BuildProjectOptions): string {
  return pipelineApp((stack) => ({ buildProject: { buildSpec: KEEPING, ...buildProject(stack) } }));
}

const HANDLER = { 'index.js': 'exports.handler = async () => 1;' };

const notes = ({ lines }: Run) => lines.flatMap((line) => /note: (cache: .*)/.exec(line)?.[1] ?? []);
const files = () => index.requested.filter((file) => /\.(whl|tgz)$/.test(file));
const packageLock = () =>
  JSON.stringify({
    name: 'orders',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'orders', version: '1.0.0', dependencies: { greeting: '1.0.0' } },
      'node_modules/greeting': {
        version: '1.0.0',
        resolved: `${index.address}/tarballs/greeting-1.0.0.tgz`,
        integrity: index.integrity,
      },
    },
  });

/** Without the request for security advisories, which npm sends unless the user's settings turn it off. */
const packageRequests = () => index.requested.filter((request) => !request.startsWith('/-/npm/v1/security/'));

test('the second build with npm downloads nothing', async () => {
  const rehearsed = new Rehearsed();
  const assembly = pipelineApp({ buildProject: { cache: LOCAL } });
  const first = await rehearsed.push(assembly, { ...NODE, 'package-lock.json': packageLock() });
  expect(notes(first)).toEqual([
    'cache: nothing to restore',
    expect.stringMatching(/^cache: saved \d+ files, 0\.0 MB$/),
  ]);
  expect(files()).toEqual(['/tarballs/greeting-1.0.0.tgz']);

  index.requested.length = 0;
  const second = await rehearsed.push(assembly, { ...NODE, 'package-lock.json': packageLock(), 'more.js': '' });
  expect(second.cause).toBeUndefined();
  expect(notes(second)[0]).toMatch(/^cache: restored \d+ files, 0\.0 MB$/);
  expect(packageRequests()).toEqual([]);
});

test('the second build with pip downloads no package', async () => {
  const rehearsed = new Rehearsed();
  const assembly = pipelineApp({
    targetFunction: TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' }),
    buildProject: { cache: LOCAL },
  });
  const first = await rehearsed.push(assembly, PYTHON);
  expect(first.cause).toBeUndefined();
  expect(files()).toContain('/files/greeting-1.0.0-py3-none-any.whl');

  index.requested.length = 0;
  const second = await rehearsed.push(assembly, { ...PYTHON, 'more.py': '' });
  expect(second.cause).toBeUndefined();
  expect(notes(second)[0]).toMatch(/^cache: restored/);
  expect(files()).toEqual([]);
});

test('a build of another project starts without a cache', async () => {
  const rehearsed = new Rehearsed();
  await rehearsed.push(
    keepingApp(() => ({ cache: LOCAL })),
    HANDLER,
  );
  const other = await rehearsed.push(
    keepingApp(() => ({ cache: LOCAL, projectName: 'other-build' })),
    { ...HANDLER, 'more.js': '' },
  );
  expect(notes(other)[0]).toBe('cache: nothing to restore');
});

test('a failed build caches nothing', async () => {
  const rehearsed = new Rehearsed();
  const app = keepingApp(() => ({ cache: LOCAL }));
  expect(notes(await rehearsed.push(app, { ...HANDLER, broken: '' }))).toEqual(['cache: nothing to restore']);
  expect(notes(await rehearsed.push(app, HANDLER))[0]).toBe('cache: nothing to restore');
});

test('a cache in a bucket is read and written with the role of the build', async () => {
  const rehearsed = new Rehearsed();
  const assembly = keepingApp((stack) => ({
    cache: codebuild.Cache.bucket(new s3.Bucket(stack, 'Cache', { bucketName: 'acme-cache' }), { prefix: 'orders' }),
  }));
  expect(notes(await rehearsed.push(assembly, HANDLER))[0]).toBe('cache: nothing to restore');
  const second = await rehearsed.push(assembly, { ...HANDLER, 'more.js': '' });
  expect(notes(second)[0]).toMatch(/^cache: restored/);
  const calls = second.calls.filter(({ resource }) => resource.startsWith('arn:aws:s3:::acme-cache/'));
  expect(
    calls.map(({ role, action, resource, allowed }) => [role.includes('CodeBuild'), action, resource, allowed]),
  ).toEqual([
    [true, 's3:GetObject', 'arn:aws:s3:::acme-cache/orders/orders-build', true],
    [true, 's3:PutObject', 'arn:aws:s3:::acme-cache/orders/orders-build', true],
  ]);
});

test('a denied cache in a bucket adds a note and does not fail the build', async () => {
  const run = await new Rehearsed().push(
    keepingApp((stack) => {
      const bucket = new s3.Bucket(stack, 'Cache');
      bucket.addToResourcePolicy(
        new iam.PolicyStatement({
          effect: iam.Effect.DENY,
          principals: [new iam.AnyPrincipal()],
          actions: ['s3:GetObject', 's3:PutObject'],
          resources: [bucket.arnForObjects('*')],
        }),
      );
      return { cache: codebuild.Cache.bucket(bucket) };
    }),
    HANDLER,
  );
  expect(run.status).toBe('Succeeded');
  expect(notes(run)).toEqual([
    expect.stringMatching(/^cache: not restored: .* is not authorized to perform: s3:GetObject on resource: /),
    expect.stringMatching(/^cache: not saved: .* is not authorized to perform: s3:PutObject on resource: /),
  ]);
});

test('a cache in a bucket outside of the templates is not rehearsed', async () => {
  const run = await new Rehearsed().push(
    keepingApp((stack) => ({ cache: codebuild.Cache.bucket(s3.Bucket.fromBucketName(stack, 'Cache', 'elsewhere')) })),
    HANDLER,
  );
  expect(run.notRehearsed).toContain('the cache in the bucket elsewhere, which no template contains');
});
