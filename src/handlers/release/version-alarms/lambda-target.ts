import {
  BatchGetDeploymentTargetsCommand,
  LambdaTarget,
  ListDeploymentTargetsCommand,
} from '@aws-sdk/client-codedeploy';
import { codeDeploy } from '../aws/clients';

/** Returns the versions and the lifecycle events of a deployment; nothing before it has a target. */
export async function readLambdaTarget(deploymentId: string): Promise<LambdaTarget> {
  const { targetIds = [] } = await codeDeploy.send(new ListDeploymentTargetsCommand({ deploymentId }));
  if (targetIds.length === 0) {
    return {};
  }
  const { deploymentTargets = [] } = await codeDeploy.send(
    new BatchGetDeploymentTargetsCommand({ deploymentId, targetIds }),
  );
  return deploymentTargets.find(({ lambdaTarget }) => lambdaTarget)?.lambdaTarget ?? {};
}
