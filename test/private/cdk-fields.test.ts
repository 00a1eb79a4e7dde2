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
      ...['fileSystemConfigs', 'kmsKeyArn', 'snapStart', 'loggingConfig', 'durableConfig'],
    ],
    'the code and the name, which the pipeline sets itself': ['code', 'functionName'],
    'the tags of the function, applied separately': ['tags'],
    'refused by NOT_APPLIED and REFUSED of src/target-function/function-options.ts': [
      ...['reservedConcurrentExecutions', 'codeSigningConfigArn', 'runtimeManagementConfig', 'recursiveLoop'],
      'tenancyConfig',
    ],
    'not an option of the CDK function without the props of an image': ['imageConfig'],
    'not an option of the CDK function': [
      'capacityProviderConfig',
      'functionScalingConfig',
      'publishToLatestPublished',
    ],
  },
  'aws_lambda.EcrImageCodeProps': {
    'of an image, which the pipeline chooses': ['tag', 'tagOrDigest'],
    'not an option yet': ['cmd', 'entrypoint', 'workingDirectory'],
  },
};

test.each(Object.keys(DECIDED))('each field of %s is decided about', (type) => {
  expect(fieldsOf(type).sort()).toEqual(Object.values(DECIDED[type]).flat().sort());
});
