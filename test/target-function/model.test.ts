import { App, Aspects, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { TargetFunction } from '../../src';
import { addPipeline, newStack, pipelineWith } from '../support/stacks';
import { configurationOf, flat, resourceWithPrefix } from '../support/template-queries';

const metadataOf = (template: Template) =>
  resourceWithPrefix(template, 'AWS::SSM::Parameter', 'PipelineTargetFunctionConfiguration').Metadata.Function;

/** The function in the construct tree, as an aspect finds it. */
function modelOf(stack: Stack): lambda.Function {
  const functions = stack.node.findAll().filter((each): each is lambda.Function => each instanceof lambda.Function);
  return functions.find(({ node }) => node.id === 'TargetFunction')!;
}

function synthesized(change: (stack: Stack, resource: lambda.CfnFunction) => void, stack = newStack()): Template {
  addPipeline({}, stack);
  change(stack, modelOf(stack).node.defaultChild as lambda.CfnFunction);
  return Template.fromStack(stack);
}

describe('the function in the construct tree', () => {
  test('is not in the template', () => {
    const { template, stack } = pipelineWith();
    expect(modelOf(stack)).toBeInstanceOf(lambda.Function);
    expect(Object.keys(template.findResources('AWS::Lambda::Function'))).toEqual([
      expect.stringMatching(/^PipelineReleaseFunction/),
    ]);
  });

  test('is changed by an aspect', () => {
    const template = synthesized((stack) =>
      Aspects.of(stack).add({
        visit: (node: IConstruct) => {
          if (node instanceof lambda.CfnFunction && node.handler === 'app.handler') {
            node.memorySize = 1024;
          }
        },
      }),
    );
    expect(configurationOf(template).MemorySize).toBe(1024);
    expect(metadataOf(template).MemorySize).toBe(1024);
  });

  test('is changed by an override of a property', () => {
    const template = synthesized((_, resource) => {
      resource.addPropertyOverride('MemorySize', 2048);
      resource.addPropertyOverride('LoggingConfig.LogFormat', 'JSON');
    });
    expect(configurationOf(template)).toMatchObject({
      MemorySize: 2048,
      LoggingConfig: { LogFormat: 'JSON', LogGroup: '/aws/lambda/inventory-allocation' },
    });
  });

  test('refuses an override that the pipeline cannot apply', () => {
    expect(() => synthesized((_, resource) => resource.addPropertyOverride('RecursiveLoop', 'Allow'))).toThrow(
      /an override of a property of the target function must be an override of PackageType, .*, got \["RecursiveLoop"\]; /,
    );
  });

  test('gets the tags of the construct and of the stack', () => {
    const stack = new Stack(new App(), 'Stack', { tags: { team: 'stock', stage: 'stack' } });
    const template = synthesized((scope) => Tags.of(scope).add('stage', 'construct'), stack);
    expect(configurationOf(template).Tags).toEqual({ stage: 'construct', team: 'stock' });
  });

  test('has a name and an ARN that refer to no resource', () => {
    const stack = newStack();
    addPipeline({}, stack);
    const { functionName, functionArn } = modelOf(stack);
    new CfnOutput(stack, 'Name', { value: functionName });
    new CfnOutput(stack, 'Arn', { value: functionArn });
    const [name, arn] = Object.values(Template.fromStack(stack).findOutputs('*')).map(({ Value }) => flat(Value));
    expect(name).toBe('inventory-allocation');
    expect(arn).toMatch(/:function:inventory-allocation$/);
  });
});

test('a value of another stack is exported by that stack, and imported by the configuration', () => {
  const app = new App();
  const queue = new sqs.Queue(new Stack(app, 'Other'), 'Queue');
  const environment = { QUEUE: queue.queueName };
  const targetFunction = TargetFunction.create({
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: 'app.handler',
    environment,
  });
  const { template } = pipelineWith({ targetFunction }, new Stack(app, 'Stack'));
  const parameter = resourceWithPrefix(template, 'AWS::SSM::Parameter', 'PipelineTargetFunctionConfiguration');
  expect(JSON.stringify(parameter.Properties)).toContain('Fn::ImportValue');
  expect(JSON.stringify(parameter.Metadata)).toContain('Fn::ImportValue');
});

test('the parameter has each field of the configuration as metadata, so that `cdk diff` shows a change by its name', () => {
  const options = { runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' };
  const { template } = pipelineWith({ targetFunction: TargetFunction.create({ ...options, memorySize: 512 }) });
  expect(metadataOf(template)).toMatchObject({ MemorySize: 512, Runtime: 'python3.13', Timeout: 3 });
});
