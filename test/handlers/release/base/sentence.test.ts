import { sentence } from '../../../../src/handlers/release/base/sentence';

test.each([
  ['no subnet', 'no subnet.'],
  ['no subnet.', 'no subnet.'],
  ['Which subnet?', 'Which subnet?'],
])('ends %j with a period', (text, expected) => {
  expect(sentence(text)).toBe(expected);
});
