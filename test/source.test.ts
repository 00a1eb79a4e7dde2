import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import {
  ConnectionProvider,
  ConnectionSourceOptions,
  Source,
  SourceBindOptions,
  SourceConfig,
  TargetFunction,
} from '../src';
import { addPipeline, CONNECTION_ARN, newStack, pipelineWith } from './support/stacks';
import {
  action,
  actionsOf,
  allStatements,
  flat,
  logicalIds,
  propertiesOf,
  resourcesOf,
  statementsOf,
} from './support/template-queries';

const HOST_ARN = 'arn:aws:codeconnections:eu-west-1:111122223333:host/own-0a1b2c';
const from = (source: Source | ((stack: Stack) => Source)) =>
  pipelineWith((stack) => ({ source: typeof source === 'function' ? source(stack) : source })).template;
const connected = (options: ConnectionSourceOptions = {}) =>
  from(Source.connection('acme/inventory-allocation', options));
const sourceAction = (template: Template) => action(template, 'SourceAction');
/** The build specification of a project. */
const buildSpecOf = (template: Template, name: string) => {
  const projects = Object.values(template.findResources('AWS::CodeBuild::Project'));
  const { Properties } = projects.find((project) => project.Properties.Name === name)!;
  return { buildSpec: JSON.parse(Properties.Source.BuildSpec) };
};
const triggers = (template: Template) => propertiesOf(template, 'AWS::CodePipeline::Pipeline').Triggers;
const pipelineStatements = (template: Template) => statementsOf(template, 'PipelineCodePipelineServiceRole');

describe('Source.connection with a connection that exists', () => {
  const template = connected({ connectionArn: CONNECTION_ARN });

  test('takes the repository over it', () => {
    expect(sourceAction(template)).toMatchObject({
      ActionTypeId: { Category: 'Source', Owner: 'AWS', Provider: 'CodeStarSourceConnection', Version: '1' },
      Configuration: {
        ConnectionArn: CONNECTION_ARN,
        FullRepositoryId: 'acme/inventory-allocation',
        BranchName: 'main',
      },
    });
  });

  test('makes none', () => {
    template.resourceCountIs('AWS::CodeConnections::Connection', 0);
    expect(template.toJSON().Outputs).toBeUndefined();
  });

  test('may be used by the pipeline under both names of the service', () => {
    expect(resourcesOf(pipelineStatements(template), 'codeconnections:UseConnection')).toEqual([CONNECTION_ARN]);
    expect(resourcesOf(pipelineStatements(template), 'codestar-connections:UseConnection')).toEqual([CONNECTION_ARN]);
  });

  test('takes another branch', () => {
    expect(
      sourceAction(connected({ connectionArn: CONNECTION_ARN, branch: 'release/1.x' })).Configuration.BranchName,
    ).toBe('release/1.x');
  });

  test('keeps the sub-groups of GitLab', () => {
    expect(
      sourceAction(from(Source.connection('acme/logistics/allocation', { connectionArn: CONNECTION_ARN })))
        .Configuration.FullRepositoryId,
    ).toBe('acme/logistics/allocation');
  });

  test('takes names that are known at deployment only', () => {
    const late = from((stack) =>
      Source.connection('acme/allocation', {
        connectionArn: new CfnParameter(stack, 'Arn').valueAsString,
        branch: new CfnParameter(stack, 'Branch').valueAsString,
      }),
    );
    expect([
      flat(sourceAction(late).Configuration.ConnectionArn),
      flat(sourceAction(late).Configuration.BranchName),
    ]).toEqual(['${Arn}', '${Branch}']);
  });

  test('takes a repository that is known at deployment only', () => {
    const late = from((stack) =>
      Source.connection(new CfnParameter(stack, 'Repository').valueAsString, { connectionArn: CONNECTION_ARN }),
    );
    expect(flat(sourceAction(late).Configuration.FullRepositoryId)).toBe('${Repository}');
  });
});

