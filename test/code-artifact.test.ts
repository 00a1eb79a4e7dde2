import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CodeArtifact, LambdaCiCdPipelineProps, PackageFormat, TargetFunction } from '../src';
import { pipelineWith } from './support/stacks';
import {
  actionsOf,
  buildSpec,
  flat,
  propertiesOf,
  resourcesOf,
  resourceWithPrefix,
  statementsOf,
} from './support/template-queries';

const EXISTING = { domainName: 'acme', repositoryName: 'shared' };
const existing = (
  options: Partial<Parameters<typeof CodeArtifact.existing>[0]> = {},
  others: Partial<LambdaCiCdPipelineProps> = {},
) =>
  pipelineWith({
    codeArtifact: CodeArtifact.existing({ ...EXISTING, ...options }),
    ...others,
  }).template;
const node = TargetFunction.create({ runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler' });
/** The commands of the phase `install`, after the two that unpack the recipe. */
const installs = (template: Template): string[] => buildSpec(template).phases.install.commands.slice(2);
const statements = (template: Template) => statementsOf(template, 'PipelineCodeBuildServiceRole');
const variables = (template: Template) =>
  Object.fromEntries(
    propertiesOf(template, 'AWS::CodeBuild::Project').Environment.EnvironmentVariables.map(
      ({ Name, Value }: { Name: string; Value: unknown }) => [Name, flat(Value)],
    ),
  );

test('without CodeArtifact the build logs in nowhere', () => {
  const { template } = pipelineWith();
  expect(installs(template).join('\n')).not.toContain('codeartifact');
  expect(actionsOf(statements(template)).filter((iamAction) => /^(codeartifact|sts):/.test(iamAction))).toEqual([]);
});

describe('CodeArtifact.existing', () => {
  const template = existing();

  test('logs pip in before anything is installed', () => {
    expect(installs(template)[0]).toMatch(/^aws codeartifact login --tool pip /);
  });

  test('logs npm in for Node.js', () => {
    expect(installs(existing({}, { targetFunction: node }))[0]).toMatch(/^aws codeartifact login --tool npm /);
  });

  test("keeps the login in front of the user's own commands", () => {
    const commands = installs(existing({}, { buildProject: { installCommands: ['make it'] } }));
    expect([commands[0].slice(0, 22), commands.at(-1)]).toEqual(['aws codeartifact login', 'make it']);
  });

  test('names domain, owner and repository in the environment', () => {
    expect(variables(template)).toMatchObject({
      CODEARTIFACT_DOMAIN: 'acme',
      CODEARTIFACT_DOMAIN_OWNER: '${AWS::AccountId}',
      CODEARTIFACT_REPOSITORY: 'shared',
    });
  });

  test('reads from the repository, and nothing else', () => {
    const arn = 'arn:${AWS::Partition}:codeartifact:${AWS::Region}:${AWS::AccountId}';
    expect(actionsOf(statements(template)).filter((iamAction) => iamAction.startsWith('codeartifact:'))).toEqual([
      'codeartifact:GetAuthorizationToken',
      'codeartifact:GetRepositoryEndpoint',
      'codeartifact:ReadFromRepository',
    ]);
    expect(resourcesOf(statements(template), 'codeartifact:GetAuthorizationToken')).toEqual([`${arn}:domain/acme`]);
    expect(resourcesOf(statements(template), 'codeartifact:ReadFromRepository')).toEqual([
      `${arn}:repository/acme/shared`,
    ]);
  });

  test('asks for bearer tokens of CodeArtifact alone', () => {
    const bearer = statements(template).find(({ Action }) => Action === 'sts:GetServiceBearerToken')!;
    expect(bearer.Condition).toEqual({ StringEquals: { 'sts:AWSServiceName': 'codeartifact.amazonaws.com' } });
  });

  test('may be of another account', () => {
    const other = existing({ domainOwner: '444455556666' });
    expect(variables(other).CODEARTIFACT_DOMAIN_OWNER).toBe('444455556666');
    expect(resourcesOf(statements(other), 'codeartifact:ReadFromRepository')[0]).toContain(
      ':444455556666:repository/acme/shared',
    );
  });

  test('takes packages of the build when it may publish', () => {
    const published = existing({ publish: true });
    expect(resourcesOf(statements(published), 'codeartifact:PublishPackageVersion')[0]).toMatch(
      /:package\/acme\/shared\/\*$/,
    );
    expect(installs(published)[2]).toMatch(/^aws codeartifact login --tool twine /);
  });

  test.each([
    ['an hour, as long as the build may last', undefined, 3600],
    ['as long as the timeout of the build', Duration.minutes(20), 1200],
    ['a quarter of an hour at least', Duration.minutes(5), 900],
    ['twelve hours at most', Duration.hours(20), 43200],
  ])('has a token for %s', (_, timeout, seconds) => {
    jest.spyOn(console, 'error').mockImplementation(); // the validator of the CDK knows no build of more than eight hours yet
    expect(installs(existing({}, { buildProject: { timeout } }))[0]).toMatch(
      new RegExp(`--duration-seconds ${seconds}$`),
    );
  });

  test('has a token for twelve hours when the timeout is known only at deployment', () => {
    const { template: late } = pipelineWith((stack) => ({
      codeArtifact: CodeArtifact.existing(EXISTING),
      buildProject: { timeout: Duration.minutes(new CfnParameter(stack, 'Minutes', { type: 'Number' }).valueAsNumber) },
    }));
    expect(installs(late)[0]).toMatch(/--duration-seconds 43200$/);
  });

  test('takes names that are known at deployment only', () => {
    const { template: late } = pipelineWith((stack) => ({
      codeArtifact: CodeArtifact.existing({
        domainName: new CfnParameter(stack, 'Domain').valueAsString,
        repositoryName: new CfnParameter(stack, 'Repository').valueAsString,
        domainOwner: new CfnParameter(stack, 'Owner').valueAsString,
      }),
    }));
    expect(variables(late)).toMatchObject({
      CODEARTIFACT_DOMAIN: '${Domain}',
      CODEARTIFACT_DOMAIN_OWNER: '${Owner}',
      CODEARTIFACT_REPOSITORY: '${Repository}',
    });
  });
});

describe('CodeArtifact.create', () => {
  const create = (options: object = {}, others: Partial<LambdaCiCdPipelineProps> = {}) =>
    pipelineWith({
      codeArtifact: CodeArtifact.create({ ...EXISTING, ...options }),
      ...others,
    }).template;
  const repositories = (template: Template) =>
    Object.values(template.findResources('AWS::CodeArtifact::Repository')).map(({ Properties }) => Properties);

  test('makes a domain, and a repository in front of the public registry of the runtime', () => {
    const template = create();
    expect(propertiesOf(template, 'AWS::CodeArtifact::Domain').DomainName).toBe('acme');
    expect(
      repositories(template).map(({ RepositoryName, ExternalConnections }) => [RepositoryName, ExternalConnections]),
    ).toEqual([
      ['pypi-store', ['public:pypi']],
      ['shared', undefined],
    ]);
    expect(repositories(template)[1].Upstreams).toHaveLength(1);
  });

  test.each([
    [lambda.Runtime.NODEJS_22_X, 'index.handler', 'public:npmjs'],
    [lambda.Runtime.JAVA_21, 'com.acme.App::handle', 'public:maven-central'],
    [lambda.Runtime.DOTNET_8, 'Acme::Acme.Function::Handler', 'public:nuget-org'],
  ])('takes the registry of %s', (runtime, handler, connection) => {
    const template = create({}, { targetFunction: TargetFunction.create({ runtime, handler }) });
    expect(repositories(template)[0].ExternalConnections).toEqual([connection]);
  });

  test('takes several formats, a repository each', () => {
    expect(
      repositories(create({ formats: [PackageFormat.PYPI, PackageFormat.NPM] })).map(
        ({ RepositoryName }) => RepositoryName,
      ),
    ).toEqual(['pypi-store', 'npm-store', 'shared']);
  });

  test('takes a key for the domain', () => {
    const { template } = pipelineWith((stack: Stack) => ({
      codeArtifact: CodeArtifact.create({ ...EXISTING, encryptionKey: new kms.Key(stack, 'Key') }),
    }));
    expect(flat(propertiesOf(template, 'AWS::CodeArtifact::Domain').EncryptionKey)).toMatch(/^\$\{Key/);
  });

  test('keeps the packages when the stack is deleted', () => {
    const template = create();
    expect(resourceWithPrefix(template, 'AWS::CodeArtifact::Domain', 'Pipeline').DeletionPolicy).toBe('Retain');
    expect(
      Object.values(template.findResources('AWS::CodeArtifact::Repository')).map(
        ({ DeletionPolicy }) => DeletionPolicy,
      ),
    ).toEqual(['Retain', 'Retain']);
  });

  test('fails when the runtime has no format', () => {
    const targetFunction = TargetFunction.create({ runtime: lambda.Runtime.PROVIDED_AL2023, handler: 'bootstrap' });
    expect(() => create({}, { targetFunction })).toThrow(
      "codeArtifact.formats must be a list of at least one format, because the function's runtime has no package format, " +
        'got []; for example [PackageFormat.PYPI]',
    );
  });
});

describe('fails when', () => {
  test.each([
    [
      'domainName',
      { domainName: 'Acme' },
      '2 to 50 lowercase letters, digits, and hyphens, starting with a letter',
      'use the name of the domain, not the ARN',
    ],
    [
      'domainName',
      { domainName: 'a' },
      '2 to 50 lowercase letters, digits, and hyphens, starting with a letter',
      'use the name of the domain, not the ARN',
    ],
    [
      'repositoryName',
      { repositoryName: 'https://acme.d.codeartifact' },
      '2 to 100 letters, digits, and . _ -',
      'use the name of the repository, not the ARN or the endpoint',
    ],
  ])('%s is %j', (name, options, allowed, remedy) => {
    for (const make of [CodeArtifact.existing, CodeArtifact.create]) {
      expect(() => make({ ...EXISTING, ...options })).toThrow(`codeArtifact.${name} must be ${allowed}, got `);
      expect(() => make({ ...EXISTING, ...options })).toThrow(remedy);
    }
  });

  test.each(['1234', 'acme', '1234567890123'])('domainOwner is %s', (domainOwner) => {
    expect(() => CodeArtifact.existing({ ...EXISTING, domainOwner })).toThrow(
      `codeArtifact.domainOwner must be an account ID of 12 digits, got "${domainOwner}"; use a string, for example "111122223333"`,
    );
  });
});
