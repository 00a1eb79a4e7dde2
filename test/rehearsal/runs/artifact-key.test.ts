import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { handlerFile, pipelineApp, Rehearsed, Run } from '../support/run';

jest.setTimeout(120_000);

/** Synthesizes a pipeline with a key for its artifacts. `policy` replaces the policy of the key. */
function app(policy?: iam.PolicyDocument): string {
  return pipelineApp((stack) => ({ artifactStore: { encryptionKey: new kms.Key(stack, 'Key', { policy }) } }));
}

const uses = ({ calls }: Run) =>
  new Set(
    calls
      .filter(({ action }) => action.startsWith('kms:'))
      .map(({ role, action, allowed }) => `${role.replace(/^Pipeline|[0-9A-F]{8}$/g, '')} ${action} ${allowed}`),
  );

test('every role can use the key of the artifacts', async () => {
  const account = new Rehearsed();
  await account.push(app(), { 'index.js': handlerFile(1) });
  const run = await account.push(app(), { 'index.js': handlerFile(2) });

  expect(run.cause).toBeUndefined();
  expect([...uses(run)].sort()).toEqual([
    'CodeBuildServiceRole kms:Decrypt true',
    'CodeBuildServiceRole kms:GenerateDataKey true',
    'CodePipelineServiceRole kms:GenerateDataKey true',
    'ReleaseFunctionServiceRole kms:Decrypt true',
    'ReleaseFunctionServiceRole kms:GenerateDataKey true',
  ]);
});

test('a key whose policy does not delegate to the roles ends the run at the first artifact', async () => {
  const administrators = new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        actions: ['kms:PutKeyPolicy', 'kms:DescribeKey'],
        resources: ['*'],
        principals: [new iam.AccountRootPrincipal()],
      }),
    ],
  });
  const run = await new Rehearsed().push(app(administrators), { 'index.js': handlerFile(1) });

  expect(run.cause).toMatch(
    /^Source\/SourceAction: User: .*CodePipelineServiceRole.* is not authorized to perform: kms:GenerateDataKey on resource: .* because no resource-based policy allows/,
  );
});

test('a role without kms:Decrypt fails at its first artifact', async () => {
  const assembly = pipelineApp((stack) => {
    const key = new kms.Key(stack, 'Key');
    cdk.Aspects.of(stack).add({ visit: (node) => withoutDecrypt(node) });
    return { artifactStore: { encryptionKey: key } };
  });
  const run = await new Rehearsed().push(assembly, { 'index.js': handlerFile(1) });

  expect(run.cause).toMatch(/^Build\/BuildAction: .*CodeBuildServiceRole.* is not authorized to perform: kms:Decrypt/);
});

/** Removes kms:Decrypt from the role of the build. */
function withoutDecrypt(node: unknown): void {
  if (!(node instanceof iam.CfnPolicy) || !node.node.path.includes('CodeBuildServiceRole')) {
    return;
  }
  const resolved = cdk.Stack.of(node).resolve(node.policyDocument);
  node.policyDocument = {
    Statement: resolved.Statement.filter(({ Action }: any) => ![Action].flat().includes('kms:Decrypt')),
  };
}
