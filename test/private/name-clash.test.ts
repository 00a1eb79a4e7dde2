import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { FromFunctionOptions, TargetFunction } from '../../src';
import { addPipeline, newStack } from '../support/stacks';

const OREGON = { account: '111122223333', region: 'us-west-2' };
const IRELAND = { account: '111122223333', region: 'eu-west-1' };

test('fails when two pipelines of a stack have the same name', () => {
  const stack = newStack();
  addPipeline({ projectName: 'inventory' }, stack, 'First');
  expect(() => addPipeline({ projectName: 'inventory' }, stack, 'Second')).toThrow(
    /^projectName of .*\/Second must be unique among the pipelines of the account and Region, because it names all resources, got "inventory", which .*\/First uses too; rename one of the two$/,
  );
});

test('fails when pipelines of two stacks in the same account and region have the same name', () => {
  const app = new App();
  addPipeline({ projectName: 'inventory' }, new Stack(app, 'One', { env: OREGON }), 'Pipeline');
  expect(() => addPipeline({ projectName: 'inventory' }, new Stack(app, 'Two', { env: OREGON }), 'Pipeline')).toThrow(
    /^projectName of Two\/Pipeline .*, which One\/Pipeline uses too; rename one of the two$/,
  );
});

test('takes the same name in another region', () => {
  const app = new App();
  addPipeline({ projectName: 'inventory' }, new Stack(app, 'One', { env: OREGON }), 'Pipeline');
  addPipeline({ projectName: 'inventory' }, new Stack(app, 'Two', { env: IRELAND }), 'Pipeline');
});

describe('the bucket of another region', () => {
  const inTwo = (first: Stack, second: Stack) => {
    const artifactStore = { bucketName: 'inventory-artifacts' };
    addPipeline({ projectName: 'inventory', artifactStore }, first);
    addPipeline({ projectName: 'inventory', artifactStore }, second);
  };

  test('may not have the same name, because all regions share them', () => {
    const app = new App();
    expect(() => inTwo(new Stack(app, 'One', { env: OREGON }), new Stack(app, 'Two', { env: IRELAND }))).toThrow(
      'artifactStore.bucketName of Two/Pipeline must be unique among all pipelines, because bucket names are unique across all accounts and Regions, ' +
        'got "inventory-artifacts", which One/Pipeline uses too; ' +
        'give each pipeline its own, for example artifactStore: { bucketName: "inventory-artifacts-eu-west-1" }',
    );
  });

  test('may not have the same name in another account either', () => {
    const app = new App();
    expect(() =>
      inTwo(
        new Stack(app, 'One', { env: OREGON }),
        new Stack(app, 'Two', { env: { ...OREGON, account: '444455556666' } }),
      ),
    ).toThrow(/^artifactStore\.bucketName of Two/);
  });

  test('may have it in another partition', () => {
    const app = new App();
    inTwo(
      new Stack(app, 'One', { env: OREGON }),
      new Stack(app, 'Two', { env: { account: '111122223333', region: 'cn-north-1' } }),
    );
  });
});

describe('the alias of another pipeline', () => {
  const owned = (stack: Stack, options: FromFunctionOptions = {}) =>
    TargetFunction.fromFunction(lambda.Function.fromFunctionName(stack, `F${stack.node.children.length}`, 'orders'), {
      runtime: lambda.Runtime.PYTHON_3_13,
      ...options,
    });

  test('is not moved by a second one', () => {
    const stack = newStack();
    addPipeline({ projectName: 'one', targetFunction: owned(stack) }, stack, 'One');
    expect(() => addPipeline({ projectName: 'two', targetFunction: owned(stack) }, stack, 'Two')).toThrow(
      'targetFunction of Stack/Two must be a function whose alias no other pipeline moves, got the alias "live", ' +
        'which Stack/One moves too; set another functionName or aliasName',
    );
  });

  test('is known by its function, also when the name is known at deployment only', () => {
    const stack = newStack();
    const fn = new lambda.Function(stack, 'Fn', {
      runtime: lambda.Runtime.PYTHON_3_13,
      handler: 'app.handler',
      code: lambda.Code.fromInline('x'),
    });
    addPipeline({ projectName: 'one', targetFunction: TargetFunction.fromFunction(fn) }, stack, 'One');
    expect(() =>
      addPipeline({ projectName: 'two', targetFunction: TargetFunction.fromFunction(fn) }, stack, 'Two'),
    ).toThrow(/no other pipeline moves/);
  });

  test('may be beside it on the same function', () => {
    const stack = newStack();
    addPipeline({ projectName: 'one', targetFunction: owned(stack) }, stack, 'One');
    addPipeline({ projectName: 'two', targetFunction: owned(stack, { aliasName: 'staging' }) }, stack, 'Two');
  });
});

test('takes the same name in another app', () => {
  addPipeline({ projectName: 'inventory' }, newStack(), 'Pipeline');
  addPipeline({ projectName: 'inventory' }, newStack(), 'Pipeline');
});
