import { Account } from '../../../rehearsal/account/account';
import { updateAlias } from '../../../rehearsal/account/lambda/alias';
import { AliasState, ProvisionedConcurrency } from '../../../rehearsal/account/lambda/state';
import { FaultyAccount, FaultyRun } from '../support/faults';
import { handlerFile, pipelineApp } from '../support/run';

jest.setTimeout(120_000);

const READY: ProvisionedConcurrency = { executions: 2, readyAt: 0 };
const INIT_FAILURE = 'FUNCTION_ERROR_INIT_FAILURE';

const summaryOf = ({ stages }: FaultyRun, name: string) =>
  stages.flatMap(({ actions }) => actions).find((action) => action.name === name)?.summary;
const change = (alias: Partial<AliasState>) => (account: Account) => {
  const { aliases } = account.lambda.get('orders');
  aliases.live = { ...aliases.live, ...alias };
};

/** An account with a release, version 2, whose alias has provisioned concurrency. */
async function released(): Promise<FaultyAccount> {
  const account = new FaultyAccount();
  await account.push(pipelineApp(), { 'index.js': handlerFile(1) });
  return account;
}

describe('an alias with provisioned concurrency', () => {
  test('gets its traffic only when Lambda has provided it for the new version, and the release waits for that', async () => {
    const account = await released();
    const run = await account.push(pipelineApp(), { 'index.js': handlerFile(2) }, change({ provisioned: READY }));

    expect(run).toMatchObject({ cause: undefined, alias: { version: '3', weights: {} } });
    expect(summaryOf(run, 'DeployAction')).toContain('all traffic of live goes to version 3');
  });

  test('that Lambda still holds on the old version is awaited before the next deployment', async () => {
    const account = await released();
    const run = await account.push(pipelineApp(), { 'index.js': handlerFile(2) }, (spoiled) =>
      change({
        weights: { 1: 1 },
        provisioned: { ...READY, isHolding: true, readyAt: spoiled.clock.now() + 600_000 },
      })(spoiled),
    );

    expect(run).toMatchObject({ cause: undefined, alias: { version: '3', weights: {} } });
    expect(summaryOf(run, 'CheckLambdaFunction')).toContain(
      'the stage Deploy waits for Lambda to provide the provisioned concurrency of version 2 ' +
        '(until then, all traffic of live goes to version 1)',
    );
  });

  test('that Lambda never provides fails the release after half an hour, with both ways on', async () => {
    const account = await released();
    const run = await account.push(pipelineApp(), { 'index.js': handlerFile(2) }, (spoiled) =>
      change({
        weights: { 1: 1 },
        provisioned: { ...READY, isHolding: true, readyAt: spoiled.clock.now() + 86_400_000 },
      })(spoiled),
    );

    expect(run.cause).toMatch(
      /has not provided the provisioned concurrency of version 2 after 30 minutes.*retry the stage/,
    );
    expect(run.deployments).toEqual([]);
  });

  test('of a version that cannot start stays on the old version: the release fails, with the command', async () => {
    const account = await released();
    const failing = { ...READY, failure: INIT_FAILURE };
    const run = await account.push(pipelineApp(), { 'index.js': handlerFile(2) }, change({ provisioned: failing }));

    expect(run.cause).toContain('succeeded, but the version receives no traffic. ');
    expect(run.cause).toContain(`the provisioned concurrency of version 3: ${INIT_FAILURE}.`);
    expect(run.cause).toContain(
      'aws lambda update-alias --function-name orders --name live --function-version 2 ' +
        '--routing-config AdditionalVersionWeights={}.',
    );

    const next = await account.push(pipelineApp(), { 'index.js': handlerFile(3) });
    expect(next.cause).toContain('Lambda keeps all its traffic on version 2');
    expect(next.stages.map(({ name }) => name)).not.toContain('Build');

    const fixed = await account.push(pipelineApp(), { 'index.js': handlerFile(3) }, (spoiled) => {
      const RoutingConfig = { AdditionalVersionWeights: {} };
      change({ provisioned: { ...READY, isHolding: true } })(spoiled);
      updateAlias(spoiled, { FunctionName: 'orders', Name: 'live', FunctionVersion: '2', RoutingConfig });
    });
    expect(fixed).toMatchObject({ cause: undefined, alias: { version: '4', weights: {} } });
  });
});
