import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LambdaCiCdPipeline, LambdaCiCdPipelineProps, Source, TargetFunction } from '../../src';

export const CONNECTION_ARN =
  'arn:aws:codeconnections:eu-west-1:111122223333:connection/0a1b2c3d-1111-2222-3333-444455556666';

/** The required props. The connection exists, so the stack creates none. */
export const MINIMAL: LambdaCiCdPipelineProps = {
  projectName: 'inventory-allocation',
  source: Source.connection('acme/inventory-allocation', { connectionArn: CONNECTION_ARN }),
  targetFunction: TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' }),
};

/** A stack of its own app. */
export function newStack(context: { [flag: string]: unknown } = {}): Stack {
  return new Stack(new App({ context }), 'Stack');
}

/** What can be asked of a pipeline in a test. */
export interface TestPipeline {
  readonly stack: Stack;
  readonly template: Template;
  readonly pipeline: LambdaCiCdPipeline;
}

/** Props that differ from the minimal ones; a function when they need something in the stack. */
export type Overrides = Partial<LambdaCiCdPipelineProps> | ((stack: Stack) => Partial<LambdaCiCdPipelineProps>);

/** A pipeline in a stack, with its template. */
export function pipelineWith(overrides: Overrides = {}, stack = newStack()): TestPipeline {
  const pipeline = addPipeline(overrides, stack);
  return { stack, template: Template.fromStack(stack), pipeline };
}

/** A pipeline in a stack that is not synthesized yet. */
export function addPipeline(overrides: Overrides, stack: Stack, id = 'Pipeline'): LambdaCiCdPipeline {
  return new LambdaCiCdPipeline(stack, id, {
    ...MINIMAL,
    ...(typeof overrides === 'function' ? overrides(stack) : overrides),
  });
}
