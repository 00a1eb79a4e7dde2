import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  createdTarget,
  requireAliasName,
  requireFunctionName,
  TargetFunctionBindOptions,
  TargetFunctionConfig,
  TargetFunctionKind,
} from './config';
import { acknowledgeWildcard } from '../private/acknowledgement';
import { arnOf } from '../private/arn';
import { requireRuntime } from '../private/runtime/runtime';
import { serviceRole } from '../private/service-role';
import { refuse, requirePattern, requireRepositoryPath } from '../private/validation';

/** Options of `TargetFunction.createFromTemplate`. */
export interface CreateFromTemplateOptions {
  /** The CloudFormation template, relative to the repository's root: for example `Backend/env/env_src/CICDLambdaCreateOnPipeline.yml`. */
  readonly templatePath: string;

  /**
   * The template's parameters, relative to the repository's root: a JSON file in the form of CodePipeline (`{ "Parameters": {…} }`), of the
   * AWS CLI (`[{ "ParameterKey": …, "ParameterValue": … }]`) or a plain object.
   *
   * @default - no parameters: the template's own defaults
   */
  readonly parametersPath?: string;

  /** Runtime of the function, by which the build is chosen. */
  readonly runtime: lambda.Runtime;

  /**
   * Architecture that the package is built for.
   *
   * @default lambda.Architecture.X86_64
   */
  readonly architecture?: lambda.Architecture;

  /**
   * Name that the template gives to the function.
   *
   * @default - the project's name
   */
  readonly functionName?: string;

  /**
   * Name of the alias that everybody invokes. When the template makes none, the pipeline does.
   *
   * @default 'live'
   */
  readonly aliasName?: string;

  /**
   * Name of the template's stack. Roles in the template may be made when their names begin with it, which those without a name of their own do.
   *
   * @default - `<projectName>-function`
   */
  readonly stackName?: string;

  /**
   * Role that CloudFormation makes the template's resources with.
   *
   * @default - a new role that may make the function, its alias and versions, its log group, and an execution role with managed policies of Lambda
   */
  readonly deploymentRole?: iam.IRole;

  /**
   * What CloudFormation's new role may do beside that, for whatever else the template makes.
   *
   * @default - nothing
   */
  readonly permissions?: iam.PolicyStatement[];

