/** A resource as a template declares it. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly Condition?: string;
  readonly DependsOn?: string | string[];
  readonly Metadata?: Record<string, unknown>;
}

/** A parameter as a template declares it. */
export interface Parameter {
  readonly Type: string;
  readonly Default?: unknown;
}

/** An output as a template declares it. */
export interface Output {
  readonly Value: unknown;
  readonly Export?: { readonly Name: unknown };
  readonly Condition?: string;
}

/** A CloudFormation template. */
export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Parameters?: Record<string, Parameter>;
  readonly Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  readonly Conditions?: Record<string, unknown>;
  readonly Outputs?: Record<string, Output>;
}

/** A template with the place that its stack is for. */
export interface StackTemplate {
  /** The id of its artifact, and the ids of the artifacts to deploy before it. */
  readonly id?: string;
  readonly dependencies?: readonly string[];
  readonly stackName: string;
  readonly template: Template;
  /** The folder of the cloud assembly that holds the stack. */
  readonly folder: string;
  readonly account: string;
  readonly region: string;
}
