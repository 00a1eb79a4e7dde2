import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LambdaCiCdPipeline, TargetFunction } from '../../../src';
import { actionsOf, handlerFile, QUICK, Rehearsed, Run, synthesized } from '../support/run';

jest.setTimeout(120_000);

interface Owner {
  readonly memorySize?: number;
  readonly target?: (fn: lambda.Function) => TargetFunction;
}

/** Synthesizes a stack that owns the function, and a stack with the pipeline. */
function appWith({ memorySize = 128, target = (fn) => TargetFunction.fromFunction(fn) }: Owner): string {
  return synthesized((app: App) => {
    const fn = new lambda.Function(new Stack(app, 'Owner'), 'Orders', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      memorySize,
      code: lambda.Code.fromInline('exports.handler = async () => "made by the stack";'),
    });
    new LambdaCiCdPipeline(new Stack(app, 'Release'), 'Pipeline', { ...QUICK, targetFunction: target(fn) });
  });
}

function byAlias(fn: lambda.Function, description?: string): TargetFunction {
  return TargetFunction.fromAlias(
    new lambda.Alias(fn, 'Live', {
      aliasName: 'live',
      description,
      version: new lambda.Version(fn, 'FirstVersion', { lambda: fn }),
    }),
  );
}

const configured = ({ calls }: Run) => calls.filter(({ action }) => action === 'lambda:UpdateFunctionConfiguration');

describe('a function of another stack', () => {
  test('gets code, versions and the alias from the pipeline, and its configuration from its stack', async () => {
    const account = new Rehearsed();
    const first = await account.push(appWith({}), { 'index.js': handlerFile(1) });
    const second = await account.push(appWith({ memorySize: 256 }), { 'index.js': handlerFile(2) });

    expect(first.cause).toBeUndefined();
    expect(actionsOf(first)).toContain('CreateLambdaFunction Skipped');
    expect(first.alias).toMatchObject({ aliasName: 'live', version: '2' });
    expect(second.earlier).toMatchObject([{ status: 'Succeeded', shifts: [{ version: '3' }] }]);
    expect(second).toMatchObject({ status: 'Succeeded', shifts: [{ version: '4' }] });
    expect([...configured(first), ...configured(second)]).toEqual([]);
  });

  test('keeps its alias during an update of its stack, and a run releases the changed configuration', async () => {
    const account = new Rehearsed();
    await account.push(appWith({}), { 'index.js': handlerFile(1) });
    const update = await account.push(appWith({ memorySize: 512 }), { 'index.js': handlerFile(1), broken: '' });

    expect(actionsOf(update)).toContain('Build/BuildAction Failed');
    expect(update.earlier).toMatchObject([{ shifts: [{ version: '3' }] }]);
    expect(update).toMatchObject({ alias: { version: '3', weights: {} }, versions: ['1', '2', '3'], shifts: [] });
  });

  test('stops the run before the build if the app names another runtime', async () => {
    const assembly = synthesized((app) => {
      const owner = new Stack(app, 'Owner');
      new lambda.Function(owner, 'Orders', {
        functionName: 'orders-of-the-stack',
        runtime: lambda.Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: lambda.Code.fromInline('exports.handler = async () => "made by the stack";'),
      });
      const stack = new Stack(app, 'Release');
      stack.addDependency(owner);
      const fn = lambda.Function.fromFunctionName(stack, 'Orders', 'orders-of-the-stack');
      new LambdaCiCdPipeline(stack, 'Pipeline', {
        ...QUICK,
        buildProject: {},
        targetFunction: TargetFunction.fromFunction(fn, { runtime: lambda.Runtime.PYTHON_3_13 }),
      });
    });
    const run = await new Rehearsed().push(assembly, { 'index.js': handlerFile(1) });

    expect(actionsOf(run)).toContain('CheckLambdaFunction/CheckLambdaFunction Failed');
    expect(run.cause).toContain('has the runtime nodejs24.x on x86_64. Set runtime and architecture');
  });

  test('must exist when the stack of the pipeline is deployed', async () => {
    const missing = synthesized((app) => {
      const stack = new Stack(app, 'Release');
      const fn = lambda.Function.fromFunctionName(stack, 'Orders', 'orders-of-another-app');
      new LambdaCiCdPipeline(stack, 'Pipeline', {
        ...QUICK,
        targetFunction: TargetFunction.fromFunction(fn, { runtime: lambda.Runtime.NODEJS_24_X }),
      });
    });
    await expect(new Rehearsed().push(missing, { 'index.js': handlerFile(1) })).rejects.toThrow(
      'The function orders-of-another-app does not exist, and its own stack creates it. Deploy that stack first',
    );
  });
});

describe('an alias of another stack', () => {
  test('moves with the pipeline, and not with its stack', async () => {
    const account = new Rehearsed();
    const first = await account.push(appWith({ target: (fn) => byAlias(fn) }), { 'index.js': handlerFile(1) });
    const update = await account.push(appWith({ target: (fn) => byAlias(fn), memorySize: 256 }), {
      'index.js': handlerFile(1),
      broken: '',
    });
    const second = await account.push(appWith({ target: (fn) => byAlias(fn), memorySize: 256 }), {
      'index.js': handlerFile(1),
    });

    expect(first).toMatchObject({ status: 'Succeeded', alias: { version: '2' } });
    expect(update.earlier).toMatchObject([{ status: 'Succeeded', shifts: [{ version: '3' }] }]);
    expect(update).toMatchObject({ status: 'Failed', alias: { version: '3' }, shifts: [] });
    expect(second).toMatchObject({ status: 'Succeeded', earlier: [], alias: { version: '3' }, shifts: [] });
  });

  test('moves back with a stack update that changes one of its properties, and forward with the next run', async () => {
    const described = (fn: lambda.Function) => byAlias(fn, 'for the shop');
    const account = new Rehearsed();
    await account.push(appWith({ target: (fn) => byAlias(fn) }), { 'index.js': handlerFile(1) });
    const update = await account.push(appWith({ target: described }), { 'index.js': handlerFile(1), broken: '' });
    const next = await account.push(appWith({ target: described }), { 'index.js': handlerFile(1) });

    expect(update).toMatchObject({ status: 'Failed', alias: { version: '1' } });
    expect(next).toMatchObject({ status: 'Succeeded', alias: { version: '2' } });
  });
});
