import { Template } from 'aws-cdk-lib/assertions';

/** A statement of a policy, as in a template. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: object;
}

/** An action of a pipeline, as in a template. */
export interface Action {
  readonly Name: string;
  readonly ActionTypeId: {
    readonly Category: string;
    readonly Owner: string;
    readonly Provider: string;
    readonly Version: string;
  };
  readonly Configuration: { readonly [key: string]: any };
  readonly InputArtifacts?: { readonly Name: string }[];
  readonly OutputArtifacts?: { readonly Name: string }[];
  readonly RunOrder: number;
  readonly Namespace?: string;
  readonly RoleArn?: unknown;
}

/** A stage of a pipeline, as in a template. */
export interface Stage {
  readonly Name: string;
  readonly Actions: Action[];
  readonly BeforeEntry?: { readonly Conditions: { readonly Result: string; readonly Rules: any[] }[] };
}

/** The properties of the only resource of its type, or the only one with the given properties. */
export function propertiesOf(template: Template, type: string, properties: object = {}): any {
  const found = Object.values(template.findResources(type, { Properties: properties }));
  expect(found).toHaveLength(1);
  return found[0].Properties;
}

/** The logical ids of the resources of a type. */
export function logicalIds(template: Template, type: string): string[] {
  return Object.keys(template.findResources(type));
}

/** The stages of the pipeline, in order. */
export function stages(template: Template): Stage[] {
  return propertiesOf(template, 'AWS::CodePipeline::Pipeline').Stages;
}

/** The names of the stages, in order. */
export function stageNames(template: Template): string[] {
  return stages(template).map(({ Name }) => Name);
}

/** The stage of that name. */
export function stage(template: Template, name: string): Stage {
  return stages(template).find(({ Name }) => Name === name) ?? absent('stage', name);
}

/** The action of that name. */
export function action(template: Template, name: string): Action {
  return (
    stages(template)
      .flatMap(({ Actions }) => Actions)
      .find(({ Name }) => Name === name) ?? absent('action', name)
  );
}

/** The build specification, as the object that CodeBuild reads. */
export function buildSpec(template: Template): any {
  return JSON.parse(flat(propertiesOf(template, 'AWS::CodeBuild::Project').Source.BuildSpec));
}

/** The configuration that the release function applies, as the object that it reads. */
export function configurationOf(template: Template): any {
  return JSON.parse(flat(propertiesOf(template, 'AWS::SSM::Parameter').Value));
}

/** Properties of the release function. */
export function releaseFunctionOf(template: Template): any {
  return resourceWithPrefix(template, 'AWS::Lambda::Function', 'PipelineReleaseFunction').Properties;
}

/** The only resource of the type whose logical id begins with the prefix. */
export function resourceWithPrefix(template: Template, type: string, prefix: string): any {
  const found = Object.entries(template.findResources(type)).filter(([id]) => id.startsWith(prefix));
  expect(found.map(([id]) => id)).toHaveLength(1);
  return found[0][1];
}

/** All statements that a role of the stack has, in its inline policies and in the policies that are attached to it. */
export function statementsOf(template: Template, rolePrefix: string): Statement[] {
  const [id] = logicalIds(template, 'AWS::IAM::Role').filter((role) => role.startsWith(rolePrefix));
  const inline = template.findResources('AWS::IAM::Role')[id]?.Properties.Policies ?? [];
  const attached = Object.values(template.findResources('AWS::IAM::Policy'))
    .map(({ Properties }) => Properties)
    .filter(({ Roles }) => Roles?.some((role: { Ref?: string }) => role.Ref === id));
  return [...inline, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** All statements of all identity policies. */
export function allStatements(template: Template): Statement[] {
  return logicalIds(template, 'AWS::IAM::Role').flatMap((role) => statementsOf(template, role));
}

/** The actions of statements, each once and sorted. */
export function actionsOf(statements: Statement[]): string[] {
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}

/** The resources that an action is allowed on, with references as `${Id}`. */
export function resourcesOf(statements: Statement[], iamAction: string): string[] {
  return statements
    .filter(({ Action }) => [Action].flat().includes(iamAction))
    .flatMap(({ Resource }) => [Resource].flat())
    .map(flat);
}

/** Text with its intrinsic functions written as `${Id}` and `${Id.Attribute}`. */
export function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  const [[name, argument]] = Object.entries(value);
  switch (name) {
    case 'Fn::Join':
      return flatList(argument[1]).join(argument[0]);
    case 'Ref':
      return `\${${argument}}`;
    case 'Fn::GetAtt':
      return `\${${argument.join('.')}}`;
    default:
      return `\${${JSON.stringify(value)}}`;
  }
}

function flatList(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.map(flat);
  }
  const [separator, text] = (value as { 'Fn::Split': [string, unknown] })['Fn::Split'];
  return flat(text).split(separator);
}

function absent(what: string, name: string): never {
  throw new Error(`the pipeline has no ${what} ${name}`);
}
