import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  requireAliasName,
  requireFunctionName,
  TargetFunctionBindOptions,
  TargetFunctionConfig,
  TargetFunctionKind,
} from './config';
import { createLateAlias } from './late-function';
import { createTemplateRole } from './template-role';
import { DEFAULT_ALIAS, nameOf } from '../handlers/release/contract';
import { arnOf } from '../private/arn';
import { requireRuntime } from '../private/runtime/runtime';
import { Statement } from '../private/statement';
import { refuse, requirePattern, requireRepositoryPath } from '../private/validation';

/** Options for `TargetFunction.createFromTemplate`. */
export interface CreateFromTemplateOptions {
  /**
   * Path of the CloudFormation template, relative to the root of the repository, for example
   * `Backend/env/env_src/CICDLambdaCreateOnPipeline.yml`.
   */
  readonly templatePath: string;

  /**
   * Path of the parameters of the template, relative to the root of the repository. The file is JSON in the format of
   * CodePipeline (`{ "Parameters": {…} }`) or of the AWS CLI (`[{ "ParameterKey": …, "ParameterValue": … }]`), or a
   * plain object.
   *
   * @default - no parameters; the template needs defaults
   */
  readonly parametersPath?: string;

  /** Runtime of the function, which determines how the package is built. */
  readonly runtime: lambda.Runtime;

  /**
   * Architecture of the function, for which the package is built.
   *
   * @default lambda.Architecture.X86_64
   */
  readonly architecture?: lambda.Architecture;

  /**
   * Name of the function in the template.
   *
   * @default - the name of the project
   */
  readonly functionName?: string;

  /**
   * Name of the alias that callers invoke. The pipeline creates the alias if the template does not.
   *
   * @default 'live'
   */
  readonly aliasName?: string;

  /**
   * Name of the stack of the template. The template may create a role only if its name starts with the name of the
   * stack, as the name of a role without `RoleName` does.
   *
   * @default - `<projectName>-function`
   */
  readonly stackName?: string;

  /**
   * Role with which CloudFormation creates the resources of the template.
   *
   * @default - a new role that may create the function, its alias, its versions, its log group, and an execution role
   * with managed policies of Lambda
   */
  readonly deploymentRole?: iam.IRole;

  /**
   * Additional permissions of the new role, for other resources in the template.
   *
   * @default - none
   */
  readonly permissions?: iam.PolicyStatement[];

  /**
   * Whether the new role has administrator permissions. Then everyone who can push to the repository has them too.
   *
   * @default false
   */
  readonly adminPermissions?: boolean;
}

/**
 * A function from a CloudFormation template in the source.
 *
 * @internal
 */
export function createdFromTemplate(options: CreateFromTemplateOptions): TargetFunctionKind {
  validate(options);
  return { functionName: options.functionName, bind: (scope, bindOptions) => bind(scope, bindOptions, options) };
}

function bind(
  scope: Construct,
  { projectName }: TargetFunctionBindOptions,
  options: CreateFromTemplateOptions,
): TargetFunctionConfig {
  const functionName = options.functionName ?? projectName;
  const stackName = options.stackName ?? nameOf('functionStack', projectName);
  const role = options.deploymentRole ?? createTemplateRole(scope, options, { functionName, stackName });
  const functionArn = arnOf(scope, 'lambda', 'function', functionName);
  const { aliasName = DEFAULT_ALIAS, architecture = lambda.Architecture.X86_64, runtime } = options;
  return {
    functionName,
    functionArn,
    aliasName,
    stack: Stack.of(scope),
    runtime,
    architecture,
    appliesConfiguration: false,
    provide: () => createLateAlias(scope, { functionName, functionArn, aliasName, architecture, late: NO_FUNCTION }),
    template: { role, templatePath: options.templatePath, parametersPath: options.parametersPath, stackName },
    statements: releaseStatements(scope, stackName, role),
  };
}

const NO_FUNCTION = {
  reason: 'a function that the first run of the pipeline creates from the template in the source',
  remedy: 'move what uses the function to the template, or to a stack that you deploy after the first run',
};

function releaseStatements(scope: Construct, stackName: string, role: iam.IRole): iam.PolicyStatement[] {
  return [
    new Statement({
      actions: [
        'cloudformation:CreateStack',
        'cloudformation:DescribeStacks',
        'cloudformation:DescribeStackEvents',
        'cloudformation:DeleteStack',
      ],
      resources: [
        Stack.of(scope).formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${stackName}/*` }),
      ],
      because: 'CloudFormation generates the ID of the stack',
    }),
    new Statement({
      actions: ['iam:PassRole'],
      resources: [role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    }),
  ];
}

function validate(options: CreateFromTemplateOptions): void {
  const prop = (name: string) => `${name} of TargetFunction.createFromTemplate`;
  requireRepositoryPath(prop('templatePath'), options.templatePath);
  requireRepositoryPath(prop('parametersPath'), options.parametersPath);
  for (const name of ['templatePath', 'parametersPath'] as const) {
    requirePattern(options[name], /^.{1,300}$/, {
      prop: prop(name),
      allowed: 'at most 300 characters (the parameters of an action together have at most 1000)',
      remedy: 'use a shorter path',
    });
  }
  requirePattern(options.templatePath, /\.(ya?ml|json|template)$/, {
    prop: prop('templatePath'),
    allowed: 'the path of a .yml, .yaml, .json, or .template file',
    remedy: 'use the path of the template, not of its folder',
  });
  requirePattern(options.parametersPath, /\.json$/, {
    prop: prop('parametersPath'),
    allowed: 'the path of a .json file',
    remedy: 'convert the parameters to JSON',
  });
  requireRuntime(prop('runtime'), options.runtime);
  requireFunctionName(prop('functionName'), options.functionName);
  requireAliasName(prop('aliasName'), options.aliasName);
  requirePattern(options.stackName, /^[A-Za-z][A-Za-z0-9-]{0,127}$/, {
    prop: prop('stackName'),
    allowed: '1 to 128 letters, digits, and hyphens, starting with a letter',
    remedy: 'choose another name',
  });
  const forNewRole = (['permissions', 'adminPermissions'] as const).find((name) => options[name] !== undefined);
  if (options.deploymentRole && forNewRole) {
    refuse({
      prop: prop(forNewRole),
      allowed: 'omitted with deploymentRole',
      remedy: 'add the permissions to that role',
    });
  }
}
