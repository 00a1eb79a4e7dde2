import { findJsonError } from '../../../../src/handlers/release/template/json-error';

test.each([
  [
    'a trailing comma in an object',
    '{\n  "A": "1",\n  "B": "2",\n}',
    4,
    1,
    'there is a comma before the }: take it away',
  ],
  ['a trailing comma in a list', '[1, ]', 1, 5, 'there is a comma before the ]: take it away'],
  ['a missing comma', '{\n  "A": "1"\n  "B": 2\n}', 3, 3, 'a comma is missing before it'],
  ['a missing comma after a list', '{"A": [1] "B": 2}', 1, 11, 'a comma is missing before it'],
  ['a comment', '{\n  // stock\n  "A": 1\n}', 2, 3, 'JSON has no comments: take it away'],
  ['single quotes', "{'A': 1}", 1, 2, 'JSON takes double quotes only'],
  ['an early end', '{"A": {"B": 1}', 1, 15, 'the text ends too early: close what is open'],
  ['nothing', '', 1, 1, 'the text ends too early: close what is open'],
  ['a name without quotes', '{ A: 1 }', 1, 3, '"A" is not expected here'],
  ['YAML', 'Parameters:\n  A: 1\n', 1, 1, '"P" is not expected here'],
  ['more than one value', '{"A": [true, null, -1.5e3, "\\u00e9"]} {}', 1, 39, '"{" is not expected here'],
])('finds %s', (_, text, line, column, remedy) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(findJsonError(text)).toEqual({ line, column, remedy });
});
