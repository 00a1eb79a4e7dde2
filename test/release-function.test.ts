import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { TargetFunction } from '../src';
import { fullProps } from './support/full';
import { pipelineWith } from './support/stacks';
import {
  actionsOf,
  flat,
  propertiesOf,
  releaseFunctionOf,
  resourcesOf,
  resourceWithPrefix,
  statementsOf,
} from './support/template-queries';
import { ENVIRONMENT } from '../src/handlers/release/contract';

const { template: minimal } = pipelineWith();
const { template: full } = pipelineWith(fullProps);
const statements = statementsOf(minimal, 'PipelineReleaseFunctionServiceRole');
const variables = (template = minimal) => releaseFunctionOf(template).Environment.Variables;
const BUCKET = '${PipelineArtifactStoreBucketF2443910}';

describe('the release function', () => {
  test('is the only function of the stack: one carries every step', () => {
    minimal.resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('runs as long as Lambda lets it, with memory and storage for the largest package', () => {
    expect(releaseFunctionOf(minimal)).toMatchObject({
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 900,
      MemorySize: 512,
      EphemeralStorage: { Size: 1024 },
      Architectures: ['arm64'],
    });
  });

  test('is not run again by Lambda: a step reports its own failure', () => {
    expect(propertiesOf(minimal, 'AWS::Lambda::EventInvokeConfig').MaximumRetryAttempts).toBe(0);
  });

  test('logs to a group that forgets after three months', () => {
    expect(resourceWithPrefix(minimal, 'AWS::Logs::LogGroup', 'PipelineReleaseFunctionLogGroup')).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { RetentionInDays: 90 },
    });
    expect(flat(releaseFunctionOf(minimal).LoggingConfig.LogGroup)).toMatch(/^\$\{PipelineReleaseFunctionLogGroup/);
  });

  test('is uploaded as one file: its source map stays in the package', () => {
    const { stack } = pipelineWith();
    const { directory } = App.of(stack)!.synth();
    const asset = stack.node.findChild('Pipeline').node.findChild('ReleaseFunction').node.findChild('Code') as Asset;
    expect(readdirSync(join(directory, asset.assetPath))).toEqual(['index.js']);
  });
});

describe('the environment of the release function', () => {
  test('has no name that the contract does not know', () => {
    const targetFunction = TargetFunction.createFromTemplate({
      templatePath: 'function.yml',
      runtime: lambda.Runtime.PYTHON_3_13,
    });
    for (const template of [minimal, full, pipelineWith({ targetFunction }).template]) {
      expect(
        Object.keys(variables(template)).filter((name) => !(Object.values(ENVIRONMENT) as string[]).includes(name)),
      ).toEqual([]);
    }
  });

  test('has every name of the contract for a pipeline with everything, but for a function from a template', () => {
    const { cloudFormationRole, ...others } = ENVIRONMENT;
    expect(Object.keys(variables(full)).sort()).toEqual(Object.values(others).sort());
    expect(cloudFormationRole).toBe('CLOUDFORMATION_ROLE');
  });

  test('has the values that the handler needs', () => {
    expect(Object.fromEntries(Object.entries(variables()).map(([name, value]) => [name, flat(value)]))).toEqual({
      PROJECT_NAME: 'inventory-allocation',
      NAMED_FIELDS: 'PackageType,Runtime,Handler',
      FUNCTION_NAME: 'inventory-allocation',
      ALIAS_NAME: 'live',
      ARTIFACT_BUCKET: BUCKET,
      APPLICATION_NAME: 'inventory-allocation-app',
      DEPLOYMENT_GROUP_NAME: 'inventory-allocation-group',
      BAKE_TIME_SECONDS: '300',
      CONFIGURATION_PARAMETER: '/lambda-ci-cd-pipeline/inventory-allocation/function-configuration',
      CONFIGURATION_STACK: '${AWS::StackName}',
    });
  });
});

describe('the role of the release function', () => {
  test('allows only the calls of the steps', () => {
    expect(actionsOf(statements)).toEqual([
      'cloudformation:DescribeStacks',
      'cloudwatch:DescribeAlarms',
      'codedeploy:BatchGetDeploymentTargets',
      'codedeploy:BatchGetDeployments',
      'codedeploy:CreateDeployment',
      'codedeploy:GetApplicationRevision',
      'codedeploy:GetDeployment',
      'codedeploy:GetDeploymentConfig',
      'codedeploy:GetDeploymentGroup',
      'codedeploy:ListDeploymentTargets',
      'codedeploy:ListDeployments',
      'codedeploy:PutLifecycleEventHookExecutionStatus',
      'codedeploy:RegisterApplicationRevision',
      'codedeploy:UpdateDeploymentGroup',
      'codepipeline:PutJobFailureResult',
      'codepipeline:PutJobSuccessResult',
      'codepipeline:StartPipelineExecution',
      'iam:PassRole',
      'lambda:CreateAlias',
      'lambda:CreateFunction',
      'lambda:GetAlias',
      'lambda:GetFunction',
      'lambda:GetFunctionConfiguration',
      'lambda:GetProvisionedConcurrencyConfig',
      'lambda:ListTags',
      'lambda:PublishVersion',
      'lambda:TagResource',
      'lambda:UpdateAlias',
      'lambda:UpdateFunctionCode',
      'lambda:UpdateFunctionConfiguration',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:PutObject',
      'ssm:GetParameter',
    ]);
  });

  test.each([
    ['codedeploy:CreateDeployment', /:deploymentgroup:inventory-allocation-app\/inventory-allocation-group$/],
    ['codedeploy:RegisterApplicationRevision', /:application:inventory-allocation-app$/],
    ['lambda:PublishVersion', /:function:inventory-allocation(:\*)?$/],
    ['s3:PutObject', /^\$\{PipelineArtifactStoreBucketF2443910\.Arn\}\/\*$/],
  ])("allows %s on what is this pipeline's alone", (iamAction, resource) => {
    const resources = resourcesOf(statements, iamAction);
    expect(resources.length).toBeGreaterThan(0);
    expect(resources.filter((arn) => !resource.test(arn))).toEqual([]);
  });

  test('has its answers to a job once, although the CDK grants them too', () => {
    expect(
      statements.filter(({ Action }) => [Action].flat().includes('codepipeline:PutJobSuccessResult')),
    ).toHaveLength(1);
    minimal.resourcePropertiesCountIs(
      'AWS::IAM::Policy',
      { Roles: [{ Ref: 'PipelineReleaseFunctionServiceRole33C82F1C' }] },
      0,
    );
  });

  test("may be the user's, who gets the same rights", () => {
    const { template } = pipelineWith((stack) => ({
      releaseFunctionRole: new iam.Role(stack, 'Own', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
    }));
    expect(actionsOf(statementsOf(template, 'Own'))).toEqual(actionsOf(statements));
  });
});
