import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CreateFromTemplateOptions, TargetFunction } from '../../../src';
import { actionsOf, handlerFile, pipelineApp, Rehearsed } from '../support/run';

jest.setTimeout(120_000);

const TEMPLATE = 'Backend/env/env_src/CICDLambdaCreateOnPipeline.yml';
const PARAMETERS = 'Backend/env/env_src/LambdaParameters.json';

/** Returns a template of a user, with a role, short forms of intrinsic functions and optional parts. */
function template({ alias = '', policy = 'service-role/AWSLambdaBasicExecutionRole', more = '' } = {}): string {
  return `Parameters:
  ProjectName: { Type: String }
  MemorySize: { Type: Number, Default: 256 }
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{ Effect: Allow, Action: 'sts:AssumeRole', Principal: { Service: lambda.amazonaws.com } }]
      ManagedPolicyArns: [!Sub 'arn:\${AWS::Partition}:iam::aws:policy/${policy}']
  Function:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Ref ProjectName
      Runtime: nodejs24.x
      Handler: index.handler
      MemorySize: !Ref MemorySize
      Role: !GetAtt Role.Arn
      Code: { ZipFile: 'exports.handler = async () => "made by the template";' }
${alias}${more}`;
}

const ALIAS = `  Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: !Ref Function } }
  Alias:
    Type: AWS::Lambda::Alias
    Properties: { FunctionName: !Ref Function, Name: live, FunctionVersion: !GetAtt Version.Version }
`;

const source = (text: string, parameters: string) => ({
  'index.js': handlerFile(1),
  [TEMPLATE]: text,
  [PARAMETERS]: parameters,
});

function app(options: Partial<CreateFromTemplateOptions> = {}): string {
  return pipelineApp({
    targetFunction: TargetFunction.createFromTemplate({
      templatePath: TEMPLATE,
      parametersPath: PARAMETERS,
      runtime: lambda.Runtime.NODEJS_24_X,
      ...options,
    }),
  });
}

describe('a function from a template in the source', () => {
  test.each([
    ['a plain object', '{ "ProjectName": "orders", "MemorySize": 512 }'],
    ['the list of the AWS CLI', '[{ "ParameterKey": "ProjectName", "ParameterValue": "orders" }]'],
    ['the template configuration of CodePipeline', '{ "Parameters": { "ProjectName": "orders" } }'],
  ])('is created with parameters in %s', async (_, parameters) => {
    const run = await new Rehearsed().push(app(), source(template(), parameters));

    expect(run.cause).toBeUndefined();
    expect(actionsOf(run)).toContain('CreateLambdaFunction/CreateLambdaFunction Succeeded');
    expect(run.alias).toMatchObject({ functionName: 'orders', version: '2', weights: {} });
  });

  test('keeps the alias and the configuration from its template, and is created once', async () => {
    const account = new Rehearsed();
    const first = await account.push(app(), source(template({ alias: ALIAS }), '{ "ProjectName": "orders" }'));
    const second = await account.push(app(), {
      ...source(template({ alias: ALIAS }), '{ "ProjectName": "orders" }'),
      'index.js': handlerFile(2),
    });

    expect(first.cause).toBeUndefined();
    expect(actionsOf(second)).toContain('CreateLambdaFunction Skipped');
    expect(second).toMatchObject({ status: 'Succeeded', alias: { version: '3' } });
    expect(
      [...first.calls, ...second.calls].filter(({ action }) => action === 'lambda:UpdateFunctionConfiguration'),
    ).toEqual([]);
  });

  test('is not created with an invalid parameter file: the message has the file and the line', async () => {
    const run = await new Rehearsed().push(app(), source(template(), '{\n  "ProjectName": "orders",\n}\n'));

    expect(run.cause).toContain(`${PARAMETERS}`);
    expect(run.cause).toMatch(/line 3|:3/);
    expect(run.calls.filter(({ action }) => action === 'cloudformation:CreateStack')).toEqual([]);
  });

  test('is not created without a required parameter: the message has the line to add', async () => {
    const run = await new Rehearsed().push(app(), source(template(), '{ "MemorySize": 512 }'));
    expect(run.cause).toContain(
      `needs a value for the parameter ProjectName, but ${PARAMETERS} has none. Add "ProjectName": "<value>" to the file`,
    );
  });

  test('is deleted if CloudFormation lacks a permission, and the next push creates it', async () => {
    const account = new Rehearsed();
    const denied = await account.push(
      app(),
      source(template({ policy: 'AdministratorAccess' }), '{ "ProjectName": "orders" }'),
    );
    const corrected = await account.push(app(), source(template(), '{ "ProjectName": "orders" }'));

    expect(denied.cause).toContain('is not authorized to perform: iam:AttachRolePolicy');
    expect(denied.cause).toContain('CloudFormation deleted the resources that it had created.');
    expect(denied.alias).toBeUndefined();
    expect(corrected).toMatchObject({ status: 'Succeeded', alias: { version: '2' } });
  });

  test('must have the name of the target function', async () => {
    const run = await new Rehearsed().push(
      app({ functionName: 'other' }),
      source(template(), '{ "ProjectName": "orders" }'),
    );
    expect(run.cause).toMatch(/orders/);
    expect(run.status).toBe('Failed');
  });

  test('fails without its template file: the message lists the existing files', async () => {
    const run = await new Rehearsed().push(
      app({ templatePath: 'Backend/env/env_src/Other.yml' }),
      source(template(), '{}'),
    );
    expect(run.cause).toContain(TEMPLATE);
  });

  test('is not rehearsed with an unknown resource type', async () => {
    const more = "  Table: { Type: 'AWS::DynamoDB::Table', Properties: {} }\n";
    await expect(
      new Rehearsed().push(app(), source(template({ more }), '{ "ProjectName": "orders" }')),
    ).rejects.toThrow('not rehearsed: AWS::DynamoDB::Table Table');
  });
});
