import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { VerificationOptions } from '../src';
import { pipelineWith } from './support/stacks';
import {
  action,
  actionsOf,
  flat,
  resourcesOf,
  resourceWithPrefix,
  stage,
  stageNames,
  statementsOf,
} from './support/template-queries';

const verified = (options: Partial<VerificationOptions> = {}) =>
  pipelineWith({ verification: { commands: ['npm run verify'], ...options } }).template;
const project = (template: Template) =>
  resourceWithPrefix(template, 'AWS::CodeBuild::Project', 'PipelineVerificationProject').Properties;
const releaseStatements = (template: Template) => statementsOf(template, 'PipelineReleaseFunctionServiceRole');
const spec = (template: Template) => JSON.parse(flat(project(template).Source.BuildSpec));

describe('verification', () => {
  const template = verified();

  test('is none by default', () => {
    expect(stageNames(pipelineWith().template)).not.toContain('Verify');
  });

  test('is the last stage', () => {
    expect(stageNames(template).at(-1)).toBe('Verify');
  });

  test('tests the source of the run', () => {
    expect(action(template, 'VerifyAction')).toMatchObject({
      ActionTypeId: { Category: 'Test', Provider: 'CodeBuild' },
      InputArtifacts: [{ Name: 'SourceOutput' }],
    });
  });

  test('runs beside the action that rolls back, which would not start after a failed action', () => {
    expect(stage(template, 'Verify').Actions.map(({ Name, RunOrder }) => [Name, RunOrder])).toEqual([
      ['VerifyAction', 1],
      ['RollbackAction', 1],
    ]);
  });

  test('passes the run and its versions to the action that rolls back', () => {
    expect(JSON.parse(action(template, 'RollbackAction').Configuration.UserParameters)).toEqual({
      step: 'rollback',
      executionId: '#{codepipeline.PipelineExecutionId}',
      previousVersion: '#{CreateAppSpecFile.CurrentVersion}',
      releasedVersion: '#{DeployAction.CurrentVersion}',
    });
  });

  test('lets the release function read the actions of the pipeline', () => {
    expect(resourcesOf(releaseStatements(template), 'codepipeline:ListActionExecutions')).toEqual([
      'arn:${AWS::Partition}:codepipeline:${AWS::Region}:${AWS::AccountId}:inventory-allocation-pipeline',
    ]);
  });

  test.each([
    ['without a verification', () => pipelineWith().template],
    ['without a rollback', () => verified({ rollBack: false })],
  ])('%s, the release function may not read the actions of the pipeline', (_, create) => {
    expect(actionsOf(releaseStatements(create()))).not.toContain('codepipeline:ListActionExecutions');
  });

  test('runs each command in a shell of its own', () => {
    expect(spec(verified({ commands: ['first', 'second # last'] }))).toEqual({
      version: '0.2',
      phases: { build: { commands: ['( first\n)', '( second # last\n)'] } },
    });
  });

  test('fails by itself when no rollback is configured', () => {
    const plain = verified({ rollBack: false });
    expect(stage(plain, 'Verify').Actions.map(({ Name }) => Name)).toEqual(['VerifyAction']);
    expect(spec(plain).phases.build.commands).toEqual(['( npm run verify\n)']);
  });

  test('names to the commands what is live', () => {
    const listed: { Name: string; Value: unknown }[] = project(template).Environment.EnvironmentVariables;
    const variables = Object.fromEntries(listed.map(({ Name, Value }) => [Name, flat(Value)]));
    expect(variables).toEqual({
      FUNCTION_NAME: 'inventory-allocation',
      ALIAS_NAME: 'live',
      ALIAS_ARN: 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:inventory-allocation:live',
    });
  });

  test('may invoke the alias, and change nothing', () => {
    const statements = statementsOf(template, 'PipelineVerificationProjectRole');
    expect(actionsOf(statements).filter((iamAction) => /^(lambda|codedeploy|iam):/.test(iamAction))).toEqual([
      'lambda:InvokeFunction',
    ]);
    expect(resourcesOf(statements, 'lambda:InvokeFunction')).toEqual([
      'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:inventory-allocation:live',
    ]);
  });

  test('is named after the project', () => {
    expect(project(template).Name).toBe('inventory-allocation-verify');
  });

  test.each([
    ['a quarter of an hour by default', {}, { TimeoutInMinutes: 15 }],
    ['as long as it is given', { timeout: Duration.minutes(30) }, { TimeoutInMinutes: 30 }],
  ])('may take %s', (_, options, properties) => {
    expect(project(verified(options))).toMatchObject(properties);
  });

  test('takes further variables', () => {
    const variables = project(verified({ environmentVariables: { STAGE: { value: 'prod' } } })).Environment
      .EnvironmentVariables;
    expect(variables).toContainEqual({ Name: 'STAGE', Type: 'PLAINTEXT', Value: 'prod' });
  });

  test("takes a role of the user's, which may invoke the alias then", () => {
    const { template: own } = pipelineWith((stack) => ({
      verification: {
        commands: ['true'],
        role: new iam.Role(stack, 'Own', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') }),
      },
    }));
    expect(actionsOf(statementsOf(own, 'Own'))).toContain('lambda:InvokeFunction');
  });

  test('fails when there is no command', () => {
    expect(() => verified({ commands: [] })).toThrow(
      'verification.commands must be a list of at least one command, got []; omit verification to skip the stage',
    );
  });

  test.each(['', ' \n ', '# only a comment', '# one\n  # two'])('fails when a command is %j', (command) => {
    expect(() => verified({ commands: ['true', command] })).toThrow(
      `verification.commands[1] must be a command that runs something, got ${JSON.stringify(command)}; ` +
        'remove this entry',
    );
  });

  test('fails when its time is too short', () => {
    expect(() => verified({ timeout: Duration.minutes(1) })).toThrow(
      "verification.timeout must be between 5 minutes and 8 hours (CodeBuild's limits), got 1 minute; " +
        'for example Duration.minutes(15)',
    );
  });
});
