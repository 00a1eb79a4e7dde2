import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

const SDK = require.resolve('@aws-sdk/client-codepipeline');

/** A function that reports the results in its UserParameters, one for each invocation. */
const HANDLER = `
const { CodePipelineClient, PutJobSuccessResultCommand, PutJobFailureResultCommand } = require(${JSON.stringify(SDK)});
const client = new CodePipelineClient({});
exports.handler = async (event) => {
  const { id, data } = event['CodePipeline.job'];
  const results = JSON.parse(data.actionConfiguration.configuration.UserParameters);
  const result = results[Number(data.continuationToken ?? 0)];
  if (result.silent) return;
  const failureDetails = { type: 'JobFailed', message: result.failure };
  if (result.failure) await client.send(new PutJobFailureResultCommand({ jobId: id, failureDetails }));
  else await client.send(new PutJobSuccessResultCommand({ jobId: id, ...result }));
};`;

/** A result of the function: the input of PutJobSuccessResult, a failure, or none. */
export type Result = { readonly failure: string } | { readonly silent: true } | Record<string, unknown>;

/** Returns an action that invokes the function, with the results in turn. */
export function invoke(name: string, results: Result[], options: Record<string, unknown> = {}) {
  return action(
    name,
    'Invoke',
    'Lambda',
    { FunctionName: { Ref: 'Function' }, UserParameters: JSON.stringify(results) },
    { Namespace: name, ...options },
  );
}

/** Returns an action of a pipeline. */
export function action(
  Name: string,
  Category: string,
  Provider: string,
  Configuration: Record<string, unknown>,
  options = {},
) {
  return {
    Name,
    ActionTypeId: { Category, Owner: 'AWS', Provider, Version: '1' },
    Configuration,
    RunOrder: 1,
    ...options,
  };
}

/** Returns a condition that skips or fails a stage unless a variable has a value. */
export function unless(Variable: string, Operator: string, Value: string, Result = 'SKIP') {
  const RuleTypeId = { Category: 'Rule', Owner: 'AWS', Provider: 'VariableCheck', Version: '1' };
  return {
    Conditions: [{ Result, Rules: [{ Name: 'Check', RuleTypeId, Configuration: { Variable, Operator, Value } }] }],
  };
}

const allow = (Action: string | string[]) => ({ Effect: 'Allow', Action, Resource: '*' });

function role(service: string, statements: unknown[]) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
      },
      Policies: [{ PolicyName: 'all', PolicyDocument: { Statement: statements } }],
    },
  };
}

/** Creates a cloud assembly with a pipeline: a source and these stages. */
export function assemblyWith(
  stages: unknown[],
  options: { resources?: Record<string, unknown>; pipeline?: Record<string, unknown> } = {},
): string {
  const source = action(
    'SourceAction',
    'Source',
    'CodeStarSourceConnection',
    {
      ConnectionArn: 'arn:aws:codeconnections:us-east-1:123456789012:connection/1',
      FullRepositoryId: 'acme/demo',
      BranchName: 'main',
    },
    { Namespace: 'Source', OutputArtifacts: [{ Name: 'SourceOutput' }] },
  );
  const Resources = {
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: 'artifacts', VersioningConfiguration: { Status: 'Enabled' } },
    },
    FunctionRole: role('lambda.amazonaws.com', [allow('codepipeline:*')]),
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'steps',
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Timeout: 60,
        Role: { 'Fn::GetAtt': ['FunctionRole', 'Arn'] },
        Code: { ZipFile: HANDLER },
      },
    },
    PipelineRole: role('codepipeline.amazonaws.com', [
      allow(['s3:*', 'codeconnections:UseConnection', 'lambda:InvokeFunction', 'codebuild:*']),
    ]),
    Pipeline: {
      Type: 'AWS::CodePipeline::Pipeline',
      Properties: {
        Name: 'demo-pipeline',
        PipelineType: 'V2',
        RoleArn: { 'Fn::GetAtt': ['PipelineRole', 'Arn'] },
        ArtifactStore: { Type: 'S3', Location: { Ref: 'Bucket' } },
        Stages: [{ Name: 'Source', Actions: [source] }, ...stages],
        ...options.pipeline,
      },
    },
    ...options.resources,
  };
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'assembly-'));
  const stack = {
    type: 'aws:cloudformation:stack',
    environment: 'aws://unknown-account/unknown-region',
    properties: { templateFile: 'Demo.template.json' },
  };
  fs.writeFileSync(
    path.join(folder, 'manifest.json'),
    JSON.stringify({ version: '54.0.0', artifacts: { Demo: stack } }),
  );
  fs.writeFileSync(path.join(folder, 'Demo.template.json'), JSON.stringify({ Resources }));
  return folder;
}
