import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DeploymentConfig, LambdaCiCdPipeline, LambdaCiCdPipelineProps, Source, TargetFunction } from '../../../src';
import { requireInput } from '../../../src/private/input';
import { addPipeline, MINIMAL, newStack, pipelineWith } from '../../support/stacks';

const create = (options: object) => () =>
  TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler', ...options });
const pipeline = (props: object) => () => addPipeline(props as Partial<LambdaCiCdPipelineProps>, newStack());

describe('the refusal of a wrong type', () => {
  test.each<[string, () => unknown, string]>([
    [
      'names a required prop that is missing',
      pipeline({ source: undefined }),
      'source must be a Source of this library, got nothing; set it, because it has no default',
    ],
    [
      'names a prop that is null',
      pipeline({ bakeTime: null }),
      'bakeTime must be a Duration, got null; omit it for the default',
    ],
    [
      'names an element of a list',
      pipeline({ approvals: [{}, { timeout: 60 }] }),
      'approvals[1].timeout must be a Duration, got 60; for example Duration.minutes(5)',
    ],
    [
      'names the entry of a map',
      create({ environment: { STAGE: 1 } }),
      'environment.STAGE of TargetFunction.create must be a string, got 1; ' +
        'use quotes; for a token, use Token.asString',
    ],
    [
      'names the option of an option',
      pipeline({ buildProject: { environment: { privileged: 'yes' } } }),
      'buildProject.environment.privileged must be true or false, got "yes"; use true or false without quotes',
    ],
    [
      'names an argument',
      () => Source.connection(7 as never),
      'repository of Source.connection must be a string, got 7; ' + 'use quotes; for a token, use Token.asString',
    ],
    [
      'says that one element needs a list',
      pipeline({ verification: { commands: 'pytest' } }),
      'verification.commands must be a list known at synthesis, each element a string, ' +
        'got "pytest"; use brackets, also for one element',
    ],
    [
      'says what an object with options needs',
      () => DeploymentConfig.canary(10 as never),
      'options of DeploymentConfig.canary must be an object with the options of TimeBasedOptions, got 10; ' +
        'set percentage, interval',
    ],
    [
      'names the module of a class with a common name',
      pipeline({ source: codebuild.Source.gitHub({ owner: 'acme', repo: 'orders' }) }),
      'source must be a Source of this library, got an object of class GitHubSource; ' +
        'use a static method or a property of Source',
    ],
    [
      'names the values of an enum',
      create({ tracing: 'ON' }),
      'tracing of TargetFunction.create must be a Tracing of aws-cdk-lib/aws-lambda, got "ON"; ' +
        'use one of Tracing.ACTIVE, Tracing.PASS_THROUGH, Tracing.DISABLED',
    ],
    [
      'says how to get a resource',
      () => TargetFunction.fromFunction('arn:aws:lambda:eu-west-1:111122223333:function:orders' as never),
      'targetFunction of TargetFunction.fromFunction must be an IFunction of aws-cdk-lib/aws-lambda, ' +
        'got "arn:aws:lambda:eu-west-1:111122223333:function:orders"; create or import it with the CDK',
    ],
    [
      'says what to do with a class instead of an object',
      create({ runtime: lambda.Runtime }),
      'runtime of TargetFunction.create must be a Runtime of aws-cdk-lib/aws-lambda, ' +
        'got the function or class Runtime; use a static method or a property of Runtime',
    ],
    [
      'names the props if there are none',
      () => new (LambdaCiCdPipeline as any)(newStack(), 'P'),
      'props of LambdaCiCdPipeline must be an object with the options of LambdaCiCdPipelineProps, got nothing; ' +
        'set it, because it has no default',
    ],
    [
      'names a value that the user did not compute',
      create({ memorySize: NaN }),
      'memorySize of TargetFunction.create must be a finite number, got NaN; ' +
        'use a number without quotes; for a token, use Token.asNumber',
    ],
    [
      'names a text with a control character',
      create({ description: 'a\u0000b' }),
      'description of TargetFunction.create must be a string without control characters, got "a\\u0000b"; ' +
        'remove them, for example the character U+0000',
    ],
  ])('%s', (_, given, message) => {
    expect(given).toThrow(new Error(message));
  });
});

