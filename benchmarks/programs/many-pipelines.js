/* Many pipelines in one app, ten in each stack. Arguments: the output folder, and how many. */
const { Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const { LambdaCiCdPipeline, Source, TargetFunction } = require('../../lib');
const { newApp } = require('./new-app');

const [outdir, count] = process.argv.slice(2);
const app = newApp(outdir);
for (let n = 0; n < Number(count); n++) {
  const stackName = `Stack${Math.floor(n / 10)}`;
  const stack = app.node.tryFindChild(stackName) ?? new Stack(app, stackName);
  new LambdaCiCdPipeline(stack, `Pipeline${n}`, {
    projectName: `project-${n}`,
    source: Source.connection('acme/inventory-allocation', {
      connectionArn: 'arn:aws:codeconnections:us-east-1:111122223333:connection/1',
    }),
    targetFunction: TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' }),
  });
}
app.synth();
