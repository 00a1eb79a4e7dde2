import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import { isKnown, Refusal, refuse } from './validation';

/** The pipelines of each app by the names that they claim. */
const CLAIMS = new WeakMap<IConstruct, Map<string, Construct>>();

/** Refuses a second pipeline of the same app that would make resources of the same names in the same account and region. */
export function claimProjectName(scope: Construct, projectName: string): void {
  if (!isKnown(projectName)) {
    return;
  }
  claim(scope, `project ${placeOf(scope)} ${projectName}`, (other) => ({
    prop: `projectName of ${scope.node.path}`,
    allowed: 'different from that of every other pipeline in the account and region, because it names everything',
    given: `${projectName}, which is that of ${other} too`,
    remedy: 'give one of them another name',
  }));
}

/** Refuses a second bucket of the same name: one that is in another account or region has to differ too. */
export function claimBucketName(scope: Construct, bucketName: string): void {
  if (!isKnown(bucketName)) {
    return;
  }
  const { region } = Stack.of(scope);
  const partition = isKnown(region) ? (/^(cn|us-gov|us-iso\w?|eusc)-/.exec(region)?.[1] ?? '') : '';
  claim(scope, `bucket ${partition} ${bucketName}`, (other) => ({
    prop: `artifactStore.bucketName of ${scope.node.path}`,
    allowed: 'different from that of every other pipeline, because all accounts and regions share the names of buckets',
    given: `${bucketName}, which is that of ${other} too`,
    remedy: `give each its own, for example artifactStore: { bucketName: "${bucketName}-${isKnown(region) ? region : 'eu-west-1'}" }`,
  }));
}

/** Refuses a second pipeline of the same app that moves the same alias. */
export function claimAlias(scope: Construct, targetFunction: lambda.IFunction, aliasName: string): void {
  const { functionName, stack } = targetFunction;
  const name = isKnown(functionName)
    ? functionName
    : `${stack.node.path} ${JSON.stringify(stack.resolve(functionName))}`;
  claim(scope, `alias ${placeOf(scope)} ${name}:${aliasName}`, (other) => ({
    prop: `targetFunction of ${scope.node.path}`,
    allowed: 'a function with an alias that no other pipeline moves',
    given: `the alias ${aliasName} that ${other} moves`,
    remedy: 'give it another functionName, or at least another aliasName',
  }));
}

function claim(scope: Construct, name: string, refusal: (other: string) => Refusal): void {
  const claims = CLAIMS.get(scope.node.root) ?? new Map<string, Construct>();
  CLAIMS.set(scope.node.root, claims);
  const other = claims.get(name);
  if (other) {
    refuse(refusal(other.node.path));
  }
  claims.set(name, scope);
}

function placeOf(scope: Construct): string {
  const { account, region } = Stack.of(scope);
  return `${isKnown(account) ? account : ''}/${isKnown(region) ? region : ''}`;
}
