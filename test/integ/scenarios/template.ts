import { equal, match, ok } from 'node:assert/strict';
import { build } from '../integ.template';
import { causeOf, namesOf, Scenario, sourceWith, Suite } from '../support/scenario';

const PIPELINE = 'acceptance-template-pipeline';
const FunctionName = 'acceptance-template';
const StackName = 'acceptance-template-function';

const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const FUNCTION_TYPES = {
  Logs: {
    Type: 'AWS::Logs::LogGroup',
    Properties: { LogGroupName: `/aws/lambda/${FunctionName}`, RetentionInDays: 7 },
  },
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
      ManagedPolicyArns: [BASIC],
    },
  },
  Function: {
    Type: 'AWS::Lambda::Function',
    DependsOn: 'Logs',
    Properties: {
      FunctionName: { Ref: 'ProjectName' },
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      MemorySize: 192,
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Code: { ZipFile: 'exports.handler = async () => "from the template";' },
      Tags: [{ Key: 'purpose', Value: 'acceptance' }],
    },
  },
};

/** A source with the template; `more` are resources beside the function. */
function sourceOf(body: string, more: object = {}): Record<string, string> {
  const Parameters = { ProjectName: { Type: 'String' } };
  return {
    ...sourceWith(body),
    'template.json': JSON.stringify({ Parameters, Resources: { ...FUNCTION_TYPES, ...more } }),
    'parameters.json': JSON.stringify({ ProjectName: FunctionName }),
  };
}

const SCENARIOS: Scenario[] = [
  {
    name: 'template-is-denied',
    points: [14],
    run: async (target) => {
      const more = {
        Other: {
          Type: 'AWS::IAM::Role',
          Properties: { ...FUNCTION_TYPES.Role.Properties, RoleName: 'acceptance-other' },
        },
      };
      const run = await target.run(PIPELINE, { files: sourceOf('return 1;', more) });
      equal(run.status, 'Failed', 'the role of CloudFormation does not create a role with another name');
      match(causeOf(run), /CreateLambdaFunction.*iam:CreateRole/s);
    },
  },
  {
    name: 'template',
    points: [14],
    run: async (target) => {
      const run = await target.run(PIPELINE, { files: sourceOf('return 1;') });
      equal(run.status, 'Succeeded', causeOf(run));
      ok(namesOf(run).includes('CreateLambdaFunction'));
      await target.call('the events of the stack', 'cloudformation', 'DescribeStackEvents', { StackName });
      const live = await target.call('the function', 'lambda', 'GetFunctionConfiguration', {
        FunctionName,
        Qualifier: 'live',
      });
      equal(live.members?.MemorySize, 192, 'the configuration of the template is live');
    },
  },
  {
    name: 'template-once',
    points: [14],
    run: async (target) => {
      const run = await target.run(PIPELINE, { files: sourceOf('return 2;') });
      equal(run.status, 'Succeeded', causeOf(run));
      ok(!namesOf(run).includes('CreateLambdaFunction'), 'the function exists');
    },
  },
];

export const TEMPLATE: Suite = {
  name: 'template',
  build,
  stackName: 'AcceptanceTemplate',
  first: 'first',
  functions: [FunctionName],
  stacks: [StackName],
  scenarios: SCENARIOS,
};
