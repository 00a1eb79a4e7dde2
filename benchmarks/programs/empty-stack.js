/* A stack with nothing in it: what every CDK app pays. Argument: the output folder. */
const { Stack } = require('aws-cdk-lib');
const { newApp } = require('./new-app');

const app = newApp(process.argv[2]);
new Stack(app, 'Empty');
app.synth();
