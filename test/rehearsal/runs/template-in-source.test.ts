import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CreateFromTemplateOptions, TargetFunction } from '../../../src';
import { actionsOf, handlerFile, pipelineApp, Rehearsed } from '../support/run';

jest.setTimeout(120_000);

const TEMPLATE = 'Backend/env/env_src/CICDLambdaCreateOnPipeline.yml';
const PARAMETERS = 'Backend/env/env_src/LambdaParameters.json';

/** The user's own template: a role of its own, short forms of functions, an alias when it is asked for. */
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
  ])('is made with parameters in %s', async (_, parameters) => {
    const run = await new Rehearsed().push(app(), source(template(), parameters));

    expect(run.cause).toBeUndefined();
    expect(actionsOf(run)).toContain('CreateLambdaFunction/CreateLambdaFunction Succeeded');
    expect(run.alias).toMatchObject({ functionName: 'orders', version: '2', weights: {} });
  });

  test('keeps the alias and the configuration that its template gives, and is made once', async () => {
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

  test('is not made with a parameter file that is no JSON: the message names file and line', async () => {
    const run = await new Rehearsed().push(app(), source(template(), '{\n  "ProjectName": "orders",\n}\n'));

    expect(run.cause).toContain(`${PARAMETERS}`);
    expect(run.cause).toMatch(/line 3|:3/);
    expect(run.calls.filter(({ action }) => action === 'cloudformation:CreateStack')).toEqual([]);
  });

  test('is not made without a parameter that the template needs: the message says what to add', async () => {
    const run = await new Rehearsed().push(app(), source(template(), '{ "MemorySize": 512 }'));
    expect(run.cause).toContain(
      `needs a value for the parameter ProjectName, but ${PARAMETERS} has none. Add "ProjectName": "<value>" to the file`,
    );
  });

  test('leaves no half-made stack when CloudFormation lacks a right, and the next push makes it', async () => {
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

  test('must have the name that the pipeline releases to', async () => {
    const run = await new Rehearsed().push(
      app({ functionName: 'other' }),
      source(template(), '{ "ProjectName": "orders" }'),
    );
    expect(run.cause).toMatch(/orders/);
    expect(run.status).toBe('Failed');
  });

  test('from a template file that is missing ends the run: the message names the files that are there', async () => {
    const run = await new Rehearsed().push(
      app({ templatePath: 'Backend/env/env_src/Other.yml' }),
      source(template(), '{}'),
    );
    expect(run.cause).toContain(TEMPLATE);
  });

  test('is not rehearsed with a resource of a type that is not known', async () => {
    const more = "  Table: { Type: 'AWS::DynamoDB::Table', Properties: {} }\n";
    await expect(
      new Rehearsed().push(app(), source(template({ more }), '{ "ProjectName": "orders" }')),
    ).rejects.toThrow('not rehearsed: AWS::DynamoDB::Table Table');
  });
});
