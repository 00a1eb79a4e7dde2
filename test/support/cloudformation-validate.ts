/** Where the CDK finds the validation of templates that it runs at each synth; undefined for a version without one. */
export const cloudFormationValidate = resolved('@aws/cloudformation-validate');

function resolved(name: string): string | undefined {
  try {
    return require.resolve(name, { paths: [require.resolve('aws-cdk-lib')] });
  } catch {
    return undefined;
  }
}
