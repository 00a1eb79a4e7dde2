import { parseParameters } from '../../../../src/handlers/release/template/template-parameters';

const parse = (content: unknown) => parseParameters('env/p.json', JSON.stringify(content));
const PARAMETERS = [
  { ParameterKey: 'Table', ParameterValue: 'stock' },
  { ParameterKey: 'Memory', ParameterValue: '512' },
];

test.each([
  ['of CodePipeline', { Parameters: { Table: 'stock', Memory: 512 } }],
  [
    'of the AWS CLI',
    [
      { ParameterKey: 'Table', ParameterValue: 'stock' },
      { ParameterKey: 'Memory', ParameterValue: '512' },
    ],
  ],
  ['of a plain object', { Table: 'stock', Memory: 512 }],
])('accepts the form %s', (_, content) => {
  expect(parse(content)).toEqual({ parameters: PARAMETERS, tags: [] });
});

test('returns the tags of the form of CodePipeline', () => {
  expect(parse({ Parameters: {}, Tags: { Team: 'stock' } })).toEqual({
    parameters: [],
    tags: [{ Key: 'Team', Value: 'stock' }],
  });
});

test('accepts a parameter with the name Parameters', () => {
  expect(parse({ Parameters: 'a' }).parameters).toEqual([{ ParameterKey: 'Parameters', ParameterValue: 'a' }]);
});

test('accepts a byte order mark, and booleans', () => {
  expect(parseParameters('p.json', '\uFEFF{"Debug": false}').parameters).toEqual([
    { ParameterKey: 'Debug', ParameterValue: 'false' },
  ]);
});

test('fails when the file is not JSON, with the position and the remedy', () => {
  expect(() => parseParameters('env/p.json', '{\n  "A": "1",\n}')).toThrow(
    'env/p.json is not JSON: line 3, column 1: there is a comma before the }: remove it. Correct the file and push it.',
  );
});

test.each([
  [
    'a list as a value',
    { Subnets: ['a', 'b'] },
    'env/p.json sets Subnets to ["a","b"], but the value must be a string, a number or a boolean. ' +
      'Write a list as one string, for example "a,b".',
  ],
  ['no value', [{ ParameterKey: 'A', UsePreviousValue: true }], 'env/p.json sets A to no value, but the value must be'],
  ['an entry without a key', [{ Name: 'A' }], 'env/p.json lists {"Name":"A"}. The file must have one of three forms'],
  ['a string', 'A=1', 'env/p.json contains "A=1". The file must have one of three forms'],
  [
    'a stack policy',
    { Parameters: {}, StackPolicy: {} },
    'env/p.json has StackPolicy in addition to Parameters and Tags',
  ],
])('fails when the file contains %s', (_, content, message) => {
  expect(() => parse(content)).toThrow(message);
});
