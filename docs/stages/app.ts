import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LambdaCiCdPipeline, Source, TargetFunction } from '../../src'; // 'cdk-lambda-ci-cd-pipeline' in your project

/*
 * The pipeline of the picture in the README: one with every stage that the construct makes. `npx projen diagram` draws
 * it again.
 */
const app = new App();
new LambdaCiCdPipeline(new Stack(app, 'Stages'), 'Pipeline', {
  projectName: 'inventory-allocation',
  source: Source.connection('acme/inventory-allocation'),
  targetFunction: TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' }),
  approvals: [{ actionName: 'ReleaseManager' }],
  verification: { commands: ['python3 -m pytest tests/integration'] },
});
app.synth();
