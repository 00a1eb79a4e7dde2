import * as fs from 'node:fs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { TargetFunction } from '../../src';
import { pipelineWith } from '../support/stacks';
import { actionsOf, statementsOf } from '../support/template-queries';

type Schema = Readonly<Record<'create' | 'read' | 'delete', string[]>>;
const SCHEMAS: Record<string, Schema> = JSON.parse(fs.readFileSync('rehearsal/stack/resource-schemas.json', 'utf8'));

/** The actions of CloudFormation's handlers that the default role does not allow, with the reason. */
const NOT_ALLOWED: Record<string, string> = {
  'elasticfilesystem:DescribeMountTargets': 'a file system exists outside of the template: see `permissions`',
  'firehose:TagDeliveryStream': 'a destination of findings exists outside of the template',
  'iam:DeleteRolePolicy': 'the role has no inline policy',
  'iam:PutRolePolicy': 'the repository could give itself any permission',
  'kms:CreateGrant': 'a key exists outside of the template',
  'kms:Decrypt': 'a key exists outside of the template',
  'kms:DescribeKey': 'a key exists outside of the template',
  'kms:Encrypt': 'a key exists outside of the template',
  'kms:GenerateDataKey': 'a key exists outside of the template',
  'lambda:AssociateRuntimeAlias': 'is not in the service authorization reference of Lambda',
  'lambda:GetCodeSigningConfig': 'a code signing configuration exists outside of the template',
  'lambda:GetLayerVersion': 'a layer exists outside of the template',
  'lambda:PassCapacityProvider': 'a capacity provider exists outside of the template',
  'logs:CreateLogDelivery': 'a destination of findings exists outside of the template',
  'logs:PutBearerTokenAuthentication': 'authentication for an endpoint outside of the pipeline',
  'logs:PutDataProtectionPolicy': 'its destinations exist outside of the template',
  'logs:PutIndexPolicy': 'costs, and has no effect on a release',
  'logs:PutResourcePolicy': 'applies to all log groups of the account',
  's3:GetObject': 'a bucket with code exists outside of the template',
  's3:GetObjectVersion': 'a bucket with code exists outside of the template',
  's3:REST.PUT.OBJECT': 'a destination of findings exists outside of the template',
  's3files:ListMountTargets': 'a file system exists outside of the template',
};

const { template } = pipelineWith({
  targetFunction: TargetFunction.createFromTemplate({
    templatePath: 'template.yml',
    runtime: lambda.Runtime.PYTHON_3_13,
  }),
});
const allowed = actionsOf(statementsOf(template, 'PipelineCloudFormationServiceRole'));
const TYPES = [
  'AWS::IAM::Role',
  'AWS::Lambda::Alias',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
];
const called = (type: string) => [...SCHEMAS[type].create, ...SCHEMAS[type].read, ...SCHEMAS[type].delete];

test.each(TYPES)('the role of CloudFormation allows what the handlers of %s call', (type) => {
  expect(called(type).filter((action) => !allowed.includes(action) && !(action in NOT_ALLOWED))).toEqual([]);
});

test('each action without a permission is an action of a handler, and is not allowed', () => {
  const all = TYPES.flatMap(called);
  expect(Object.keys(NOT_ALLOWED).filter((action) => !all.includes(action) || allowed.includes(action))).toEqual([]);
});