  /**
   * Whether CloudFormation's new role may do everything. Whoever can push to the repository can then do everything too.
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
  const stackName = options.stackName ?? `${projectName}-function`;
  const role = options.deploymentRole ?? createRole(scope, options, { functionName, stackName });
  return {
    ...createdTarget(scope, {
      functionName,
      aliasName: options.aliasName,
      runtime: options.runtime,
      architecture: options.architecture,
    }),
    template: { role, templatePath: options.templatePath, parametersPath: options.parametersPath, stackName },
    statements: statements(scope, stackName, role),
  };
}

function statements(scope: Construct, stackName: string, role: iam.IRole): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: [
        'cloudformation:CreateStack',
        'cloudformation:DescribeStacks',
        'cloudformation:DescribeStackEvents',
        'cloudformation:DeleteStack',
      ],
      resources: [
        Stack.of(scope).formatArn({ service: 'cloudformation', resource: 'stack', resourceName: `${stackName}/*` }),
      ],
    }),
    new iam.PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    }),
  ];
}

interface Made {
  readonly functionName: string;
  readonly stackName: string;
}

function createRole(
  scope: Construct,
  options: CreateFromTemplateOptions,
  { functionName, stackName }: Made,
): iam.IRole {
  const { permissions = [], adminPermissions } = options;
  const role = serviceRole(scope, 'CloudFormationServiceRole', {
    assumedBy: new iam.ServicePrincipal('cloudformation.amazonaws.com'),
    description: `Makes the function ${functionName} from the template in the source`,
    statements: adminPermissions
      ? [new iam.PolicyStatement({ actions: ['*'], resources: ['*'] })]
      : [...functionStatements(scope, functionName), ...roleStatements(scope, stackName), ...permissions],
  });
  const functionArn = arnOf(scope, 'lambda', 'function', functionName);
  acknowledgeWildcard(role, `${functionArn}:*`, 'versions are numbered when they are made');
  acknowledgeWildcard(
    role,
    `${arnOf(scope, 'logs', 'log-group', `/aws/lambda/${functionName}`)}:*`,
    'a log group is named with its streams',
  );
  acknowledgeWildcard(
    role,
    roleArn(scope, stackName),
    'CloudFormation makes up the rest of the name of a role without one',
  );
  return role;
}

function functionStatements(scope: Construct, functionName: string): iam.PolicyStatement[] {
  const functionArn = arnOf(scope, 'lambda', 'function', functionName);
  const logGroupArn = arnOf(scope, 'logs', 'log-group', `/aws/lambda/${functionName}`);
  return [
    new iam.PolicyStatement({
      actions: [
        'lambda:CreateFunction',
        'lambda:GetFunction',
        'lambda:GetFunctionConfiguration',
        'lambda:DeleteFunction',
        'lambda:PublishVersion',
        'lambda:ListVersionsByFunction',
        'lambda:CreateAlias',
        'lambda:GetAlias',
        'lambda:DeleteAlias',
        'lambda:AddPermission',
        'lambda:RemovePermission',
        'lambda:TagResource',
        'lambda:ListTags',
      ],
      resources: [functionArn, `${functionArn}:*`],
    }),
    new iam.PolicyStatement({
      actions: ['logs:CreateLogGroup', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:TagResource'],
      resources: [logGroupArn, `${logGroupArn}:*`],
    }),
  ];
}

/** A role for the function, but not with any right: only the managed policies of Lambda can be attached, or the repository could give itself everything. */
function roleStatements(scope: Construct, stackName: string): iam.PolicyStatement[] {
  const resources = [roleArn(scope, stackName)];
  const managed = (name: string) =>
    Stack.of(scope).formatArn({ service: 'iam', region: '', account: 'aws', resource: 'policy', resourceName: name });
  return [
    new iam.PolicyStatement({
      actions: [
        'iam:CreateRole',
        'iam:GetRole',
        'iam:DeleteRole',
        'iam:TagRole',
        'iam:ListRolePolicies',
        'iam:ListAttachedRolePolicies',
      ],
      resources,
    }),
    new iam.PolicyStatement({
      actions: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
      resources,
      conditions: {
        ArnEquals: {
          'iam:PolicyARN': [
            managed('service-role/AWSLambdaBasicExecutionRole'),
            managed('service-role/AWSLambdaVPCAccessExecutionRole'),
            managed('AWSXRayDaemonWriteAccess'),
          ],
        },
      },
    }),
    new iam.PolicyStatement({
      actions: ['iam:PassRole'],
      resources,
      conditions: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    }),
  ];
}

function roleArn(scope: Construct, stackName: string): string {
  return Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: `${stackName}-*` });
}

function validate(options: CreateFromTemplateOptions): void {
  const prop = (name: string) => `${name} of TargetFunction.createFromTemplate`;
  requireRepositoryPath(prop('templatePath'), options.templatePath);
  requireRepositoryPath(prop('parametersPath'), options.parametersPath);
  for (const name of ['templatePath', 'parametersPath'] as const) {
    requirePattern(options[name], /^.{1,300}$/, {
      prop: prop(name),
      allowed: 'at most 300 characters, because CodePipeline takes 1000 for all parameters of an action',
      remedy: 'use a shorter path',
    });
  }
  requirePattern(options.templatePath, /\.(ya?ml|json|template)$/, {
    prop: prop('templatePath'),
    allowed: 'a file that ends with .yml, .yaml, .json or .template',
    remedy: 'give the template itself, not its folder',
  });
  requirePattern(options.parametersPath, /\.json$/, {
    prop: prop('parametersPath'),
    allowed: 'a file that ends with .json',
    remedy: 'write the parameters as JSON',
  });
  requireRuntime(prop('runtime'), options.runtime);
  requireFunctionName(prop('functionName'), options.functionName);
  requireAliasName(prop('aliasName'), options.aliasName);
  requirePattern(options.stackName, /^[A-Za-z][A-Za-z0-9-]{0,127}$/, {
    prop: prop('stackName'),
    allowed: '1 to 128 letters, digits and hyphens, beginning with a letter',
    remedy: 'choose another name',
  });
  const ofTheNewRole = [
    options.permissions && 'permissions',
    options.adminPermissions !== undefined && 'adminPermissions',
  ].filter(Boolean);
  if (options.deploymentRole && ofTheNewRole.length > 0) {
    refuse({
      prop: prop(`${ofTheNewRole[0]}`),
      allowed: 'left out when deploymentRole is given',
      given: ofTheNewRole,
      remedy: 'give the rights to the role that you bring',
    });
  }
}
