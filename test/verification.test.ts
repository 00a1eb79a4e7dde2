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
const spec = (template: Template) => JSON.parse(flat(project(template).Source.BuildSpec));

describe('verification', () => {
  const template = verified();

  test('is none by default', () => {
    expect(stageNames(pipelineWith().template)).not.toContain('Verify');
  });

  test('is the last stage', () => {
    expect(stageNames(template).at(-1)).toBe('Verify');
  });

  test('tests the source of the run, and then rolls back if it has to', () => {
    expect(stage(template, 'Verify').Actions.map(({ Name, RunOrder }) => [Name, RunOrder])).toEqual([
      ['VerifyAction', 1],
      ['RollbackAction', 2],
    ]);
    expect(action(template, 'VerifyAction')).toMatchObject({
      ActionTypeId: { Category: 'Test', Provider: 'CodeBuild' },
      InputArtifacts: [{ Name: 'SourceOutput' }],
    });
  });

  test('hands its result, and the version that was live before, to the action that rolls back', () => {
    expect(JSON.parse(action(template, 'RollbackAction').Configuration.UserParameters)).toEqual({
      step: 'rollback',
      verification: '#{VerifyAction.VERIFICATION}',
      previousVersion: '#{CreateAppSpecFile.CurrentVersion}',
    });
    expect(spec(template).env).toEqual({ 'exported-variables': ['VERIFICATION'] });
  });

  test('runs every command until one fails', () => {
    const [command] = spec(verified({ commands: ['first', 'second'] })).phases.build.commands;
    expect(command).toMatch(/first[\s\S]*&&[\s\S]*second/);
  });

  test('fails by itself when nothing is to be rolled back', () => {
    const plain = verified({ rollBack: false });
    expect(stage(plain, 'Verify').Actions.map(({ Name }) => Name)).toEqual(['VerifyAction']);
    expect(spec(plain).phases.build.commands).toEqual(['npm run verify']);
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

  test('fails when its time is too short', () => {
    expect(() => verified({ timeout: Duration.minutes(1) })).toThrow(
      "verification.timeout must be between 5 minutes and 8 hours (CodeBuild's limits), got 1 minute; " +
        'for example Duration.minutes(15)',
    );
  });
});
