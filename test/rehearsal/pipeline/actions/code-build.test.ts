import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { RehearsalOptions, rehearse } from '../../../../rehearsal/command/rehearse';
import { Output } from '../../../../rehearsal/pipeline/output';
import { action, assemblyWith, invoke } from '../../support/assembly';

const READ_WRITE = ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'];
const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const REPORTS = [
  'codebuild:CreateReportGroup',
  'codebuild:CreateReport',
  'codebuild:UpdateReport',
  'codebuild:BatchPutTestCases',
];
const JUNIT = '<testsuite><testcase classname="a" name="b"/></testsuite>';

let source: string;

beforeEach(() => {
  source = fs.mkdtempSync(path.join(tmpdir(), 'source-'));
  fs.writeFileSync(path.join(source, 'app.txt'), 'content');
});

/** Returns the resources of a build with these commands and a role with these actions. */
function resources(commands: string[], actions: string[], { spec = {}, project = {} } = {}) {
  const buildSpec = { version: '0.2', phases: { build: { commands } }, artifacts: { files: ['app.txt'] }, ...spec };
  return {
    BuildRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'codebuild.amazonaws.com' } }],
        },
        Policies: [
          { PolicyName: 'all', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] } },
        ],
      },
    },
    Project: {
      Type: 'AWS::CodeBuild::Project',
      Properties: {
        Name: 'demo-build',
        ServiceRole: { 'Fn::GetAtt': ['BuildRole', 'Arn'] },
        Source: { Type: 'CODEPIPELINE', BuildSpec: JSON.stringify(buildSpec) },
        ...project,
      },
    },
  };
}

async function run(
  built: Record<string, unknown>,
  category = 'Build',
  configuration = {},
  options: Partial<RehearsalOptions> = {},
) {
  const build = action(
    'BuildAction',
    category,
    'CodeBuild',
    { ProjectName: { Ref: 'Project' }, ...configuration },
    {
      Namespace: 'Build',
      InputArtifacts: [{ Name: 'SourceOutput' }],
      OutputArtifacts: [{ Name: 'BuildOutput' }],
    },
  );
  const after = invoke('after', [{ executionDetails: { summary: '#{Build.RESULT}' } }]);
  const assembly = assemblyWith(
    [
      { Name: 'Build', Actions: [build] },
      { Name: 'After', Actions: [after] },
    ],
    { resources: built },
  );
  const report = await rehearse(
    { assembly, source, events: [{}], variables: {}, rejected: [], ...options },
    new Output(() => undefined),
  );
  const calls = report.calls.filter(({ role }) => role === 'BuildRole').map((call) => call.action);
  return { ...report.pipelines[0], calls, notRehearsed: report.notRehearsed };
}

const exporting = { spec: { env: { 'exported-variables': ['RESULT'] } } };

test('outputs the variables that the build exports', async () => {
  const report = await run(
    resources(['export RESULT=$NAME'], [...READ_WRITE, ...LOGS], {
      ...exporting,
      project: { Environment: { EnvironmentVariables: [{ Name: 'NAME', Value: 'from the project' }] } },
    }),
  );

  expect(report.cause).toBeUndefined();
  expect(report.stages[2].actions[0].summary).toBe('from the project');
  expect(report.calls).toEqual([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    's3:GetObjectVersion',
    's3:PutObject',
  ]);
});

test('overrides the variables of the project with those of the action', async () => {
  const EnvironmentVariables = JSON.stringify([{ name: 'NAME', value: 'from the action', type: 'PLAINTEXT' }]);
  const project = { Environment: { EnvironmentVariables: [{ Name: 'NAME', Value: 'from the project' }] } };
  const report = await run(
    resources(['export RESULT=$NAME'], [...READ_WRITE, ...LOGS], { ...exporting, project }),
    'Build',
    { EnvironmentVariables },
  );

  expect(report.stages[2].actions[0].summary).toBe('from the action');
});

test('fails with the failed command', async () => {
  const report = await run(resources(['exit 3'], [...READ_WRITE, ...LOGS]));

  expect(report.cause).toBe('Build/BuildAction: BUILD: Error while executing command: exit 3. Reason: exit status 3');
});

test.each([
  ['read its input', ['s3:PutObject', ...LOGS], 's3:GetObjectVersion'],
  ['write its output', ['s3:GetObject', 's3:GetObjectVersion', ...LOGS], 's3:PutObject'],
  ['write its log', [...READ_WRITE, 'logs:CreateLogGroup'], 'logs:CreateLogStream'],
])('fails if its role may not %s', async (_, actions, denied) => {
  expect((await run(resources(['true'], actions))).cause).toContain(`is not authorized to perform: ${denied}`);
});

test('creates no log group if a template has it', async () => {
  const group = {
    LogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/codebuild/demo-build' } },
  };
  const report = await run({ ...resources(['export RESULT=ok'], [...READ_WRITE, ...LOGS], exporting), ...group });

  expect(report.calls).not.toContain('logs:CreateLogGroup');
});

