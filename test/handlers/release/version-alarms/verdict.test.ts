import { VersionAlarm } from '../../../../src/handlers/release/contract';
import { describeTraffic, verdictsOf } from '../../../../src/handlers/release/version-alarms/verdict';

const ALARM: VersionAlarm = {
  name: 'ErrorRate',
  maximumPercent: 2,
  standardDeviations: 3,
  minimumFailures: 3,
  maximumRatio: 2,
  windowSeconds: 300,
  onInconclusive: 'PROCEED',
};
const METRIC = { namespace: 'Orders', metricName: 'ServerErrors', dimensions: {}, versionDimension: 'Version' };
const NOTHING = { invocations: 0, errors: 0, milliseconds: 0 };
const measurement = (target: [number, number], current: [number, number] = [0, 0]) => ({
  counts: [
    {
      target: { failures: target[0], total: target[1] },
      current: { failures: current[0], total: current[1] },
    },
  ],
  target: NOTHING,
  current: NOTHING,
  before: NOTHING,
});
const textOf = (alarm: Partial<VersionAlarm>, ...counts: Parameters<typeof measurement>) =>
  verdictsOf([{ ...ALARM, ...alarm }], measurement(...counts))[0].text;

test.each<[string, Partial<VersionAlarm>, [number, number], [number, number] | undefined, string]>([
  [
    'a bad version',
    {},
    [26, 251],
    [1, 2250],
    'ErrorRate failed: 26 of 251 invocations failed (10%), so the rate is above 5.9% (maximum 2%); ' +
      'current version: 1 of 2250 invocations failed (0.04%)',
  ],
  ['a good version', {}, [0, 150], undefined, 'ErrorRate passed: 150 invocations, none failed (maximum 2%)'],
  [
    'a good version that was compared',
    {},
    [1, 200],
    [2, 1800],
    'ErrorRate passed: 1 of 200 invocations failed (0.5%) (maximum 2%); ' +
      'current version: 2 of 1800 invocations failed (0.1%)',
  ],
  [
    'a few invocations without an error',
    {},
    [0, 12],
    undefined,
    'ErrorRate inconclusive: 12 invocations, none failed, so the rate is below 25% ' +
      '(maximum 2%, which needs 150 invocations)',
  ],
  [
    'no invocations',
    {},
    [0, 0],
    undefined,
    'ErrorRate inconclusive: no invocations (maximum 2%, which needs 150 invocations)',
  ],
  [
    'slow invocations',
    { name: 'Latency', slowMilliseconds: 500, maximumPercent: 5 },
    [2, 60],
    undefined,
    'Latency passed: 2 of 60 invocations slower than 500 ms (3.3%) (maximum 5%)',
  ],
  [
    'metrics of the user',
    { failures: METRIC, total: { ...METRIC, metricName: 'Requests' } },
    [1, 200],
    undefined,
    'ErrorRate passed: 1 of 200 Requests counted by ServerErrors (0.5%) (maximum 2%)',
  ],
])('describes %s', (_, alarm, target, current, text) => {
  expect(textOf(alarm, target, current)).toBe(text);
});

test('describes the traffic of both versions at the same time', () => {
  const given = {
    ...measurement([0, 0]),
    target: { invocations: 200, errors: 1, milliseconds: 8400 },
    current: { invocations: 1800, errors: 0, milliseconds: 9000 },
  };
  expect(describeTraffic(given, { currentVersion: '2', targetVersion: '3' })).toBe(
    'version 3: 200 invocations, 1 error (0.5%), 42 ms on average; ' +
      'version 2 at the same time: 1800 invocations, 0 errors (0%), 5.0 ms on average',
  );
});

test('describes the traffic of the current version before the shift, if it had none at the same time', () => {
  const given = { ...measurement([0, 0]), before: { invocations: 10, errors: 0, milliseconds: 200 } };
  expect(describeTraffic(given, { currentVersion: '2', targetVersion: '3' })).toBe(
    'version 3: no invocations; ' +
      'version 2 in the 5 minutes before: 10 invocations, 0 errors (0%), 20 ms on average',
  );
});