describe('the refusal of an unknown option', () => {
  test.each([
    ['bakeTimes', 'bakeTime'],
    ['notification', 'notifications'],
    ['approval', 'approvals'],
    ['projectname', 'projectName'],
  ])('says which option has a similar name: %s', (name, similar) => {
    expect(pipeline({ [name]: 'text' })).toThrow(
      `${name} must be an option of LambdaCiCdPipelineProps, which has no such option; did you mean ${similar}?`,
    );
  });

  test('lists the options if none has a similar name', () => {
    expect(() => Source.connection('acme/orders', { x: 1 } as never)).toThrow(
      'x of Source.connection must be an option of ConnectionSourceOptions, which has no such option; ' +
        'the options are connectionArn, branch, pushFilter, provider, hostArn',
    );
  });

  test('names a misspelled option of the CDK', () => {
    expect(create({ memorysize: 512 })).toThrow('did you mean memorySize?');
  });

  test('does not concern an option that a later CDK may have', () => {
    expect(create({ somethingEntirelyDifferent: 1 })).not.toThrow();
  });

  test('does not concern an option without a value', () => {
    expect(pipeline({ somethingElse: undefined })).not.toThrow();
  });
});

describe('accepted', () => {
  test('props can be an object of a class with getters and members of its own', () => {
    class Props {
      public readonly owner = 'team';
      public get projectName(): string {
        return 'orders';
      }
      public readonly source = MINIMAL.source;
      public readonly targetFunction = MINIMAL.targetFunction;
    }
    const stack = newStack();
    expect(() => new LambdaCiCdPipeline(stack, 'Pipeline', new Props())).not.toThrow();
  });

  test('an interface can be implemented by an object of the user', () => {
    const imported = lambda.Function.fromFunctionName(new Stack(new App(), 'Other'), 'Hook', 'hook');
    const wrapped = Object.create(imported, { functionName: { value: 'hook' } });
    expect(pipeline({ preTrafficHook: wrapped })).not.toThrow();
  });

  test('a source can be an object of a class of the user', () => {
    class OwnSource extends Source {
      public bind(...args: Parameters<Source['bind']>): ReturnType<Source['bind']> {
        return MINIMAL.source.bind(...args);
      }
    }
    expect(() => pipelineWith({ source: new OwnSource() })).not.toThrow();
  });

  test('a value of a prop with several types can be a token', () => {
    const value = Lazy.any({ produce: () => 'text' });
    expect(pipeline({ buildProject: { environmentVariables: { NAME: { value } } } })).not.toThrow();
  });

  test('an object can come from another copy of the CDK', () => {
    class Copied {}
    Object.assign(Copied, { [Symbol.for('jsii.rtti')]: { fqn: 'aws-cdk-lib.Duration', version: '2.999.0' } });
    expect(() =>
      requireInput('DeploymentConfig.canary', { options: { percentage: 10, interval: new Copied() } }),
    ).not.toThrow();
  });
});

test('the result of a source of the user is checked, too', () => {
  class OwnSource extends Source {
    public bind(): never {
      return { action: 'source' } as never;
    }
  }
  expect(pipeline({ source: new OwnSource() })).toThrow(
    'action in the result of bind of source must be an IAction of aws-cdk-lib/aws-codepipeline, got "source"; ' +
      'create or import it with the CDK',
  );
});

test('a duration is checked in the unit of the service', () => {
  expect(pipeline({ bakeTime: Duration.millis(1500) })).toThrow(
    'bakeTime must be a whole number of seconds, got 1.5 seconds; for example Duration.minutes(5)',
  );
});
