import { execFileSync } from 'node:child_process';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CodeArtifact, LambdaCiCdPipelineProps, PackageFormat, TargetFunction } from '../../../src';
import { testWith } from '../../support/tools';
import { PackageIndex } from '../support/package-index';
import { folderWith, pipelineApp, Rehearsed, Run } from '../support/run';

jest.setTimeout(180_000);

const created = CodeArtifact.create({ domainName: 'acme', repositoryName: 'team' });
const before = { ...process.env };
let index: PackageIndex;

beforeAll(async () => {
  const folder = folderWith({
    'package/package.json': '{ "name": "greeting", "version": "1.0.0" }',
    'package/index.js': 'module.exports = "hello";',
  });
  index = new PackageIndex(execFileSync('tar', ['-C', folder, '-czf', '-', 'package']));
  await index.start();
  process.env = { ...before, PIP_INDEX_URL: `${index.address}/simple`, npm_config_registry: `${index.address}/` };
});

afterAll(async () => {
  process.env = before;
  await index.stop();
});

const PYTHON = {
  'app.py': 'from greeting import TEXT\n\ndef handler(event, context):\n    return TEXT\n',
  'requirements.txt': 'greeting==1.0.0\n',
};
const NODE = {
  'index.js': 'exports.handler = async () => require("greeting");',
  'package.json': '{ "name": "orders", "version": "1.0.0", "private": true, "dependencies": { "greeting": "1.0.0" } }',
};

function app(runtime: lambda.Runtime, handler: string, props: Partial<LambdaCiCdPipelineProps> = {}): string {
  return pipelineApp({
    targetFunction: TargetFunction.create({ runtime, handler }),
    buildProject: {},
    codeArtifact: created,
    ...props,
  });
}

/** The recipe also installs pytest, which the index lacks. */
const WITHOUT_PYTEST = { installCommands: ['python3 -m pip install --quiet -r requirements.txt'] };

const packageReads = ({ calls }: Run) => calls.filter(({ action }) => action === 'codeartifact:ReadFromRepository');

testWith('aws')('pip installs through the repository, with the token of the build', async () => {
  const run = await new Rehearsed().push(
    app(lambda.Runtime.PYTHON_3_13, 'app.handler', { buildProject: WITHOUT_PYTEST }),
    PYTHON,
  );

  expect(run.cause).toBeUndefined();
  expect(run.invocations.errors).toBe(0);
  expect(packageReads(run).map(({ resource, allowed }) => `${resource} ${allowed}`)).toContain(
    'arn:aws:codeartifact:us-east-1:123456789012:repository/acme/team true',
  );
  expect(index.requested).toContain('/files/greeting-1.0.0-py3-none-any.whl');
});

testWith('aws')('npm installs through the repository, with the token of the build', async () => {
  const run = await new Rehearsed().push(app(lambda.Runtime.NODEJS_24_X, 'index.handler'), NODE);

  expect(run.cause).toBeUndefined();
  expect(run.invocations.errors).toBe(0);
  expect(packageReads(run).length).toBeGreaterThan(0);
  expect(index.requested).toContain('/tarballs/greeting-1.0.0.tgz');
});

testWith('aws', 'mvn')('Maven resolves through the repository, with the token of the build', async () => {
  const pom =
    '<project><modelVersion>4.0.0</modelVersion><groupId>example</groupId><artifactId>orders</artifactId><version>1</version>' +
    '<properties><maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target></properties></project>';
  const java =
    'package example; public class Orders { public String handle(java.util.Map<String, Object> event) { return "hello"; } }';
  const buildProject = {
    preBuildCommands: [
      'mvn --batch-mode --quiet dependency:get -Dartifact=commons-lang:commons-lang:2.6:pom -Dtransitive=false -Dmaven.repo.local="$HOME/fresh"',
    ],
  };
  const run = await new Rehearsed().push(app(lambda.Runtime.JAVA_17, 'example.Orders::handle', { buildProject }), {
    'pom.xml': pom,
    'src/main/java/example/Orders.java': java,
  });

  expect(run.cause).toBeUndefined();
  expect(packageReads(run).length).toBeGreaterThan(0);
});

