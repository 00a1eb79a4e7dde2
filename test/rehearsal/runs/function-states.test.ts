import { Account } from '../../../rehearsal/account/account';
import { Trouble, VersionState } from '../../../rehearsal/account/lambda/state';
import { FaultyAccount, FaultyRun } from '../support/faults';
import { handlerFile, pipelineApp } from '../support/run';

jest.setTimeout(120_000);

/** Releases once, then changes `$LATEST`, and releases again. */
async function releaseAgain(change: (account: Account) => Partial<VersionState>, assembly = pipelineApp()) {
  const account = new FaultyAccount();
  await account.push(pipelineApp(), { 'index.js': handlerFile(1) });
  return account.push(assembly, { 'index.js': handlerFile(2) }, (spoiled) => {
    const orders = spoiled.lambda.get('orders');
    orders.latest = { ...orders.latest, ...change(spoiled) };
  });
}

const inTrouble = (trouble: Trouble) => () => ({ trouble });
const ranBuild = ({ stages }: FaultyRun) => stages.some(({ name }) => name === 'Build');
const checkOf = ({ stages }: FaultyRun) =>
  stages.find(({ name }) => name === 'CheckLambdaFunction')?.actions[0].summary;

describe('a function that Lambda is still creating', () => {
  const pendingFor = (minutes: number) => (account: Account) => ({
    isNew: true,
    readyAt: account.clock.now() + minutes * 60_000,
  });

  test('is awaited before the build', async () => {
    const run = await releaseAgain(pendingFor(4));
    expect(run).toMatchObject({ cause: undefined, alias: { version: '3' } });
  });

  test('is awaited for ten minutes, and not longer', async () => {
    const run = await releaseAgain(pendingFor(60));
    expect(run.cause).toMatch(/The function orders is still pending .* after 10 minutes/);
    expect(ranBuild(run)).toBe(false);
  });
});

describe('a failed function', () => {
  test('stops the run before the build, with the remedy', async () => {
    const run = await releaseAgain(
      inTrouble({ state: 'Failed', reason: 'The image was deleted', code: 'ImageDeleted' }),
    );
    expect(run.cause).toMatch(/is in the state Failed: The image was deleted \(ImageDeleted\)\. Fix the cause/);
    expect(ranBuild(run)).toBe(false);
    expect(run.alias).toMatchObject({ version: '2' });
  });
});

describe('an inactive function', () => {
  const noAddress: Trouble = { state: 'Inactive', reason: 'No free IP address', code: 'SubnetOutOfIPAddresses' };

  test('that is only idle wakes with the release', async () => {
    const run = await releaseAgain(inTrouble({ state: 'Inactive', reason: 'The function is idle', code: 'Idle' }));
    expect(run).toMatchObject({ cause: undefined, alias: { version: '3' } });
    expect(checkOf(run)).toContain('nobody has invoked it for a long time; the next update wakes it');
  });

  test('that Lambda could not wake stops the run before the build', async () => {
    const run = await releaseAgain(inTrouble(noAddress));
    expect(run.cause).toContain('Lambda could not restore its resources: No free IP address (SubnetOutOfIPAddresses)');
    expect(ranBuild(run)).toBe(false);
  });

  test('wakes with a release that changes its configuration', async () => {
    const account = new FaultyAccount();
    await account.push(pipelineApp(), { 'index.js': handlerFile(1) });
    const run = await account.push(pipelineApp(), { 'index.js': handlerFile(2) }, (spoiled) => {
      const orders = spoiled.lambda.get('orders');
      const configuration = { ...orders.latest.configuration, MemorySize: 512 };
      orders.latest = { ...orders.latest, configuration, trouble: noAddress };
    });
    expect(run).toMatchObject({ cause: undefined, alias: { version: '3' } });
    expect(checkOf(run)).toContain('and this release changes MemorySize');
  });
});
