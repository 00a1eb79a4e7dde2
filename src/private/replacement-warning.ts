import * as fs from 'node:fs';
import * as path from 'node:path';
import { Annotations, CfnResource, IAspect, Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ENVIRONMENT } from '../handlers/release/contract';

/** A name whose change replaces something that must stay. */
interface KeptName {
  readonly type: string;
  readonly id: string;
  readonly what: string;
  readonly name: (properties: any) => unknown;
  readonly consequence: string;
  readonly remedy: string;
}

const variable =
  (name: string) =>
  ({ Environment }: any) =>
    Environment?.Variables?.[name];

const KEPT: KeptName[] = [
  {
    type: 'AWS::S3::Bucket',
    id: 'ArtifactStoreBucket',
    what: 'artifact bucket',
    name: ({ BucketName }) => BucketName,
    consequence: 'the old one stays with its artifacts, and no stage can be retried or rolled back to them',
    remedy: 'give the old name as artifactStore.bucketName to keep it',
  },
  {
    type: 'AWS::CodeDeploy::DeploymentGroup',
    id: 'CodeDeployDeploymentGroup',
    what: 'deployment group',
    name: ({ DeploymentGroupName }) => DeploymentGroupName,
    consequence: 'CodeDeploy forgets its deployments, and one that is running is lost',
    remedy: 'keep projectName',
  },
  {
    type: 'AWS::Lambda::Function',
    id: 'ReleaseFunction',
    what: 'function',
    name: variable(ENVIRONMENT.functionName),
    consequence: 'the pipeline releases to another function, and the old one stays as it is for whoever invokes it',
    remedy: 'give the old name as functionName of the target function to keep it',
  },
  {
    type: 'AWS::Lambda::Function',
    id: 'ReleaseFunction',
    what: 'alias',
    name: variable(ENVIRONMENT.aliasName),
    consequence: 'whoever invokes the old alias gets no release any more',
    remedy: 'keep aliasName',
  },
];

/**
 * Warns of a change that would replace what must stay. What it was before is read from the template that was synthesized last into the same
 * folder; where there is none, there is nothing to compare with.
 */
export class ReplacementWarning implements IAspect {
  public visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) {
      return;
    }
    const ids = [node.node.id, node.node.scope?.node.id];
    const kept = KEPT.filter(({ type, id }) => node.cfnResourceType === type && ids.includes(id));
    const stack = Stack.of(node);
    const before =
      kept.length > 0 ? lastTemplate(stack)?.Resources?.[stack.resolve(node.logicalId)]?.Properties : undefined;
    if (before) {
      kept.forEach((each) => compare(node, each, before));
    }
  }
}

function compare(resource: CfnResource, { what, name, consequence, remedy }: KeptName, before: any): void {
  const now = properties(resource);
  const [old, young] = [name(before), name(now)];
  if (typeof old === 'string' && typeof young === 'string' && old !== young) {
    Annotations.of(resource).addWarningV2(
      `cdk-lambda-ci-cd-pipeline:replaces-${what.replace(' ', '-')}`,
      `the ${what} "${old}" would be replaced by "${young}": ${consequence}; ${remedy}`,
    );
  }
}

/** The properties as the template will have them. */
function properties(resource: CfnResource): any {
  const rendered = Stack.of(resource).resolve((resource as any)._toCloudFormation());
  return Object.values<any>(rendered.Resources)[0].Properties ?? {};
}

function lastTemplate(stack: Stack): any {
  const file = path.join(Stage.of(stack)!.outdir, stack.templateFile);
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined; // no last time, or another kind of file
  }
}
