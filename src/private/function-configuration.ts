import { IResolveContext, Lazy, Stack, TagManager } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { refuse } from './validation';
import { AliasPermission } from '../handlers/release/contract';

/**
 * The configuration of a function as JSON, under the names of Lambda's API. Each field that a user may take away again is always
 * there with its empty value, so that taking it away is applied too.
 */
export function renderFunctionConfiguration(
  resource: lambda.CfnFunction, tags: TagManager, permissions: { [id: string]: lambda.Permission },
): string {
  const granted = sorted(permissions).map(([id, permission]) => aliasPermission(id, permission));
  const properties = Lazy.uncachedAny({
    produce: (context) => ({
      ...configuration(resource, context),
      ...(tags.hasTags() ? { Tags: Object.fromEntries(sorted(tags.tagValues())) } : {}),
      ...(granted.length > 0 ? { Permissions: granted } : {}),
    }),
  });
  return Stack.of(resource).toJsonString(properties);
}

function configuration(resource: lambda.CfnFunction, context: IResolveContext): object {
  const value = (property: keyof lambda.CfnFunction) => context.resolve(resource[property]);
  const get = (property: keyof lambda.CfnFunction) => capitalised(value(property));
  return {
    PackageType: resource.packageType,
    Runtime: resource.runtime,
    Handler: resource.handler,
    Role: resource.role,
    Description: resource.description ?? '',
    MemorySize: resource.memorySize ?? 128,
    Timeout: resource.timeout ?? 3,
    Architectures: resource.architectures ?? ['x86_64'],
    Environment: { Variables: Object.fromEntries(sorted(value('environment')?.variables ?? {})) },
    Layers: value('layers') ?? [],
    VpcConfig: get('vpcConfig') ?? { SubnetIds: [], SecurityGroupIds: [] },
    TracingConfig: get('tracingConfig') ?? { Mode: 'PassThrough' },
    EphemeralStorage: get('ephemeralStorage') ?? { Size: 512 },
    DeadLetterConfig: get('deadLetterConfig') ?? { TargetArn: '' },
    FileSystemConfigs: get('fileSystemConfigs') ?? [],
    KMSKeyArn: resource.kmsKeyArn ?? '',
    SnapStart: get('snapStart') ?? { ApplyOn: 'None' },
    LoggingConfig: { LogFormat: 'Text', ...get('loggingConfig') },
  };
}

/** By name, because Java and Go have maps without an order: a synth that changes nothing else must not start the pipeline. */
function sorted<Value>(values: { [name: string]: Value }): [string, Value][] {
  return Object.entries(values).sort(([one], [other]) => one < other ? -1 : 1);
}

/** CloudFormation's own classes begin property names with a small letter, Lambda's API with a capital one. */
function capitalised(value: any): any {
  if (Array.isArray(value)) {
    return value.map(capitalised);
  }
  if (typeof value !== 'object' || value === null || isIntrinsic(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.charAt(0).toUpperCase() + key.slice(1), capitalised(inner)]));
}

function isIntrinsic(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

function aliasPermission(id: string, permission: lambda.Permission): AliasPermission {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(id)) {
    refuse({ prop: 'permissions of the target function', allowed: 'keyed with 1 to 100 letters, digits, hyphens and underscores', given: id, remedy: 'for example { ApiGateway: … }' });
  }
  return {
    StatementId: id,
    Action: permission.action ?? 'lambda:InvokeFunction',
    Principal: principalOf(id, permission.principal),
    SourceArn: permission.sourceArn,
    SourceAccount: permission.sourceAccount,
    PrincipalOrgID: permission.organizationId,
    EventSourceToken: permission.eventSourceToken,
    FunctionUrlAuthType: permission.functionUrlAuthType,
  };
}

/** Lambda takes one service, account or ARN. */
function principalOf(id: string, principal: iam.IPrincipal): string {
  const named = Object.values(principal.policyFragment.principalJson).flat();
  if (named.length !== 1) {
    refuse({ prop: `permissions.${id} of the target function`, allowed: 'for one principal', given: `${named.length} principals`, remedy: 'give each principal a permission of its own' });
  }
  return named[0];
}
