import { App, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BAKE, main, sourceIn } from './support/app';
import { hook } from './support/hook';
import {
  DeploymentAlarm,
  DeploymentConfig,
  LambdaCiCdPipeline,
  LambdaCiCdPipelineProps,
  TargetFunction,
} from '../../src';

type Variant = (stack: Stack) => Partial<LambdaCiCdPipelineProps>;

const hooks =
  (before: string, after: string): Variant =>
  (stack) => ({
    preTrafficHook: hook(stack, 'Before', before),
    postTrafficHook: hook(stack, 'After', after),
  });

/** What each variant changes of the first one: a canary of ten percent, and an alarm at one error. */
const VARIANTS: Record<string, Variant> = {
  canary: () => ({}),
  hooks: hooks('Succeeded', 'Succeeded'),
  'hook-fails': hooks('Failed', 'Succeeded'),
  'hook-is-silent': hooks('silent', 'Succeeded'),
  verified: () => ({ verification: { commands: ['false'] } }),
  linear: () => ({ deploymentConfig: DeploymentConfig.linear({ percentage: 50, interval: Duration.minutes(1) }) }),
  denied: (stack) => {
    const role = new iam.Role(stack, 'ReleaseRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        actions: ['codedeploy:UpdateDeploymentGroup'],
        resources: ['*'],
      }),
    );
    return { releaseFunctionRole: role };
  },
};

export function build(app: App, variant: string): void {
  const stack = new Stack(app, 'AcceptanceShift');
  new LambdaCiCdPipeline(stack, 'Pipeline', {
    projectName: 'acceptance-shift',
    ...sourceIn(stack),
    bakeTime: BAKE,
    targetFunction: TargetFunction.create({
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      timeout: Duration.seconds(10),
    }),
    deploymentConfig: DeploymentConfig.canary({ percentage: 10, interval: Duration.minutes(5) }),
    alarms: [DeploymentAlarm.errors({ threshold: 1 })],
    ...VARIANTS[variant](stack),
  });
}

main(module, build, 'canary');
