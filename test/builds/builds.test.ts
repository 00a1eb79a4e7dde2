import { BuildCase } from './case';
import { CASES } from './cases';
import { missingTools, runCase } from './run-case';

jest.setTimeout(600_000);

/** A tenth of the small repositories, another one for each seed; `npx projen builds` runs them all. */
const SEED = process.env.BUILDS_SEED ?? '1';
const chosen = CASES.filter((_, index) => index % 10 === Number(SEED) % 10);

/** A case without the tools that it needs is skipped. */
const runnable = (isRunnable: boolean) => chosen.filter((each) => (missingTools(each).length === 0) === isRunnable);
const named = (cases: BuildCase[]) => cases.map((each): [string, BuildCase] => [each.name, each]);

test.each(named(runnable(true)))('%s', async (_, each) => {
  expect(await runCase(each)).toEqual([]);
});

if (runnable(false).length > 0) {
  test.skip.each(named(runnable(false)))('%s', () => undefined);
}

test('the small repositories are at least 60, each with a name of its own', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(60);
  expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
});
