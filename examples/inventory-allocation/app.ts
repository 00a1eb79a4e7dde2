import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DeploymentConfig, LambdaCiCdPipeline, Source, TargetFunction } from '../../src'; // 'cdk-lambda-ci-cd-pipeline' in your project

/** The checkout that the pipeline releases: its commits change the function's configuration too. */
const checkout = process.env.CHECKOUT ?? __dirname;
const { MemorySize, TimeoutSeconds } = JSON.parse(
  readFileSync(join(checkout, 'Backend/env/env_src/LambdaParameters.json'), 'utf8'),
);

const app = new App();
const stack = new Stack(app, 'InventoryAllocationPipeline');
new LambdaCiCdPipeline(stack, 'Pipeline', {
  projectName: 'inventory-allocation',
  projectDescription: 'Allocation of stock to orders',
  source: Source.connection('acme/inventory-allocation'),
  targetFunction: TargetFunction.create({
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: 'lambda_functions.allocate.handler',
    memorySize: MemorySize,
    timeout: Duration.seconds(TimeoutSeconds),
  }),
  buildProject: {
    sourceDirectory: 'Backend/src',
    testDirectory: 'Backend/tests/UT_src',
    dependencyFile: 'configuration/requirements.txt',
  },
  deploymentConfig: DeploymentConfig.linear({ percentage: 25, interval: Duration.minutes(10) }),
});
app.synth();
