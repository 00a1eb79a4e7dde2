import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { BoundTargetFunction, LambdaCiCdPipeline, Source, TargetFunction, TargetFunctionBindOptions } from '../../src';
import { newStack } from '../support/stacks';
import { actionsOf, flat, propertiesOf, releaseFunctionOf, statementsOf } from '../support/template-queries';

/** A target function as a user of the library writes one, with nothing but what the library exports. */
class OwnFunction extends TargetFunction {
  public constructor(
    private readonly result: (scope: Construct, options: TargetFunctionBindOptions) => BoundTargetFunction,
  ) {
    super();
  }

  public bind(scope: Construct, options: TargetFunctionBindOptions): BoundTargetFunction {
    return this.result(scope, options);
  }
}

const RUNTIME = lambda.Runtime.PYTHON_3_13;
const inScope = (scope: Construct, { projectName }: TargetFunctionBindOptions) =>
  new lambda.Function(scope, 'Own', {
    functionName: `acme-${projectName}`,
    runtime: RUNTIME,
    handler: 'app.handler',
    code: lambda.Code.fromInline('def handler(event, context): raise Exception("no release yet")'),
  });

function released(targetFunction: TargetFunction, stack: Stack = newStack()) {
  const cicd = new LambdaCiCdPipeline(stack, 'Pipeline', {
    projectName: 'orders',
    source: Source.connection('acme/orders'),
    targetFunction,
  });
  return { cicd, template: Template.fromStack(stack) };
}

describe('a target function that is written outside of the library', () => {
  const permission = new iam.PolicyStatement({ actions: ['license:Read'], resources: ['*'] });
  const { template, cicd } = released(
    new OwnFunction((scope, options) => ({
      targetFunction: inScope(scope, options),
      runtime: RUNTIME,
      aliasName: 'prod',
      releasePermissions: [permission],
    })),
  );

  test('is the function of the pipeline, and the stack creates its alias', () => {
    const { FunctionName, AliasName, Configuration } = propertiesOf(template, 'Custom::LambdaFunctionWithAlias');
    expect([flat(FunctionName), AliasName, Configuration]).toEqual([
      expect.stringMatching(/^\$\{PipelineOwn/),
      'prod',
      undefined,
    ]);
    expect(cicd.targetFunction.node.path).toBe('Stack/Pipeline/Own');
    expect(cicd.alias.aliasName).toBe('prod');
  });

  test('gives the release function its additional permissions', () => {
    const granted = actionsOf(statementsOf(template, 'PipelineReleaseFunctionServiceRole'));
    expect(granted).toContain('license:Read');
    expect(granted).not.toContain('lambda:UpdateFunctionConfiguration');
  });
});

describe('a target function that builds on another one', () => {
  const withDefaults = (change: Partial<BoundTargetFunction> = {}) =>
    new OwnFunction((scope, options) => {
      const environment = { PROJECT: options.projectName };
      const created = TargetFunction.create({ runtime: RUNTIME, handler: 'app.handler', environment });
      return { ...created.bind(scope, options), ...change };
    });

  test('is created and configured by the pipeline', () => {
    const { template } = released(withDefaults());
    const { Value } = propertiesOf(template, 'AWS::SSM::Parameter');
    expect(flat(Value)).toContain('"PROJECT":"orders"');
    expect(releaseFunctionOf(template).Environment.Variables).toMatchObject({
      FUNCTION_NAME: 'orders',
      ALIAS_NAME: 'live',
    });
  });

  test('can add permissions', () => {
    const releasePermissions = [new iam.PolicyStatement({ actions: ['license:Read'], resources: ['*'] })];
    const { template } = released(withDefaults({ releasePermissions }));
    const granted = actionsOf(statementsOf(template, 'PipelineReleaseFunctionServiceRole'));
    expect(granted).toEqual(expect.arrayContaining(['license:Read', 'lambda:CreateFunction']));
  });

  test('can be a function that a stack owns', () => {
    const stack = newStack();
    const orders = lambda.Function.fromFunctionName(stack, 'Orders', 'acme-orders');
    const owned = new OwnFunction((scope, options) =>
      TargetFunction.fromFunction(orders, { runtime: RUNTIME }).bind(scope, options),
    );
    expect(released(owned, stack).cicd.targetFunction).toBe(orders);
  });

  test.each([
    [{ runtime: lambda.Runtime.NODEJS_24_X }, 'runtime', '"python3.13"', '"nodejs24.x"'],
    [{ architecture: lambda.Architecture.ARM_64 }, 'architecture', '"x86_64"', '"arm64"'],
    [{ aliasName: 'prod' }, 'aliasName', '"live"', '"prod"'],
  ])('fails when the result differs: %j', (change, prop, expected, given) => {
    expect(() => released(withDefaults(change))).toThrow(
      `${prop} in the result of bind must be ${expected}, as the TargetFunction that bind used says, got ${given}; ` +
        `set ${prop} in the options of that TargetFunction`,
    );
  });
});

describe('a target function fails when', () => {
  const REMEDY = 'return { targetFunction, runtime }, or the result of bind of another TargetFunction';

  test.each([undefined, {}])('bind returns %j', (result) => {
    expect(() => released(new OwnFunction(() => result as unknown as BoundTargetFunction))).toThrow(
      `targetFunction in the result of bind must be set, got nothing; ${REMEDY}`,
    );
  });

  test('bind returns no runtime', () => {
    const own = new OwnFunction(
      (scope, options) => ({ targetFunction: inScope(scope, options) }) as unknown as BoundTargetFunction,
    );
    expect(() => released(own)).toThrow(`runtime in the result of bind must be set, got nothing; ${REMEDY}`);
  });

  test('bind returns a version', () => {
    const own = new OwnFunction((scope, options) => ({
      targetFunction: inScope(scope, options).currentVersion,
      runtime: RUNTIME,
    }));
    expect(() => released(own)).toThrow('targetFunction in the result of bind must be the function itself');
  });

  test('the name of the alias is a number', () => {
    const own = new OwnFunction((scope, options) => ({
      targetFunction: inScope(scope, options),
      runtime: RUNTIME,
      aliasName: '7',
    }));
    expect(() => released(own)).toThrow('aliasName in the result of bind must be 1 to 128 letters');
  });
});
