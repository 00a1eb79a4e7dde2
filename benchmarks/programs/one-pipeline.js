/* The smallest use of the library. Argument: the output folder. */
const { Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const { LambdaCiCdPipeline, Source, TargetFunction } = require('../../lib');
const { newApp } = require('./new-app');

const app = newApp(process.argv[2]);
new LambdaCiCdPipeline(new Stack(app, 'One'), 'Pipeline', {
  projectName: 'inventory-allocation',
  source: Source.connection('acme/inventory-allocation', {
    connectionArn: 'arn:aws:codeconnections:us-east-1:111122223333:connection/1',
  }),
  targetFunction: TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' }),
});
app.synth();
