import { IResolveContext, Lazy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';

/**
 * The configuration of a function as JSON, under the names of Lambda's API. Each field that a user may take away again is always
 * there with its empty value, so that taking it away is applied too.
 */
export function renderFunctionConfiguration(resource: lambda.CfnFunction): string {
  const properties = Lazy.uncachedAny({ produce: (context) => configuration(resource, context) });
  return Stack.of(resource).toJsonString(properties);
}

function configuration(resource: lambda.CfnFunction, context: IResolveContext): object {
  const value = (property: keyof lambda.CfnFunction) => context.resolve(resource[property]);
  const get = (property: keyof lambda.CfnFunction) => capitalised(value(property));
  return {
    Runtime: resource.runtime,
    Handler: resource.handler,
    Role: resource.role,
    Description: resource.description ?? '',
    MemorySize: resource.memorySize ?? 128,
    Timeout: resource.timeout ?? 3,
    Architectures: resource.architectures ?? ['x86_64'],
    Environment: { Variables: value('environment')?.variables ?? {} },
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
