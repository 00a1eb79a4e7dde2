import { nearest } from '../../../src/private/input/nearest';

test.each([
  ['bakeTimes', 'bakeTime'],
  ['BAKETIME', 'bakeTime'],
  ['bekaTime', 'bakeTime'],
  ['alarm', 'alarms'],
  ['verification', undefined],
])('the option with a name similar to %s is %s', (name, expected) => {
  expect(nearest(name, ['alarms', 'bakeTime', 'source'])).toBe(expected);
});

test('no option has a similar name if there are no options', () => {
  expect(nearest('bakeTime', [])).toBeUndefined();
});
