import { RECORDED } from './index';
import { play, Scenario } from './scenario';

test.each(RECORDED.map((scenario) => [scenario.recorded, scenario] as [string, Scenario]))(
  'the stand-in answers as AWS did in %s',
  async (_, scenario) => {
    expect(await play(scenario)).toEqual({ unexpected: [], outdated: [] });
  },
);
