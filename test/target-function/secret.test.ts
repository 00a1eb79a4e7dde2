import { SecretValue } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { TargetFunction } from '../../src';

test('fails when the environment holds a secret', () => {
  const environment = { PASSWORD: SecretValue.secretsManager('database').unsafeUnwrap() };
  expect(() =>
    TargetFunction.create({ runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.handler', environment }),
  ).toThrow(
    /^environment\.PASSWORD of TargetFunction\.create must be a value other than a secret, because everyone who can read the resource can read this value; pass the name or the ARN of the secret, and read the secret at run time$/,
  );
});
