import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { main, sourceIn } from './support/app';
import { LambdaCiCdPipeline, TargetFunction } from '../../src';

/** A pipeline that builds a container image from the source. */
export function build(app: App): void {
  const stack = new Stack(app, 'AcceptanceImage');
  const { source, bakeTime } = sourceIn(stack);
  new LambdaCiCdPipeline(stack, 'Pipeline', {
    projectName: 'acceptance-image',
    source,
    bakeTime,
    targetFunction: TargetFunction.createFromImage({
      repository: new ecr.Repository(stack, 'Images', { removalPolicy: RemovalPolicy.DESTROY, emptyOnDelete: true }),
    }),
    buildProject: { environment: { privileged: true } },
  });
}

main(module, build, 'first');
