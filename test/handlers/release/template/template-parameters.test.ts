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
])('reads the form %s', (_, content) => {
  expect(parse(content)).toEqual({ parameters: PARAMETERS, tags: [] });
});

test('reads the tags in the form of CodePipeline', () => {
  expect(parse({ Parameters: {}, Tags: { Team: 'stock' } })).toEqual({
    parameters: [],
    tags: [{ Key: 'Team', Value: 'stock' }],
  });
});

test('takes a parameter that is named Parameters', () => {
  expect(parse({ Parameters: 'a' }).parameters).toEqual([{ ParameterKey: 'Parameters', ParameterValue: 'a' }]);
});

test('takes a file with a byte order mark, and booleans', () => {
  expect(parseParameters('p.json', '\uFEFF{"Debug": false}').parameters).toEqual([
    { ParameterKey: 'Debug', ParameterValue: 'false' },
  ]);
});

test('says where a file is no JSON, and what to do', () => {
  expect(() => parseParameters('env/p.json', '{\n  "A": "1",\n}')).toThrow(
    'env/p.json is not JSON: line 3, column 1: there is a comma before the }: take it away. Correct the file and push it.',
  );
});

test.each([
  [
    'a list as a value',
    { Subnets: ['a', 'b'] },
    'env/p.json gives ["a","b"] to Subnets, which must be a string, a number or a boolean. Write a list as one string: "a,b"',
  ],
  ['no value', [{ ParameterKey: 'A', UsePreviousValue: true }], 'env/p.json gives no value to A'],
  ['an entry without a key', [{ Name: 'A' }], 'env/p.json lists {"Name":"A"}. The file takes one of three forms'],
  ['a string', 'A=1', 'env/p.json holds "A=1". The file takes one of three forms'],
  [
    'a stack policy',
    { Parameters: {}, StackPolicy: {} },
    'env/p.json has StackPolicy beside Parameters and Tags, which the pipeline does not apply',
  ],
])('fails when the file holds %s', (_, content, message) => {
  expect(() => parse(content)).toThrow(message);
});
