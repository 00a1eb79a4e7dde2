import * as fs from 'node:fs';
import { gunzipSync } from 'node:zlib';

interface Assembly {
  readonly types: Record<string, { readonly properties?: { readonly name: string }[] }>;
}

const ASSEMBLY: Assembly = JSON.parse(gunzipSync(fs.readFileSync('node_modules/aws-cdk-lib/.jsii.gz')).toString());
const fieldsOf = (type: string) => (ASSEMBLY.types[`aws-cdk-lib.${type}`].properties ?? []).map(({ name }) => name);

/**
 * Each field of a type that the construct translates field by field, and what happens to the field. A field that a
 * newer CDK adds fails this test instead of vanishing: decide about it here and in the code.
 */
const DECIDED: Record<string, Record<string, string[]>> = {
  'aws_lambda.CfnFunctionProps': {
    'part of the configuration (src/private/function-configuration.ts)': [
      ...['packageType', 'runtime', 'handler', 'role', 'description', 'memorySize', 'timeout', 'architectures'],
      ...['environment', 'layers', 'vpcConfig', 'tracingConfig', 'ephemeralStorage', 'deadLetterConfig'],
      ...['fileSystemConfigs', 'kmsKeyArn', 'snapStart', 'loggingConfig', 'durableConfig', 'imageConfig'],
    ],
    'the code and the name, which the pipeline sets itself': ['code', 'functionName'],
    'the tags of the function, applied separately': ['tags'],
    'refused by NOT_APPLIED and REFUSED of src/target-function/function-options.ts': [
      ...['reservedConcurrentExecutions', 'codeSigningConfigArn', 'runtimeManagementConfig', 'recursiveLoop'],
      'tenancyConfig',
    ],
    'not an option of the CDK function': [
      'capacityProviderConfig',
      'functionScalingConfig',
      'publishToLatestPublished',
    ],
  },
  'aws_lambda.EcrImageCodeProps': {
    'of an image, which the pipeline chooses': ['tag', 'tagOrDigest'],
    'options of TargetFunction.createFromImage': ['cmd', 'entrypoint', 'workingDirectory'],
  },
  'aws_lambda.FunctionProps': {
    'required options of TargetFunction.create, and part of an image': ['handler', 'runtime'],
    'the code, which each run of the pipeline provides': ['code'],
  },
  'aws_lambda.FunctionOptions': {
    'in a field of the configuration': [
      ...['architecture', 'description', 'environment', 'environmentEncryption', 'ephemeralStorageSize', 'filesystem'],
      ...['memorySize', 'role', 'snapStart', 'timeout', 'tracing', 'deadLetterQueue', 'deadLetterTopic', 'layers'],
      'durableConfig',
      ...['applicationLogLevel', 'applicationLogLevelV2', 'systemLogLevel', 'systemLogLevelV2', 'logFormat'],
      ...['loggingFormat', 'logGroup', 'vpc', 'vpcSubnets', 'securityGroups', 'ipv6AllowedForDualStack'],
    ],
    'the CDK turns it into layers and variables': [
      ...['adotInstrumentation', 'insightsVersion', 'paramsAndSecrets', 'profiling', 'profilingGroup'],
    ],
    'the CDK turns it into another resource, or a permission of the role': [
      ...['allowAllIpv6Outbound', 'allowAllOutbound', 'deadLetterQueueEnabled', 'initialPolicy'],
    ],
    'a check of the CDK': ['allowPublicSubnet'],
    'the name of the function': ['functionName'],
    'refused by NOT_APPLIED of src/target-function/function-options.ts': [
      ...['events', 'currentVersionOptions', 'reservedConcurrentExecutions', 'codeSigningConfig'],
      ...['recursiveLoop', 'runtimeManagementMode', 'tenancyConfig'],
      ...['logRetention', 'logRetentionRole', 'logRetentionRetryOptions', 'logRemovalPolicy'],
    ],
  },
  'aws_lambda.EventInvokeConfigOptions': {
    'refused by NOT_APPLIED: part of the alias': ['maxEventAge', 'onFailure', 'onSuccess', 'retryAttempts'],
  },
  // A field in one of these needs a look at `comparable` in src/handlers/release/function/configuration.ts.
  'aws_lambda.CfnFunction.VpcConfigProperty': {
    compared: ['ipv6AllowedForDualStack', 'securityGroupIds', 'subnetIds'],
  },
  'aws_lambda.CfnFunction.LoggingConfigProperty': {
    compared: ['applicationLogLevel', 'logFormat', 'logGroup', 'systemLogLevel'],
  },
  'aws_lambda.CfnFunction.FileSystemConfigProperty': { compared: ['arn', 'localMountPath'] },
  'aws_lambda.CfnFunction.ImageConfigProperty': { compared: ['command', 'entryPoint', 'workingDirectory'] },
  'aws_lambda.CfnFunction.EnvironmentProperty': { compared: ['variables'] },
  'aws_lambda.CfnFunction.SnapStartProperty': { compared: ['applyOn'] },
  'aws_lambda.CfnFunction.EphemeralStorageProperty': { compared: ['size'] },
  'aws_lambda.CfnFunction.TracingConfigProperty': { compared: ['mode'] },
  'aws_lambda.CfnFunction.DeadLetterConfigProperty': { compared: ['targetArn'] },
  'aws_lambda.CodeImageConfig': {
    'the image, which the pipeline chooses': ['imageUri'],
    'in the field ImageConfig': ['cmd', 'entrypoint', 'workingDirectory'],
  },
  'aws_lambda.FileSystemConfig': {
    'in the field FileSystemConfigs': ['arn', 'localMountPath'],
    'the CDK applies them to the role, the security groups and the order of creation': [
      ...['connections', 'dependency', 'policies'],
    ],
  },
};

test.each(Object.keys(DECIDED))('each field of %s is decided about', (type) => {
  expect(fieldsOf(type).sort()).toEqual(Object.values(DECIDED[type]).flat().sort());
});
