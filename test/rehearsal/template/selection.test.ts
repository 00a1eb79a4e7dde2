import { StackTemplate, Template } from '../../../rehearsal/template/form';
import { Choice, selectStacks } from '../../../rehearsal/template/selection';

const pipeline = (name: unknown) => ({ Pipeline: { Type: 'AWS::CodePipeline::Pipeline', Properties: { Name: name } } });

function stack(stackName: string, template: Partial<Template>, options: Partial<StackTemplate> = {}): StackTemplate {
  return {
    id: stackName,
    stackName,
    folder: '/nowhere',
    account: '111122223333',
    region: 'eu-west-1',
    template: { Resources: {}, ...template },
    ...options,
  };
}

const select = (stacks: StackTemplate[], choice: Choice = {}) =>
  selectStacks(stacks, choice).map(({ account, region, stacks: needed }) => [
    account,
    region,
    ...needed.map(({ stackName }) => stackName),
  ]);

const RELEASE = stack('Release', { Resources: pipeline('orders-pipeline') });
const API = stack('Api', { Resources: { Api: { Type: 'AWS::ApiGateway::RestApi' } } });

test('a stack that no pipeline needs is omitted', () => {
  expect(select([API, RELEASE])).toEqual([['111122223333', 'eu-west-1', 'Release']]);
});

test('an app without a pipeline has no selection', () => {
  expect(select([API])).toEqual([]);
});

describe('a stack is needed, and deployed first, if the stack of the pipeline', () => {
  const using = (value: unknown, options: Partial<StackTemplate> = {}) =>
    stack('Release', { Resources: pipeline('p'), Outputs: { Out: { Value: value } } }, options);

  test('depends on it', () => {
    expect(select([using('', { dependencies: ['Api'] }), API])[0].slice(2)).toEqual(['Api', 'Release']);
  });

  test('imports one of its exports', () => {
    const shared = stack('Shared', { Outputs: { Key: { Value: 'x', Export: { Name: 'shared-key' } } } });
    expect(select([using({ 'Fn::ImportValue': 'shared-key' }), shared])[0].slice(2)).toEqual(['Shared', 'Release']);
  });

  test.each([
    ['name', 'orders'],
    ['ARN', 'arn:aws:lambda:eu-west-1:111122223333:function:orders'],
  ])('refers to its function by %s', (_, value) => {
    const Resources = { Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'orders' } } };
    expect(select([using(value), stack('Orders', { Resources })])[0].slice(2)).toEqual(['Orders', 'Release']);
  });
});

describe('an app with several accounts and Regions', () => {
  const prod = stack(
    'Prod',
    { Resources: pipeline('prod-pipeline') },
    { account: '444455556666', region: 'us-east-1' },
  );

  test('has a selection for each of them', () => {
    expect(select([RELEASE, prod])).toEqual([
      ['111122223333', 'eu-west-1', 'Release'],
      ['444455556666', 'us-east-1', 'Prod'],
    ]);
  });

  test.each<[string, Choice]>([
    ['a pipeline', { pipeline: 'prod-pipeline' }],
    ['a stack', { stack: 'Prod' }],
  ])('has one selection for the choice of %s', (_, choice) => {
    expect(select([RELEASE, prod], choice)).toEqual([['444455556666', 'us-east-1', 'Prod']]);
  });

  test('names a needed stack of another place', () => {
    const [selection] = selectStacks([{ ...RELEASE, dependencies: ['Prod'] }, prod], { stack: 'Release' });
    expect(selection.elsewhere).toEqual(['Prod']);
  });

  test('must have the chosen stack', () => {
    expect(() => select([RELEASE, API], { stack: 'Api' })).toThrow(
      '--stack must be a stack with a pipeline (Release), got Api',
    );
  });
});

describe('a parameter', () => {
  const Parameters = { Size: { Type: 'String', Default: 'small' } };
  const both = ['One', 'Two'].map((name) => stack(name, { Parameters, Resources: pipeline(name) }));
  const sizes = (parameters: Record<string, string>) =>
    selectStacks(both, { parameters })[0].stacks.map(({ template }) => template.Parameters!.Size.Default);

  test('has the value of the user in each stack', () => {
    expect(sizes({ Size: 'large' })).toEqual(['large', 'large']);
  });

  test('has the value of the user in one stack', () => {
    expect(sizes({ 'Two:Size': 'large' })).toEqual(['small', 'large']);
  });

  test('must be in a template', () => {
    expect(() => sizes({ Weight: '1' })).toThrow('--parameter must name a parameter of a stack');
  });
});
