import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CodeArtifact, TargetFunction } from '../../../src';
import { testWith } from '../../support/tools';
import { pipelineApp, Rehearsed } from '../support/run';

jest.setTimeout(180_000);

/** The build specification in section 6 of the design document, with commands for the phase post_build. */
function buildSpec(...postBuild: string[]): string {
  const repository = '--domain $CODEARTIFACT_DOMAIN --domain-owner $CODEARTIFACT_DOMAIN_OWNER';
  return [
    'version: 0.2',
    'phases:',
    '  install:',
    '    runtime-versions:',
    '      python: 3.8',
    '    commands:',
    '      - pip install awscli --quiet',
    '      - export CODEARTIFACT_AUTH_TOKEN=' +
      `$(aws codeartifact get-authorization-token ${repository} --query authorizationToken --output text)`,
    '      - export CODEARTIFACT_REPOSITORY_URL=' +
      `$(aws codeartifact get-repository-endpoint ${repository} --repository $CODEARTIFACT_REPOSITORY ` +
      '--format pypi --query repositoryEndpoint --output text)',
    '      - pip install -r ./configuration/requirements.txt --quiet',
    '  pre_build:',
    '    commands:',
    '      - echo "Starting Unit tests..."',
    '      - pytest Backend/tests/UT_src',
    '      - echo "Unit tests Completed..."',
    '  build:',
    '    commands:',
    '      - ls Backend',
    '      - ls Backend/src',
    '      - ls configuration',
    '      - zip -r ${ProjectName}.zip ./Backend/src',
    ...(postBuild.length
      ? ['  post_build:', '    commands:', ...postBuild.map((command) => `      - ${command}`)]
      : []),
    'artifacts:',
    '  files:',
    '    - "*.zip"',
  ].join('\n');
}

const source = (spec: string) => ({
  'configuration/buildspec.yml': spec,
  'configuration/requirements.txt': 'pytest\n',
  'Backend/src/allocate.py': 'def handler(event, context):\n    return {"allocated": True}\n',
  'Backend/tests/UT_src/test_allocate.py':
    'import sys\nsys.path.insert(0, "Backend/src")\nfrom allocate import handler\n\n' +
    'def test_allocates():\n    assert handler({}, None)["allocated"]\n',
});

const assembly = pipelineApp({
  targetFunction: TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'allocate.handler' }),
  codeArtifact: CodeArtifact.create({ domainName: 'acme', repositoryName: 'python' }),
  buildProject: { buildSpec: codebuild.BuildSpec.fromSourceFilename('configuration/buildspec.yml') },
});

testWith('zip')('the build specification of a repository runs unchanged, and its zip is released', async () => {
  const run = await new Rehearsed().push(assembly, source(buildSpec()));

  expect(run.cause).toBeUndefined();
  expect(run.alias).toMatchObject({ version: '2', weights: {} });
  expect(run.invocations).toMatchObject({ errors: 0 });
  const calls = run.calls
    .filter(({ role, action }) => role.includes('CodeBuild') && /^(codeartifact|sts):/.test(action))
    .map(({ action, allowed }) => `${action} ${allowed}`);
  expect(calls).toEqual([
    'codeartifact:GetAuthorizationToken true',
    'sts:GetServiceBearerToken true',
    'codeartifact:GetRepositoryEndpoint true',
  ]);
});

testWith('zip')('a build that publishes by itself is denied, and changes nothing', async () => {
  const update = 'aws lambda update-function-code --function-name ${ProjectName} --zip-file fileb://${ProjectName}.zip';
  const run = await new Rehearsed().push(assembly, source(buildSpec(update)));

  expect(run.cause).toContain('POST_BUILD: Error while executing command: aws lambda update-function-code');
  expect(run.cause).toContain('is not authorized to perform: lambda:UpdateFunctionCode');
  expect(run.alias).toMatchObject({ version: '1' });
});
