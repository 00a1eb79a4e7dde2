import { PipelineDefinition } from './pipeline-definition';
import { ProjectProperties } from './properties';
import type { Account } from '../account/account';
import { Caller } from '../account/iam/iam';
import { StackTemplate } from '../template/form';

/** The result of the deployment of all stacks. */
export interface Deployment {
  readonly pipelines: PipelineDefinition[];
  /** CodeBuild projects by name. */
  readonly projects: Map<string, ProjectProperties & { readonly Name: string }>;
  readonly logGroups: Set<string>;
  /** The ARNs of the roles of deployment groups. */
  readonly deploymentRoles: Set<string>;
  /** The names of the functions that the pipelines of the app release to. */
  readonly released: Set<string>;
  /** The names of the parameters that existed and were written again. */
  readonly updatedParameters: string[];
}

/** The input for the deployment of a resource, with the properties that its type has. */
export interface ResourceContext<Properties = unknown> {
  readonly account: Account;
  readonly stack: StackTemplate;
  readonly logicalId: string;
  /** Resolved properties. */
  readonly properties: Properties;
  /** The name of a resource whose properties contain none. */
  readonly generatedName: string;
  /** Whether a part of the properties is new or differs from the last deployment. */
  readonly changed: (part: string, value: unknown) => boolean;
  readonly deployment: Deployment;
  /** The role of CloudFormation; undefined for the stacks of the app. */
  readonly caller?: Caller;
}

/** The values of a deployed resource that other resources can refer to. */
export interface Deployed {
  readonly ref: string;
  readonly attributes: Record<string, unknown>;
}
