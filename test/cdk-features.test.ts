import { Aspects, CfnResource, IAspect, RemovalPolicies, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { addPipeline, newStack } from './support/stacks';

/* What users of the CDK expect to work on every construct works on this one. */

let stack: Stack;

beforeEach(() => {
  stack = newStack();
});

const resources = (type: string): any[] => Object.values(Template.fromStack(stack).findResources(type));

test('tags reach the bucket, the roles, the build project, the release function and the pipeline', () => {
  Tags.of(addPipeline({}, stack)).add('team', 'warehouse');
  for (const type of [
    'AWS::S3::Bucket',
    'AWS::IAM::Role',
    'AWS::CodeBuild::Project',
    'AWS::Lambda::Function',
    'AWS::CodePipeline::Pipeline',
  ]) {
    for (const { Properties } of resources(type)) {
      expect([type, Properties.Tags]).toEqual([type, expect.arrayContaining([{ Key: 'team', Value: 'warehouse' }])]);
    }
  }
});

describe('the function that the pipeline makes', () => {
  const releaseActions = () =>
    resources('AWS::IAM::Role')
      .flatMap(({ Properties }) => Properties.Policies ?? [])
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(({ Action }) => Action);
  const configured = () => JSON.stringify(resources('AWS::SSM::Parameter')[0].Properties.Value);

  test('has the tags too', () => {
    const pipeline = addPipeline({}, stack);
    Tags.of(stack).add('team', 'warehouse');
    Tags.of(pipeline).add('cost', '17');
    expect(configured()).toContain('\\"Tags\\":{\\"cost\\":\\"17\\",\\"team\\":\\"warehouse\\"}');
    expect(releaseActions()).toContain('lambda:TagResource');
  });

  test('does not have those that are for other types', () => {
    Tags.of(addPipeline({}, stack)).add('team', 'warehouse', { excludeResourceTypes: ['AWS::Lambda::Function'] });
    expect(configured()).not.toContain('Tags');
  });

  test('has only the tag of the project, which the release function sets, in an app without tags', () => {
    addPipeline({}, stack);
    expect(configured()).not.toContain('Tags');
    expect(releaseActions()).toContain('lambda:TagResource');
  });
});

test('a permissions boundary reaches every role', () => {
  iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'developers'));
  addPipeline({}, stack);
  const roles = resources('AWS::IAM::Role');
  expect(roles.length).toBeGreaterThan(4);
  expect(roles.filter(({ Properties }) => Properties.PermissionsBoundary === undefined)).toEqual([]);
});

test('an aspect changes what it visits', () => {
  const retries: IAspect = {
    visit(node: IConstruct) {
      if (CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::CodeBuild::Project') {
        node.addPropertyOverride('ConcurrentBuildLimit', 1);
      }
    },
  };
  Aspects.of(addPipeline({}, stack)).add(retries);
  expect(resources('AWS::CodeBuild::Project').map(({ Properties }) => Properties.ConcurrentBuildLimit)).toEqual([1]);
});

test('a removal policy for all reaches the bucket', () => {
  RemovalPolicies.of(addPipeline({}, stack)).destroy();
  expect(resources('AWS::S3::Bucket').map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Delete']);
});

test('what the construct offers can be granted on', () => {
  const { targetFunction, buildRole } = addPipeline({}, stack);
  const bucket = new s3.Bucket(stack, 'Stock');
  bucket.grantRead(targetFunction);
  bucket.grantRead(buildRole);
  const policies = resources('AWS::IAM::Policy').filter(({ Properties }) =>
    JSON.stringify(Properties.PolicyDocument).includes('Stock'),
  );
  expect(policies).toHaveLength(2);
});
