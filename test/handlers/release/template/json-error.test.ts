import { findJsonError } from '../../../../src/handlers/release/template/json-error';

test.each([
  ['a trailing comma in an object', '{\n  "A": "1",\n  "B": "2",\n}', 4, 1, 'there is a comma before the }: remove it'],
  ['a trailing comma in a list', '[1, ]', 1, 5, 'there is a comma before the ]: remove it'],
  ['a missing comma', '{\n  "A": "1"\n  "B": 2\n}', 3, 3, 'a comma is missing before this string'],
  ['a missing comma after a list', '{"A": [1] "B": 2}', 1, 11, 'a comma is missing before this string'],
  ['a comment', '{\n  // stock\n  "A": 1\n}', 2, 3, 'JSON has no comments: remove this one'],
  ['single quotes', "{'A': 1}", 1, 2, 'JSON accepts only double quotes'],
  ['an early end', '{"A": {"B": 1}', 1, 15, 'the text ends too early: a bracket, a brace or a quote is not closed'],
  ['nothing', '', 1, 1, 'the text ends too early: a bracket, a brace or a quote is not closed'],
  ['a name without quotes', '{ A: 1 }', 1, 3, 'unexpected "A"'],
  ['YAML', 'Parameters:\n  A: 1\n', 1, 1, 'unexpected "P"'],
  ['more than one value', '{"A": [true, null, -1.5e3, "\\u00e9"]} {}', 1, 39, 'unexpected "{"'],
])('finds %s', (_, text, line, column, remedy) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(findJsonError(text)).toEqual({ line, column, remedy });
});
