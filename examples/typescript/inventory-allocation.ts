import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DeploymentConfig, LambdaCiCdPipeline, Source, TargetFunction } from 'cdk-lambda-ci-cd-pipeline';

const app = new App();
const stack = new Stack(app, 'InventoryAllocationPipeline');
new LambdaCiCdPipeline(stack, 'Pipeline', {
  projectName: 'inventory-allocation',
  projectDescription: 'Allocation of stock to orders',
  source: Source.connection('acme/inventory-allocation'),
  targetFunction: TargetFunction.create({
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: 'lambda_functions.allocate.handler',
    memorySize: 256,
    timeout: Duration.seconds(10),
  }),
  buildProject: {
    sourceDirectory: 'Backend/src',
    testDirectory: 'Backend/tests/UT_src',
    dependencyFile: 'configuration/requirements.txt',
  },
  deploymentConfig: DeploymentConfig.linear({ percentage: 25, interval: Duration.minutes(10) }),
});
app.synth();
