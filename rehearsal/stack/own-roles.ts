import { Deployment } from './context';
import type { Account } from '../account/account';

/** Returns the ARNs of the roles of the pipelines: their own, and those of builds, deployments and steps. */
export function ownRoles(account: Account, { pipelines, projects, deploymentRoles }: Deployment): string[] {
  const actions = pipelines.flatMap(({ properties }) => properties.Stages).flatMap(({ Actions }) => Actions);
  const steps = actions.map(({ Configuration }) => account.lambda.find(String(Configuration?.FunctionName ?? '')));
  const roles = [
    ...pipelines.map(({ properties }) => properties.RoleArn),
    ...actions.map(({ RoleArn }) => RoleArn),
    ...[...projects.values()].map(({ ServiceRole }) => ServiceRole),
    ...deploymentRoles,
    ...steps.map((step) => step?.latest.configuration.Role),
  ];
  return roles.filter((role) => role !== undefined);
}
