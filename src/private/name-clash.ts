import { Stack } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { isKnown, Refusal, refuse } from './validation';

/** The names that the pipelines of each app claim, each with its pipeline. */
const CLAIMS = new WeakMap<IConstruct, Map<string, Construct>>();

/** Refuses a second pipeline with the same project name in the same app, account and Region. */
export function claimProjectName(scope: Construct, projectName: string): void {
  if (!isKnown(projectName)) {
    return;
  }
  claim(scope, `project ${placeOf(scope)} ${projectName}`, (other) => ({
    prop: `projectName of ${scope.node.path}`,
    allowed: 'unique among the pipelines of the account and Region, because it names all resources',
    described: `"${projectName}", which ${other} uses too`,
    remedy: 'rename one of the two',
  }));
}

/** Refuses a second artifact bucket with the same name. Bucket names are unique across accounts and Regions. */
export function claimBucketName(scope: Construct, bucketName: string | undefined): void {
  if (!isKnown(bucketName)) {
    return;
  }
  const { region } = Stack.of(scope);
  const partition = isKnown(region) ? (/^(cn|us-gov|us-iso\w?|eusc)-/.exec(region)?.[1] ?? '') : '';
  const example = `${bucketName}-${isKnown(region) ? region : 'eu-west-1'}`;
  claim(scope, `bucket ${partition} ${bucketName}`, (other) => ({
    prop: `artifactStore.bucketName of ${scope.node.path}`,
    allowed: 'unique among all pipelines, because bucket names are unique across all accounts and Regions',
    described: `"${bucketName}", which ${other} uses too`,
    remedy: `give each pipeline its own, for example artifactStore: { bucketName: "${example}" }`,
  }));
}

/** Refuses a second pipeline of the same app that moves the same alias. */
export function claimAlias(
  scope: Construct,
  {
    functionName,
    stack,
    aliasName,
  }: { readonly functionName: string; readonly stack: Stack; readonly aliasName: string },
): void {
  const name = isKnown(functionName)
    ? functionName
    : `${stack.node.path} ${JSON.stringify(stack.resolve(functionName))}`;
  claim(scope, `alias ${placeOf(scope)} ${name}:${aliasName}`, (other) => ({
    prop: `targetFunction of ${scope.node.path}`,
    allowed: 'a function whose alias no other pipeline moves',
    described: `the alias "${aliasName}", which ${other} moves too`,
    remedy: 'set another functionName or aliasName',
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
