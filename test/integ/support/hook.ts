import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

/** A hook of a deployment that reports a status, or that is `silent`. The package contains its SDK. */
export function hook(stack: Stack, id: string, status: string): lambda.Function {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'hook-'));
  const contents = `
    const { CodeDeploy } = require('@aws-sdk/client-codedeploy');
    exports.handler = async ({ DeploymentId: deploymentId, LifecycleEventHookExecutionId: lifecycleEventHookExecutionId }) => {
      if ('${status}' !== 'silent') {
        await new CodeDeploy().putLifecycleEventHookExecutionStatus({ deploymentId, lifecycleEventHookExecutionId, status: '${status}' });
      }
    };`;
  buildSync({
    stdin: { contents, resolveDir: __dirname },
    bundle: true,
    platform: 'node',
    outfile: path.join(folder, 'index.js'),
    logLevel: 'error',
  });
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(folder),
    timeout: Duration.minutes(1),
  });
}
