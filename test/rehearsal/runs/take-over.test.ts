import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Account } from '../../../rehearsal/account/account';
import { PolicyDocument } from '../../../rehearsal/account/iam/policy';
import { zipTexts } from '../../../rehearsal/base/zip';
import { CreateFunctionOptions, TargetFunction } from '../../../src';
import { FaultyAccount } from '../support/faults';
import { handlerFile, pipelineApp } from '../support/run';

jest.setTimeout(120_000);

const ROLE = 'arn:aws:iam::123456789012:role/made-by-hand';
const TRUST: PolicyDocument = {
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
};
const FILES = { 'index.js': handlerFile(2) };

/** The function as another tool created it, before this pipeline is deployed. */
async function createByHand(account: Account): Promise<void> {
  account.iam.addRole({ name: 'made-by-hand', arn: ROLE, logicalId: 'ByHand', trust: TRUST, policies: [] });
  await account.lambda.createFunction({
    FunctionName: 'orders',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: ROLE,
    MemorySize: 512,
    Timeout: 30,
    Environment: { Variables: { STAGE: 'production', DB_PASSWORD: 'hunter2' } },
    Code: { ZipFile: zipTexts({ 'index.js': handlerFile(1) }).toString('base64') },
  });
}

const app = (options: Partial<CreateFunctionOptions> = {}) =>
  pipelineApp((stack) => ({
    targetFunction: TargetFunction.create({
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      role: iam.Role.fromRoleArn(stack, 'ByHand', ROLE, { mutable: false }),
      ...options,
    }),
  }));

/** Deploys the app over the function that was made by hand, and pushes to it. Also returns the function afterwards. */
async function takeOver(assembly: string, change: (account: Account) => void = () => undefined) {
  const account = new FaultyAccount();
  let after: Account | undefined;
  const deploy = async (spoiled: Account) => {
    after = spoiled;
    await createByHand(spoiled);
    change(spoiled);
  };
  const run = await account.push(assembly, FILES, undefined, deploy);
  return { account, run, orders: after!.lambda.get('orders') };
}

const SAME = {
  memorySize: 512,
  timeout: Duration.seconds(30),
  environment: { STAGE: 'production', DB_PASSWORD: 'another one' },
};

describe('a function that was made by hand', () => {
  test('keeps everything when the first release would remove something that no option names', async () => {
    const { run, orders } = await takeOver(app({ memorySize: 512, environment: { STAGE: 'production' } }));

    expect(run.cause).toContain('The pipeline has changed nothing.');
    expect(run.cause).toContain('it changes timeout from 30 seconds to 3 seconds; it removes DB_PASSWORD');
    expect(run.cause).not.toContain('hunter2');
    expect(run.stages.map(({ name }) => name)).not.toContain('Build');
    expect(orders.latest.configuration).toMatchObject({ Timeout: 30, MemorySize: 512, Role: ROLE });
    expect(orders.tags).toEqual({});
    expect(orders.versions.map(({ version }) => version)).toEqual(['1']);
  });

  test('would lose its own role to the role that the stack creates', async () => {
    const { run } = await takeOver(app({ ...SAME, role: undefined }));
    expect(run.cause).toContain(`it changes role from ${ROLE} to arn:aws:iam::123456789012:role/`);
  });

  test('is taken over when the options name all of it, and gets the tag of the project', async () => {
    const { account, run, orders } = await takeOver(app(SAME));

    expect(run.cause).toBeUndefined();
    expect(orders.tags).toEqual({ 'cdk-lambda-ci-cd-pipeline:project': 'orders' });
    expect(orders.latest.configuration.Environment?.Variables).toEqual(SAME.environment);
    expect(run.alias).toMatchObject({ version: '2' });

    const later = await account.push(app({ ...SAME, memorySize: undefined }), FILES);
    expect(later.cause).toBeUndefined();
  });

  test('is taken over as a whole with replaceExistingConfiguration', async () => {
    const { run, orders } = await takeOver(app({ replaceExistingConfiguration: true }));

    expect(run.cause).toBeUndefined();
    expect(orders.latest.configuration).toMatchObject({ Timeout: 3, MemorySize: 128 });
    expect(orders.latest.configuration.Environment?.Variables).toEqual({});
  });

  test('gets an alias from the stack on its code as it is, and nothing else changes', async () => {
    const before: unknown[] = [];
    const { orders } = await takeOver(app(), (account) =>
      before.push(account.lambda.get('orders').latest.configuration),
    );
    expect([orders.latest.configuration]).toEqual(before);
    expect(orders.aliases.live).toMatchObject({ version: '1', weights: {} });
    expect(orders.versions[0].packageHash).toBe(orders.latest.packageHash);
  });

  test('keeps its own alias when the stack is deployed', async () => {
    const { orders } = await takeOver(app(), (account) => {
      const { aliases } = account.lambda.get('orders');
      aliases.live = { name: 'live', description: '', version: '$LATEST', weights: {}, revision: 'r', invocations: 0 };
    });
    expect(orders.aliases.live).toMatchObject({ version: '$LATEST', revision: 'r' });
    expect(orders.versions).toEqual([]);
  });
});
