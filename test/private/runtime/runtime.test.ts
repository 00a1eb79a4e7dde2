import { Lazy } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { requireHandler, requireRuntime } from '../../../src/private/runtime/runtime';

const { Runtime } = lambda;
const handlerOf = (runtime: lambda.Runtime, handler: string) => () => requireHandler('handler', handler, runtime);

describe('a runtime', () => {
  test.each([
    Runtime.PYTHON_3_9,
    Runtime.PYTHON_3_13,
    Runtime.NODEJS_18_X,
    Runtime.NODEJS_22_X,
    Runtime.JAVA_11,
    Runtime.JAVA_21,
    Runtime.DOTNET_8,
    Runtime.PROVIDED_AL2023,
  ])('that Lambda creates functions for passes: %s', (runtime) => {
    expect(() => requireRuntime('runtime', runtime)).not.toThrow();
  });

  test('that is newer than this library passes', () => {
    expect(() =>
      requireRuntime('runtime', new lambda.Runtime('python3.99', lambda.RuntimeFamily.PYTHON)),
    ).not.toThrow();
  });

  test.each([
    [Runtime.PYTHON_2_7, 'lambda.Runtime.PYTHON_3_13'],
    [Runtime.NODEJS_14_X, 'lambda.Runtime.NODEJS_22_X'],
    [Runtime.JAVA_8, 'lambda.Runtime.JAVA_21'],
    [Runtime.DOTNET_CORE_3_1, 'lambda.Runtime.DOTNET_8'],
    [Runtime.GO_1_X, 'lambda.Runtime.PROVIDED_AL2023'],
    [Runtime.RUBY_2_7, 'lambda.Runtime.RUBY_3_4'],
  ])('that is retired is refused: %s', (runtime, instead) => {
    expect(() => requireRuntime('runtime', runtime)).toThrow(
      `runtime must be a runtime that Lambda still creates functions for, got "${runtime.name}"; use ${instead}`,
    );
  });
});

describe('a handler', () => {
  test.each([
    [Runtime.PYTHON_3_13, 'app.handler'],
    [Runtime.PYTHON_3_13, 'lambda_functions/app.handler'],
    [Runtime.PYTHON_3_13, 'package.module.lambda_handler'],
    [Runtime.NODEJS_22_X, 'index.handler'],
    [Runtime.NODEJS_22_X, 'src/my-file.handler'],
    [Runtime.JAVA_21, 'com.acme.App::handleRequest'],
    [Runtime.JAVA_21, 'com.acme.App'],
    [Runtime.DOTNET_8, 'Acme::Acme.Function::Handler'],
    [Runtime.PROVIDED_AL2023, 'bootstrap'],
  ])('of %s passes: %s', (runtime, handler) => {
    expect(handlerOf(runtime, handler)).not.toThrow();
  });

  test.each([
    [Runtime.PYTHON_3_13, 'handler', '"<module>.<function>" for python3.13', 'for example "app.handler"'],
    [
      Runtime.PYTHON_3_13,
      'app.py',
      '"<module>.<function>" for python3.13',
      'name the function after the module, not the file: "app.handler"',
    ],
    [Runtime.PYTHON_3_13, 'app:handler', '"<module>.<function>" for python3.13', 'for example "app.handler"'],
    [
      Runtime.NODEJS_22_X,
      'handler',
      '"<file without extension>.<exported function>" for nodejs22.x',
      'for example "index.handler"',
    ],
    [
      Runtime.JAVA_21,
      'com.acme.App:handle',
      '"<package>.<class>::<method>" for java21',
      'for example "com.acme.App::handleRequest"',
    ],
    [
      Runtime.DOTNET_8,
      'Acme::Function',
      '"<assembly>::<namespace>.<class>::<method>" for dotnet8',
      'for example "Acme::Acme.Function::Handler"',
    ],
    [
      Runtime.PROVIDED_AL2023,
      'boot strap',
      '"letters, digits, and . _ / : -" for provided.al2023',
      'for example "bootstrap"',
    ],
  ])('of %s is refused: %s', (runtime, handler, allowed, remedy) => {
    expect(handlerOf(runtime, handler)).toThrow(`handler must be ${allowed}, got "${handler}"; ${remedy}`);
  });

  test('that is known at deployment only passes', () => {
    expect(handlerOf(Runtime.PYTHON_3_13, Lazy.string({ produce: () => 'x' }))).not.toThrow();
  });
});
