import { CfnOutput, CfnParameter, Environment, NestedStack, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LambdaCiCdPipeline, LambdaCiCdPipelineProps, TargetFunction } from '../../../src';
import { handlerFile, QUICK, Rehearsed, synthesized } from '../support/run';

jest.setTimeout(120_000);

const FILES = { 'index.js': handlerFile(1) };
const RELEASED = { status: 'Succeeded', alias: { functionName: 'orders', version: '2' } };

function push(build: (stack: Stack) => void, options = {}) {
  const assembly = synthesized((app) => build(new Stack(app, 'Release')));
  return new Rehearsed().push(assembly, FILES, options);
}

function addPipeline(stack: Stack, props: Partial<LambdaCiCdPipelineProps> = {}): LambdaCiCdPipeline {
  return new LambdaCiCdPipeline(stack, 'Pipeline', { ...QUICK, ...props });
}

test('an API beside the pipeline does not stop the rehearsal', async () => {
  const run = await push((stack) => {
    const { alias } = addPipeline(stack);
    new apigateway.LambdaRestApi(stack, 'Api', { handler: alias, cloudWatchRole: true });
  });
  expect(run).toMatchObject(RELEASED);
});

test('a role of another resource with a policy of the company does not stop the rehearsal', async () => {
  const run = await push((stack) => {
    addPipeline(stack);
    new iam.Role(stack, 'Instance', {
      assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromManagedPolicyName(stack, 'Company', 'CompanyBaseline')],
    });
  });
  expect(run).toMatchObject(RELEASED);
});

describe('a permissions boundary of all roles', () => {
  const withBoundary = (statement: iam.PolicyStatement) => (stack: Stack) => {
    const boundary = new iam.ManagedPolicy(stack, 'Boundary', { statements: [statement] });
    addPipeline(stack);
    iam.PermissionsBoundary.of(stack).apply(boundary);
  };

  test('permits the run', async () => {
    const everything = new iam.PolicyStatement({ actions: ['*'], resources: ['*'] });
    expect(await push(withBoundary(everything))).toMatchObject(RELEASED);
  });

  test('denies what it does not contain', async () => {
    const logs = new iam.PolicyStatement({ actions: ['logs:*', 's3:*', 'codeconnections:*'], resources: ['*'] });
    await expect(push(withBoundary(logs))).rejects.toThrow('because no permissions boundary allows');
  });

  test('that no template contains is an error, and its document makes the run complete', async () => {
    const build = (stack: Stack) => {
      addPipeline(stack);
      iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'Limits'));
    };
    await expect(push(build)).rejects.toThrow(
      /not rehearsed: the permissions boundary .*policy\/Limits of the role .*: pass its document with --policy/,
    );
    const policies = { Limits: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } };
    expect(await push(build, { policies })).toMatchObject(RELEASED);
  });
});

test('a role of the target function that no template contains is not checked', async () => {
  const run = await push((stack) =>
    addPipeline(stack, {
      targetFunction: TargetFunction.create({
        runtime: lambda.Runtime.NODEJS_24_X,
        handler: 'index.handler',
        role: iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/company'),
      }),
    }),
  );
  expect(run).toMatchObject(RELEASED);
});

test('a pipeline in a nested stack runs, with the parameters of its parent', async () => {
  const run = await push((stack) => {
    const name = new CfnParameter(stack, 'Memory', { type: 'Number', default: 256 });
    const nested = new NestedStack(stack, 'Nested');
    const { pipeline } = new LambdaCiCdPipeline(nested, 'Pipeline', {
      ...QUICK,
      targetFunction: TargetFunction.create({
        runtime: lambda.Runtime.NODEJS_24_X,
        handler: 'index.handler',
        memorySize: name.valueAsNumber,
      }),
    });
    new CfnOutput(stack, 'PipelineName', { value: pipeline.pipelineName });
  });
  expect(run).toMatchObject(RELEASED);
});

test('stages in several accounts and Regions run one after the other', async () => {
  const environments: Record<string, Environment> = {
    Dev: { account: '111122223333', region: 'eu-west-1' },
    Prod: { account: '444455556666', region: 'us-east-1' },
  };
  const assembly = synthesized((app) => {
    for (const [name, env] of Object.entries(environments)) {
      addPipeline(new Stack(app, name, { env }), { projectName: name.toLowerCase() });
    }
  });
  const dev = await new Rehearsed().push(assembly, FILES, { stack: 'Dev' });
  const prod = await new Rehearsed().push(assembly, FILES, { pipeline: 'prod-pipeline' });
  expect([dev, prod]).toMatchObject([
    { status: 'Succeeded', alias: { functionName: 'dev' } },
    { status: 'Succeeded', alias: { functionName: 'prod' } },
  ]);
});