describe('test reports', () => {
  const reporting = {
    spec: { ...exporting.spec, reports: { UnitTests: { files: ['unit.xml'], 'file-format': 'JUNITXML' } } },
  };
  const commands = [`echo '${JUNIT}' > unit.xml`, 'export RESULT=ok'];

  test('are counted', async () => {
    const report = await run(resources(commands, [...READ_WRITE, ...LOGS, ...REPORTS], reporting));
    expect(report.stages[1].actions[0].summary).toBe('built, 1 tests passed');
  });

  test('require permissions', async () => {
    const report = await run(resources(commands, [...READ_WRITE, ...LOGS], reporting));
    expect(report.cause).toContain(
      'codebuild:CreateReportGroup on resource: ' +
        'arn:aws:codebuild:us-east-1:123456789012:report-group/demo-build-UnitTests',
    );
  });
});

describe('coverage', () => {
  const reporting = {
    spec: { ...exporting.spec, reports: { Coverage: { files: ['c.xml'], 'file-format': 'COBERTURAXML' } } },
  };
  const commands = ['echo \'<coverage lines-valid="3" lines-covered="2">\' > c.xml', 'export RESULT=ok'];

  test('is in the summary', async () => {
    const report = await run(
      resources(commands, [...READ_WRITE, ...LOGS, ...REPORTS, 'codebuild:BatchPutCodeCoverages'], reporting),
    );
    expect(report.stages[1].actions[0].summary).toBe('built, no test reports, 66.7 % of 3 lines covered');
  });

  test('requires its own permission', async () => {
    const report = await run(resources(commands, [...READ_WRITE, ...LOGS, ...REPORTS], reporting));
    expect(report.cause).toContain(
      'codebuild:BatchPutCodeCoverages on resource: ' +
        'arn:aws:codebuild:us-east-1:123456789012:report-group/demo-build-Coverage',
    );
  });
});

test.each(['Build', 'Test'])(
  'has the credentials of its role on the stand-in, and none of the user, in the category %s',
  async (category) => {
    process.env.AWS_ACCESS_KEY_ID = 'AKIAOFTHEUSER';
    const printing = [
      'case "$AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID" in ' +
        '"http://127.0.0.1:"*" ASIA"*) export RESULT=theirs;; *) export RESULT=other;; esac',
    ];
    const report = await run(resources(printing, [...READ_WRITE, ...LOGS], exporting), category);
    delete process.env.AWS_ACCESS_KEY_ID;

    expect(report.stages[2].actions[0].summary).toBe('theirs');
  },
);

describe('a variable that is a secret or a parameter', () => {
  const withVariable = (Type: string, Value: string, actions: string[], others: object = {}) =>
    resources(['export RESULT="$TOKEN"'], [...READ_WRITE, ...LOGS, ...actions], {
      ...exporting,
      project: { Environment: { EnvironmentVariables: [{ Name: 'TOKEN', Value, Type }] } },
      ...others,
    });
  const SECRET = ['secretsmanager:GetSecretValue'];
  const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:team/token-AbCdEf';

  test.each([
    ['SECRETS_MANAGER', 'team/token', { 'team/token': 'theirs' }],
    ['SECRETS_MANAGER', 'team/token:password', { 'team/token': '{ "password": "theirs" }' }],
    ['SECRETS_MANAGER', 'team/token:password', { 'team/token:password': 'theirs' }],
    ['SECRETS_MANAGER', `${arn}:password:AWSCURRENT`, { 'team/token': '{ "password": "theirs" }' }],
    ['SECRETS_MANAGER', arn, { 'team/token': 'theirs' }],
    ['PARAMETER_STORE', '/team/token', { '/team/token': 'theirs' }],
  ])('has the value from --secret: %s %s', async (type, value, secrets) => {
    const report = await run(withVariable(type, value, ['ssm:GetParameters', ...SECRET]), 'Build', {}, { secrets });
    expect(report.stages[2].actions[0].summary).toBe('theirs');
  });

  test('has the value from the template', async () => {
    const Stored = {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: '/team/address', Type: 'String', Value: 'from the template' },
    };
    const report = await run({ ...withVariable('PARAMETER_STORE', '/team/address', ['ssm:GetParameters']), Stored });
    expect(report.stages[2].actions[0].summary).toBe('from the template');
  });

  test.each([
    [
      'SECRETS_MANAGER',
      'team/token',
      'secretsmanager:GetSecretValue on resource: ' +
        'arn:aws:secretsmanager:us-east-1:123456789012:secret:team/token-',
    ],
    [
      'PARAMETER_STORE',
      '/team/token',
      'ssm:GetParameters on resource: arn:aws:ssm:us-east-1:123456789012:parameter/team/token',
    ],
  ])('requires a permission of the build: %s', async (type, value, denied) => {
    const report = await run(withVariable(type, value, []), 'Build', {}, { secrets: { [value]: 'theirs' } });
    expect(report.cause).toContain(`is not authorized to perform: ${denied}`);
  });

  test('fails without a value', async () => {
    await expect(run(withVariable('SECRETS_MANAGER', 'team/token', SECRET))).rejects.toThrow(
      'not rehearsed: the value of team/token for the variable TOKEN of a build: add --secret team/token=<value>',
    );
  });

  test('must have a type of CodeBuild', async () => {
    await expect(run(withVariable('VAULT', 'x', []))).rejects.toThrow(
      'the environment variable TOKEN with the type VAULT',
    );
  });
});