testWith('aws', 'curl')('a wrong token is rejected', async () => {
  const installCommands = [
    'curl --fail --silent --show-error --user aws:wrong "$AWS_ENDPOINT_URL/packages/acme/123456789012/pypi/team/simple/greeting/"',
  ];
  const run = await new Rehearsed().push(
    app(lambda.Runtime.NODEJS_24_X, 'index.handler', { buildProject: { installCommands } }),
    NODE,
  );

  expect(run.cause).toContain('INSTALL: Error while executing command: curl');
  expect(run.cause).toContain('The requested URL returned error: 401');
});

testWith('aws')('a repository without the registry of the format has no packages', async () => {
  const npmOnly = CodeArtifact.create({ domainName: 'acme', repositoryName: 'team', formats: [PackageFormat.NPM] });
  const run = await new Rehearsed().push(
    app(lambda.Runtime.PYTHON_3_13, 'app.handler', { codeArtifact: npmOnly, buildProject: WITHOUT_PYTEST }),
    PYTHON,
  );

  expect(run.cause).toContain('No matching distribution found for greeting==1.0.0');
});

testWith('aws')('a repository of another account is assumed to exist, with a note', async () => {
  const existing = CodeArtifact.existing({ domainName: 'acme', repositoryName: 'team', domainOwner: '444455556666' });
  const run = await new Rehearsed().push(
    app(lambda.Runtime.NODEJS_24_X, 'index.handler', { codeArtifact: existing }),
    NODE,
  );

  expect(run.cause).toBeUndefined();
  expect(run.notRehearsed).toContain(
    'whether the CodeArtifact domain acme of the account 444455556666 exists and allows the build: ' +
      'no template contains it',
  );
});

/** Uploads a wheel as twine does, with curl. */
const PUBLISH = [
  'TOKEN=$(aws codeartifact get-authorization-token --domain acme --query authorizationToken --output text)',
  'curl --silent --show-error --fail-with-body --user "aws:$TOKEN" -F :action=file_upload -F name=orders-client -F content=@orders_client-1.0.0-py3-none-any.whl ' +
    '"$AWS_ENDPOINT_URL/packages/acme/123456789012/pypi/team/"',
  'curl --silent --fail --user "aws:$TOKEN" "$AWS_ENDPOINT_URL/packages/acme/123456789012/pypi/team/simple/orders-client/" | grep -c orders_client-1.0.0',
];

testWith('aws', 'curl').each([
  [true, 'Succeeded'],
  [false, 'Failed'],
])('publishing, allowed or not: %s', async (publish, status) => {
  const codeArtifact = CodeArtifact.create({ domainName: 'acme', repositoryName: 'team', publish });
  const run = await new Rehearsed().push(
    app(lambda.Runtime.NODEJS_24_X, 'index.handler', { codeArtifact, buildProject: { preBuildCommands: PUBLISH } }),
    { ...NODE, 'orders_client-1.0.0-py3-none-any.whl': 'wheel' },
  );

  expect(run.status).toBe(status);
  const made = run.calls.filter(({ action }) => action === 'codeartifact:PublishPackageVersion');
  expect(made.map(({ resource, allowed }) => `${resource} ${allowed}`)).toEqual([
    `arn:aws:codeartifact:us-east-1:123456789012:package/acme/team/pypi//orders-client ${publish}`,
  ]);
});

testWith('aws')('without uv in the repository, the recipe of Python names the ways to get it', async () => {
  const environmentVariables = { RECIPE_TOOLS: { value: folderWith() } };
  const run = await new Rehearsed().push(
    app(lambda.Runtime.PYTHON_3_13, 'app.handler', { buildProject: { environmentVariables } }),
    PYTHON,
  );

  expect(run.cause).toContain('the recipe needs uv, which the CodeArtifact repository does not have');
  expect(run.cause).toContain('connect the repository to public:pypi, publish the wheel of uv to it');
});

testWith('aws', 'curl')('the build names the machines that it connects to without the repository', async () => {
  const preBuildCommands = ['curl --silent http://packages.invalid/greeting || true'];
  const run = await new Rehearsed().push(
    app(lambda.Runtime.NODEJS_24_X, 'index.handler', { buildProject: { preBuildCommands } }),
    NODE,
  );

  expect(run.cause).toBeUndefined();
  expect(run.lines.join('\n')).toContain('bypassed CodeArtifact: 1 connection to packages.invalid');
});
