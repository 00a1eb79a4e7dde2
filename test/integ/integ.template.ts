import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { main, sourceIn } from './support/app';
import { LambdaCiCdPipeline, TargetFunction } from '../../src';

/** A pipeline whose function comes from a template in the source. */
export function build(app: App): void {
  const stack = new Stack(app, 'AcceptanceTemplate');
  new LambdaCiCdPipeline(stack, 'Pipeline', {
    projectName: 'acceptance-template',
    ...sourceIn(stack),
    targetFunction: TargetFunction.createFromTemplate({
      templatePath: 'template.json',
      parametersPath: 'parameters.json',
      runtime: lambda.Runtime.NODEJS_22_X,
    }),
  });
}

main(module, build, 'first');
