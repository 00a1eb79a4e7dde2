import { CustomResource } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { scaleAlias } from './alias-scaling';
import { ILiveAlias } from './live-alias';
import { FUNCTION_RESOURCE } from '../handlers/release/contract';

/** What the construct knows about a function that is not a resource of the template. */
export interface ManagedFunctionProps {
  /** The name without a reference, for metrics: an alarm does not wait for the function. */
  readonly literalName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly role?: iam.IRole;
  readonly architecture: lambda.Architecture;
  readonly connections?: ec2.Connections;
}

/**
 * A function whose name and ARN are attributes of the custom resource, so that everything that refers to the function
 * waits until the function exists. The CDK's own imports accept no permissions for an ARN that is a token.
 */
export class ManagedFunction extends lambda.FunctionBase {
  public readonly functionName: string;
  public readonly functionArn: string;
  public readonly role?: iam.IRole;
  public readonly grantPrincipal: iam.IPrincipal;
  public readonly architecture: lambda.Architecture;
  public readonly tenancyConfig = undefined;
  public readonly permissionsNode = this.node;
  protected readonly canCreatePermissions: boolean = true;
  private readonly literalName: string;

  constructor(scope: Construct, id: string, props: ManagedFunctionProps) {
    super(scope, id);
    this.literalName = props.literalName;
    this.functionName = props.functionName;
    this.functionArn = props.functionArn;
    this.role = props.role;
    this.grantPrincipal = props.role ?? new iam.UnknownPrincipal({ resource: this });
    this.architecture = props.architecture;
    this._connections = props.connections;
  }

  public get resourceArnsForGrantInvoke(): string[] {
    return [this.functionArn, `${this.functionArn}:*`];
  }

  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return super.metric(metricName, { dimensionsMap: { FunctionName: this.literalName }, ...props });
  }
}

/** What the construct knows about an alias that is not a resource of the template. */
export interface ManagedAliasProps {
  readonly lambda: lambda.IFunction;
  readonly literalName: string;
  readonly aliasName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly connections?: ec2.Connections;
}

/** An alias whose name and ARN are attributes of the custom resource. The pipeline moves the alias. */
export class ManagedAlias extends lambda.QualifiedFunctionBase implements ILiveAlias {
  public readonly lambda: lambda.IFunction;
  public readonly aliasName: string;
  public readonly functionName: string;
  public readonly functionArn: string;
  /** The pipeline chooses the version, so the stack does not know its number. */
  public readonly version: lambda.IVersion;
  protected readonly qualifier: string;
  protected readonly canCreatePermissions: boolean = true;
  private readonly literalName: string;
  private scaling?: lambda.IScalableFunctionAttribute;

  constructor(scope: Construct, id: string, props: ManagedAliasProps) {
    super(scope, id);
    this.lambda = props.lambda;
    this.literalName = props.literalName;
    this.aliasName = props.aliasName;
    this.qualifier = props.aliasName;
    this.functionName = props.functionName;
    this.functionArn = props.functionArn;
    this.version = props.lambda.latestVersion;
    this._connections = props.connections;
  }

  public get grantPrincipal(): iam.IPrincipal {
    return this.lambda.grantPrincipal;
  }

  public get role(): iam.IRole | undefined {
    return this.lambda.role;
  }

  public get architecture(): lambda.Architecture {
    return this.lambda.architecture;
  }

  public get aliasRef(): lambda.AliasReference {
    return { aliasArn: this.functionArn };
  }

  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const dimensionsMap = { FunctionName: this.literalName, Resource: `${this.literalName}:${this.aliasName}` };
    return super.metric(metricName, { dimensionsMap, ...props });
  }

  public addAutoScaling(options: lambda.AutoScalingOptions): lambda.IScalableFunctionAttribute {
    this.scaling = scaleAlias(this, options, this.scaling);
    return this.scaling;
  }
}

/** Names that resources of the stack refer to. */
export interface FunctionNames {
  readonly functionName: string;
  readonly functionArn: string;
  readonly aliasArn: string;
}

/** Returns the names as attributes of the custom resource, so that whatever refers to them waits for it. */
export function namesOf(resource: CustomResource): FunctionNames {
  const { attributes } = FUNCTION_RESOURCE;
  return {
    functionName: resource.getAttString(attributes.functionName),
    functionArn: resource.getAttString(attributes.functionArn),
    aliasArn: resource.getAttString(attributes.aliasArn),
  };
}

/** Creates the function and the alias with these names. */
export function createManagedAlias(
  scope: Construct,
  { functionName, functionArn, aliasArn }: FunctionNames,
  props: Omit<ManagedFunctionProps, 'functionName' | 'functionArn'> & { readonly aliasName: string },
): { readonly targetFunction: ManagedFunction; readonly alias: ManagedAlias } {
  const { literalName, aliasName, connections } = props;
  const targetFunction = new ManagedFunction(scope, 'Function', { ...props, functionName, functionArn });
  const alias = new ManagedAlias(scope, 'Alias', {
    lambda: targetFunction,
    literalName,
    aliasName,
    functionName: `${functionName}:${aliasName}`,
    functionArn: aliasArn,
    connections,
  });
  return { targetFunction, alias };
}
