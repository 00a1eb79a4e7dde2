import { Stack } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { isKnown, refuse } from './validation';

/** The pipelines of each app by the name that they claim. */
const CLAIMS = new WeakMap<IConstruct, Map<string, Construct>>();

/** Refuses a second pipeline of the same app that would make resources of the same names in the same account and region. */
export function claimProjectName(scope: Construct, projectName: string): void {
  if (!isKnown(projectName)) {
    return;
  }
  const claims = CLAIMS.get(scope.node.root) ?? new Map<string, Construct>();
  CLAIMS.set(scope.node.root, claims);
  const { account, region } = Stack.of(scope);
  const claim = [isKnown(account) ? account : '', isKnown(region) ? region : '', projectName].join('/');
  const other = claims.get(claim);
  if (other) {
    refuse({
      prop: `projectName of ${scope.node.path}`,
      allowed: 'different from that of every other pipeline in the account and region, because it names everything',
      given: `"${projectName}", which is that of ${other.node.path} too`,
      remedy: 'give one of them another name',
    });
  }
  claims.set(claim, scope);
}
