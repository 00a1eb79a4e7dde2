import { SUITES } from './suites';
import { newDifferences, RECORDED } from './support/recording';
import { RehearsalTarget } from './support/rehearsal-target';

jest.setTimeout(300_000);

/*
 * Runs the acceptance suite on the rehearsal: this tests the suite itself, and compares the rehearsal with what
 * the suite demands of AWS. The scenarios of a suite build on each other.
 */
describe.each(SUITES.map((suite) => [suite.name, suite] as const))('the acceptance suite %s', (_, suite) => {
  const target = new RehearsalTarget(suite.build);

  beforeAll(async () => {
    expect(await target.deploy(suite.first)).toEqual({ succeeded: true });
  });

  afterAll(() => target.remove());

  for (const { name, only, run } of suite.scenarios) {
    const runs = !only || only[0] === target.kind;
    (runs ? test : test.skip)(name, async () => {
      target.recorded.length = 0;
      await run(target);
      expect(newDifferences(RECORDED, `${suite.name}-${name}`, target.recorded)).toEqual([]);
    });
  }
});