describe('Source.connection without one', () => {
  const template = connected();

  test('makes a connection to GitHub, with a name that is unique for the stack', () => {
    const { ConnectionName, ProviderType } = propertiesOf(template, 'AWS::CodeConnections::Connection');
    expect(flat(ConnectionName)).toMatch(/^Stack-GitHub-\$\{/);
    expect(JSON.stringify(ConnectionName)).toContain('AWS::StackId');
    expect(ProviderType).toBe('GitHub');
  });

  test('says in an output where to finish its handshake', () => {
    const [{ Value, Description }] = Object.values(template.toJSON().Outputs) as {
      Value: unknown;
      Description: string;
    }[];
    expect(flat(Value)).toMatch(/^https:\/\/console\.aws\.amazon\.com\/codesuite\/settings\/connections/);
    expect(Description).toContain('PENDING until you complete the handshake: open this page, ');
  });

  test('lets the pipeline use it', () => {
    expect(resourcesOf(pipelineStatements(template), 'codeconnections:UseConnection')[0]).toMatch(
      /^\$\{LambdaCiCdPipelineGitHubConnection.*\}$/,
    );
  });

  test.each([
    [ConnectionProvider.GITHUB, 'A-Stack-With-A-Ra-GitHub-'],
    [ConnectionProvider.BITBUCKET, 'A-Stack-With-A-Bitbucket-'],
  ])('cuts the name of a connection to %s after the 32 characters that a connection has', (provider, prefix) => {
    const stack = new Stack(new App(), 'A-Stack-With-A-Rather-Long-Name');
    const { template: long } = pipelineWith({ source: Source.connection('acme/x', { provider }) }, stack);
    const { ConnectionName } = propertiesOf(long, 'AWS::CodeConnections::Connection');
    expect(ConnectionName['Fn::Join'][1][0].length + 'a1b2c3d4'.length).toBeLessThanOrEqual(32);
    expect(ConnectionName['Fn::Join'][1][0]).toContain(prefix.slice(0, 10));
  });

  test('gives the output of the handshake a name that does not depend on the pipeline', () => {
    expect(Object.keys(template.toJSON().Outputs)).toEqual(['GitHubConnectionHandshake']);
  });

  test.each([
    [ConnectionProvider.BITBUCKET, 'Bitbucket'],
    [ConnectionProvider.GITLAB, 'GitLab'],
  ])('makes one to %s', (provider, type) => {
    expect(propertiesOf(connected({ provider }), 'AWS::CodeConnections::Connection').ProviderType).toBe(type);
  });

  test("makes one to a server of the user's", () => {
    const hostArn = HOST_ARN;
    const { HostArn, ProviderType } = propertiesOf(
      connected({ provider: ConnectionProvider.GITLAB_SELF_MANAGED, hostArn }),
      'AWS::CodeConnections::Connection',
    );
    expect([HostArn, ProviderType]).toEqual([hostArn, undefined]);
  });
});

describe('the connection of a stack', () => {
  const gitHub = () => Source.connection('acme/one');
  const twoWith = (first: Source, second: Source) => {
    const stack = newStack();
    addPipeline({ projectName: 'one', source: first }, stack, 'One');
    addPipeline({ projectName: 'two', source: second }, stack, 'Two');
    return Template.fromStack(stack);
  };

  test('is one for all pipelines with the same provider, with one handshake', () => {
    const template = twoWith(gitHub(), Source.connection('acme/two', { provider: ConnectionProvider.GITHUB }));
    template.resourceCountIs('AWS::CodeConnections::Connection', 1);
    expect(Object.keys(template.toJSON().Outputs)).toEqual(['GitHubConnectionHandshake']);
  });

  test('is another one for another provider, with another name', () => {
    const template = twoWith(gitHub(), Source.connection('acme/two', { provider: ConnectionProvider.GITLAB }));
    const names = Object.values(template.findResources('AWS::CodeConnections::Connection')).map(({ Properties }) =>
      flat(Properties.ConnectionName),
    );
    expect(new Set(names).size).toBe(2);
    expect(Object.keys(template.toJSON().Outputs)).toEqual(['GitHubConnectionHandshake', 'GitLabConnectionHandshake']);
  });

  test('is one for each host', () => {
    const on = (host: string) =>
      Source.connection('acme/one', {
        provider: ConnectionProvider.GITLAB_SELF_MANAGED,
        hostArn: `arn:aws:codeconnections:eu-west-1:111122223333:host/${host}`,
      });
    twoWith(on('own-0a1b2c'), on('own-0a1b2c')).resourceCountIs('AWS::CodeConnections::Connection', 1);
    twoWith(on('own-0a1b2c'), on('own-9f8e7d')).resourceCountIs('AWS::CodeConnections::Connection', 2);
  });

  test('is not used by a pipeline with a connection of its own', () => {
    const template = twoWith(gitHub(), Source.connection('acme/two', { connectionArn: CONNECTION_ARN }));
    template.resourceCountIs('AWS::CodeConnections::Connection', 1);
    expect(JSON.stringify(template.toJSON())).toContain(CONNECTION_ARN);
  });

  test('keeps its logical id', () => {
    expect(logicalIds(connected(), 'AWS::CodeConnections::Connection')).toEqual([
      'LambdaCiCdPipelineGitHubConnectionB71A0BF2',
    ]);
  });
});

describe('fullClone', () => {
  const verification = { commands: ['git describe'] };
  const { template } = pipelineWith({
    source: Source.connection('acme/x', { connectionArn: CONNECTION_ARN, fullClone: true }),
    verification,
  });
  const { template: codeCommit } = pipelineWith((stack) => ({
    source: Source.codeCommit(new codecommit.Repository(stack, 'Code', { repositoryName: 'x' }), { fullClone: true }),
    verification,
  }));
  const inputsOf = (given: Template, name: string) => action(given, name).InputArtifacts ?? [];

  test('is off by default', () => {
    const plain = connected({ connectionArn: CONNECTION_ARN });
    expect(sourceAction(plain).Configuration.OutputArtifactFormat).toBeUndefined();
    expect(JSON.stringify(propertiesOf(plain, 'AWS::CodeBuild::Project').Source)).not.toContain('git ');
  });

  test.each([
    ['a connection', template],
    ['CodeCommit', codeCommit],
  ])('of %s gives the clone to the builds, and to no function', (_, given) => {
    expect(sourceAction(given).Configuration.OutputArtifactFormat).toBe('CODEBUILD_CLONE_REF');
    expect(inputsOf(given, 'BuildAction')).toEqual([{ Name: 'SourceOutput' }]);
    expect(inputsOf(given, 'VerifyAction')).toEqual([{ Name: 'SourceOutput' }]);
    expect(inputsOf(given, 'CheckLambdaFunction')).toEqual([]);
    expect(inputsOf(given, 'CreateLambdaFunction')).toEqual([]);
  });

  test.each(['PipelineCodeBuildServiceRole', 'PipelineVerificationProject'])(
    'allows %s to use the connection under both names of the service',
    (role) => {
      const statements = statementsOf(template, role);
      expect(resourcesOf(statements, 'codeconnections:UseConnection')).toEqual([CONNECTION_ARN]);
      expect(resourcesOf(statements, 'codestar-connections:UseConnection')).toEqual([CONNECTION_ARN]);
    },
  );

  test('allows the builds to pull from CodeCommit', () => {
    for (const role of ['PipelineCodeBuildServiceRole', 'PipelineVerificationProject']) {
      expect(actionsOf(statementsOf(codeCommit, role))).toContain('codecommit:GitPull');
    }
  });

  test('fetches submodules and files of Git LFS with the credentials of the source', () => {
    const { buildSpec } = buildSpecOf(template, 'inventory-allocation-build');
    expect(buildSpec.env['git-credential-helper']).toBe('yes');
    expect(buildSpec.phases.install.commands[0]).toContain('git submodule update --init --recursive');
    expect(buildSpec.phases.install.commands[1]).toContain('git lfs pull');
  });

  test.each([
    ['Source.connection', () => Source.connection('acme/x', { connectionArn: CONNECTION_ARN, fullClone: true })],
    [
      'Source.codeCommit',
      (stack: Stack) =>
        Source.codeCommit(codecommit.Repository.fromRepositoryName(stack, 'C', 'c'), { fullClone: true }),
    ],
  ])('of %s is refused for a template in the source', (_, source) => {
    const targetFunction = TargetFunction.createFromTemplate({
      templatePath: 'function.yml',
      runtime: lambda.Runtime.PYTHON_3_13,
    });
    expect(() => pipelineWith((stack) => ({ source: source(stack), targetFunction }))).toThrow(
      'fullClone of the source must be false or omitted with TargetFunction.createFromTemplate, because only CodeBuild ' +
        'can read a full clone, got true; remove fullClone, or use TargetFunction.create',
    );
  });
});

describe('pushFilter', () => {
  const filtered = connected({
    connectionArn: CONNECTION_ARN,
    pushFilter: [{ branchesIncludes: ['main'], filePathsIncludes: ['Backend/**'] }, { tagsIncludes: ['v*'] }],
  });

  test('says which pushes start the pipeline', () => {
    expect(triggers(filtered)).toEqual([
      {
        ProviderType: 'CodeStarSourceConnection',
        GitConfiguration: {
          SourceActionName: 'SourceAction',
          Push: [
            { Branches: { Includes: ['main'] }, FilePaths: { Includes: ['Backend/**'] } },
            { Tags: { Includes: ['v*'] } },
          ],
        },
      },
    ]);
  });

  test("takes the place of the action's own change detection", () => {
    expect(sourceAction(filtered).Configuration.DetectChanges).toBe(false);
  });

  test('is missing by default: every push to the branch starts the pipeline', () => {
    const template = connected({ connectionArn: CONNECTION_ARN });
    expect([triggers(template), sourceAction(template).Configuration.DetectChanges]).toEqual([undefined, undefined]);
  });
});

describe('Source.connection fails when', () => {
  test.each([
    'inventory-allocation',
    'https://github.com/acme/inventory-allocation',
    'git@github.com:acme/inventory-allocation',
    'acme/',
    '/x',
    '',
    'acme/in ventory',
    'acme//x',
  ])('the repository is %j', (repository) => {
    expect(() => Source.connection(repository)).toThrow(
      `repository of Source.connection must be "owner/name", got ${JSON.stringify(repository)}; ` +
        'use neither a URL nor ".git", for example "acme/inventory-allocation"',
    );
  });

  test('the repository ends with .git', () => {
    expect(() => Source.connection('acme/x.git')).toThrow(
      'repository of Source.connection must be "owner/name", got "acme/x.git"; remove ".git"',
    );
  });

  test.each([
    'connection/1',
    'arn:aws:iam::111122223333:role/x',
    'arn:aws:codeconnections:eu-west-1:1111:connection/x',
  ])('connectionArn is %s', (connectionArn) => {
    expect(() => Source.connection('acme/x', { connectionArn })).toThrow(
      `connectionArn must be the ARN of a connection, "arn:aws:codeconnections:<region>:<account>:connection/<id>", got "${connectionArn}"; copy it from Developer Tools`,
    );
  });

  test('the ARN has the older prefix: it passes', () => {
    expect(() =>
      Source.connection('acme/x', { connectionArn: CONNECTION_ARN.replace('codeconnections', 'codestar-connections') }),
    ).not.toThrow();
  });

  test.each(['release/*', 'my branch', 'a?b'])('branch is the pattern %s', (branch) => {
    expect(() => Source.connection('acme/x', { branch })).toThrow(
      `branch must be the name of a single branch, got "${branch}"; ` +
        'use pushFilter for patterns, for example [{ branchesIncludes: ["release/*"] }]',
    );
  });

  test.each([
    [{ provider: ConnectionProvider.GITHUB }, 'provider', '"GitHub"'],
    [{ hostArn: HOST_ARN }, 'hostArn', `"${HOST_ARN}"`],
  ])('a connection is set together with %j', (options, prop, shown) => {
    expect(() => Source.connection('acme/x', { connectionArn: CONNECTION_ARN, ...options })).toThrow(
      `${prop} must be omitted with connectionArn, because the connection determines the provider, got ${shown}; remove it`,
    );
  });

  test.each([ConnectionProvider.GITHUB_ENTERPRISE_SERVER, ConnectionProvider.GITLAB_SELF_MANAGED])(
    "a server of the user's has no host: %s",
    (provider) => {
      expect(() => Source.connection('acme/x', { provider })).toThrow(
        `hostArn must be the ARN of a host, because provider is ${provider}, got nothing; create the host in Developer Tools > Settings > Connections > Hosts`,
      );
    },
  );

  test.each([0, 4])('there are %d filters', (count) => {
    const pushFilter = Array.from({ length: count }, () => ({ branchesIncludes: ['main'] }));
    expect(() => Source.connection('acme/x', { pushFilter })).toThrow(
      `pushFilter must be a list of 1 to 3 filters, got ${count} filters; combine several patterns in one filter`,
    );
  });

  test('a filter has more than 8 patterns', () => {
    const branchesIncludes = Array.from({ length: 9 }, (_, index) => `b${index}`);
    expect(() => Source.connection('acme/x', { pushFilter: [{ branchesIncludes }] })).toThrow(
      'pushFilter.branchesIncludes must be a list of 1 to 8 patterns, got 9 patterns; use wider patterns or another filter',
    );
  });
});

describe('Source.codeCommit', () => {
  const commit = (branch?: string) =>
    from((stack) =>
      Source.codeCommit(new codecommit.Repository(stack, 'Code', { repositoryName: 'allocation' }), { branch }),
    );

  test('takes the branch main of the repository, without polling', () => {
    expect(sourceAction(commit())).toMatchObject({
      ActionTypeId: { Provider: 'CodeCommit' },
      Configuration: { BranchName: 'main', PollForSourceChanges: false },
    });
  });

  test('takes another branch', () => {
    expect(sourceAction(commit('release')).Configuration.BranchName).toBe('release');
  });

  test('is started by a rule for the branch', () => {
    expect(
      propertiesOf(commit('release'), 'AWS::Events::Rule', { EventPattern: { source: ['aws.codecommit'] } })
        .EventPattern,
    ).toMatchObject({
      source: ['aws.codecommit'],
      'detail-type': ['CodeCommit Repository State Change'],
      detail: { referenceName: ['release'] },
    });
  });

  test('adds no wildcard action', () => {
    expect(actionsOf(allStatements(commit())).filter((iamAction) => iamAction.includes('*'))).toEqual([]);
  });

  test('fails when the branch is a pattern', () => {
    expect(() => commit('release/*')).toThrow(
      'branch must be the name of a single branch, got "release/*"; ' +
        'create a pipeline for each branch, because CodePipeline has no branch patterns for CodeCommit',
    );
  });
});

describe('Source.s3', () => {
  const uploaded = (options: object = {}, versioned = true) =>
    from((stack) => Source.s3(new s3.Bucket(stack, 'Uploads', { versioned }), 'releases/source.zip', options));

  test('takes the zip, without polling', () => {
    expect(sourceAction(uploaded())).toMatchObject({
      ActionTypeId: { Provider: 'S3' },
      Configuration: { S3ObjectKey: 'releases/source.zip', PollForSourceChanges: false },
    });
  });

  test('is started by a rule for the key, and the bucket sends its events', () => {
    const template = uploaded();
    expect(
      propertiesOf(template, 'AWS::Events::Rule', { EventPattern: { source: ['aws.s3'] } }).EventPattern,
    ).toMatchObject({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { object: { key: ['releases/source.zip'] } },
    });
    expect(JSON.stringify(template.toJSON())).toContain('EventBridgeConfiguration');
  });

  test('starts only manually on request', () => {
    uploaded({ triggerOnUpload: false }).resourcePropertiesCountIs(
      'AWS::Events::Rule',
      { EventPattern: { source: ['aws.s3'] } },
      0,
    );
  });

  test('may be in an imported bucket', () => {
    const template = from((stack) => Source.s3(s3.Bucket.fromBucketName(stack, 'Uploads', 'uploads'), 'source.zip'));
    expect(sourceAction(template).Configuration.S3Bucket).toBe('uploads');
  });

  test('allows the pipeline to copy the tags of the zip file', () => {
    const { template } = pipelineWith((stack) => ({
      source: Source.s3(s3.Bucket.fromBucketName(stack, 'Uploads', 'uploads'), 'source.zip'),
    }));
    const statements = statementsOf(template, 'PipelineCodePipelineServiceRole');
    const zip = 'arn:${AWS::Partition}:s3:::uploads/source.zip';
    expect(resourcesOf(statements, 's3:GetObjectTagging')).toEqual([zip]);
    expect(resourcesOf(statements, 's3:GetObjectVersionTagging')).toEqual([zip]);
    expect(resourcesOf(statements, 's3:PutObjectTagging')).toEqual([
      expect.stringMatching(/^\$\{PipelineArtifactStoreBucket.*\.Arn\}\/\*$/),
    ]);
  });

  test('lets the pipeline see that the bucket has versions', () => {
    expect(actionsOf(pipelineStatements(uploaded()))).toContain('s3:GetBucketVersioning');
    expect(actionsOf(pipelineStatements(uploaded())).filter((each) => each.includes('*'))).toEqual([]);
  });

  test('fails when the bucket has no versions', () => {
    expect(() => uploaded({}, false)).toThrow(
      'bucket of Source.s3 must be versioned, got a bucket without versioning; ' +
        'set versioned: true on the bucket, because CodePipeline identifies a source by its version',
    );
  });

  test.each(['source.tar.gz', '/source.zip', 'source'])('fails when the key is %s', (key) => {
    expect(() => from((stack) => Source.s3(s3.Bucket.fromBucketName(stack, 'Uploads', 'uploads'), key))).toThrow(
      `key of Source.s3 must be the key of a .zip file, without a leading slash, got "${key}"; ` +
        'upload the source as a zip file, for example "releases/source.zip"',
    );
  });
});

describe("a source of the user's", () => {
  class OwnSource extends Source {
    public readonly given: SourceBindOptions[] = [];

    public bind(scope: Construct, options: SourceBindOptions): SourceConfig {
      this.given.push(options);
      const bucket = new s3.Bucket(scope, 'OwnSource', { versioned: true });
      return {
        action: new actions.S3SourceAction({
          actionName: options.actionName,
          output: options.output,
          bucket,
          bucketKey: 'x.zip',
          trigger: actions.S3Trigger.NONE,
        }),
      };
    }
  }

  test('is bound with the names of the pipeline', () => {
    const source = new OwnSource();
    from(source);
    const [{ projectName, actionName, output, role, pipeline }] = source.given;
    expect([projectName, actionName, output.artifactName, role.node.id]).toEqual([
      'inventory-allocation',
      'SourceAction',
      'SourceOutput',
      'CodePipelineServiceRole',
    ]);
    expect(pipeline).toBeInstanceOf(codepipeline.Pipeline);
  });

  test('puts its action into the pipeline', () => {
    expect(sourceAction(from(new OwnSource())).ActionTypeId.Provider).toBe('S3');
  });
});

describe('what the source is at describes the published version:', () => {
  const description = (template: Template) =>
    JSON.parse(action(template, 'CreateAppSpecFile').Configuration.UserParameters).description;

  test.each([
    [
      'a commit of a connection',
      () => Source.connection('acme/x', { connectionArn: CONNECTION_ARN }),
      /^commit #\{.+\.CommitId\}$/,
    ],
    [
      'a commit of CodeCommit',
      (stack: Stack) => Source.codeCommit(new codecommit.Repository(stack, 'Code', { repositoryName: 'x' })),
      /^commit #\{.+\.CommitId\}$/,
    ],
    [
      'a version of an object',
      (stack: Stack) => Source.s3(new s3.Bucket(stack, 'Uploads', { versioned: true }), 'x.zip'),
      /^object version #\{.+\.VersionId\}$/,
    ],
  ])('%s', (_, source, expected) => {
    expect(description(from(source))).toMatch(expected);
  });
});
