import { CfnDynamicReference, Tokenization } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { refuse } from './validation';

/** Refuses a text that CloudFormation replaces by the secret itself. */
export function requireNoSecret(prop: string, value: unknown, readers: string, remedy: string): void {
  if (typeof value === 'string' && isSecret(value)) {
    refuse({
      prop,
      allowed: `no secret, because everybody who may read ${readers} reads it`,
      given: 'a secret',
      remedy,
    });
  }
}

/** Refuses secrets in the plain text of a build's environment. */
export function requireReferences(
  prop: string,
  variables: { [name: string]: codebuild.BuildEnvironmentVariable } = {},
): void {
  for (const [name, { type, value }] of Object.entries(variables)) {
    if (
      (type ?? codebuild.BuildEnvironmentVariableType.PLAINTEXT) === codebuild.BuildEnvironmentVariableType.PLAINTEXT
    ) {
      requireNoSecret(
        `${prop}.${name}`,
        value,
        'the build project',
        'give its name, with the type SECRETS_MANAGER or PARAMETER_STORE',
      );
    }
  }
}

function isSecret(value: string): boolean {
  const references = Tokenization.reverseString(value).tokens.filter((token) => token instanceof CfnDynamicReference);
  return [value, ...references.map((reference) => reference.resolve(undefined as never))].some((text) =>
    /\{\{resolve:(secretsmanager|ssm-secure):/.test(text),
  );
}
