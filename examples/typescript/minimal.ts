import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LambdaCiCdPipeline, Source, TargetFunction } from 'cdk-lambda-ci-cd-pipeline';

const app = new App();
const stack = new Stack(app, 'InventoryAllocationPipeline');
new LambdaCiCdPipeline(stack, 'Pipeline', {
  projectName: 'inventory-allocation',
  source: Source.connection('acme/inventory-allocation'),
  targetFunction: TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' }),
});
app.synth();
