import { App, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DeploymentConfig, LambdaCiCdPipeline, Source, TargetFunction } from 'cdk-lambda-ci-cd-pipeline';

const bad = process.argv[2];
new LambdaCiCdPipeline(new Stack(new App(), 'Refused'), 'Pipeline', {
  projectName: bad === 'project-name' ? 'Inventory_Allocation' : 'inventory-allocation',
  source: Source.connection('acme/inventory-allocation'),
  targetFunction: TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler' }),
  buildProject: { sourceDirectory: bad === 'source-directory' ? '../src' : 'src' },
  deploymentConfig: DeploymentConfig.canary({ percentage: bad === 'canary' ? 100 : 10, interval: Duration.minutes(5) }),
});
