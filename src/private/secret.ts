import { CfnDynamicReference, Tokenization } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { refuse } from './validation';

/** Refuses a text that CloudFormation would replace with the value of a secret. */
export function requireNoSecret(prop: string, value: unknown, readable: string, remedy: string): void {
  if (typeof value === 'string' && isSecret(value)) {
    refuse({
      prop,
      allowed: `a value other than a secret, because everyone who can read ${readable} can read this value`,
      remedy,
    });
  }
}

/** Refuses secrets in the plaintext environment variables of a build. */
export function requireReferences(
  prop: string,
  variables: { [name: string]: codebuild.BuildEnvironmentVariable } = {},
): void {
  const { PLAINTEXT } = codebuild.BuildEnvironmentVariableType;
  for (const [name, { type = PLAINTEXT, value }] of Object.entries(variables)) {
    if (type === PLAINTEXT) {
      const remedy = 'set the type to SECRETS_MANAGER or PARAMETER_STORE, and the value to the name of the secret';
      requireNoSecret(`${prop}.${name}`, value, 'the build project', remedy);
    }
  }
}

/** Returns whether CloudFormation would replace a part of a text with a secret. */
export function isSecret(value: string): boolean {
  const references = Tokenization.reverseString(value).tokens.filter((token) => token instanceof CfnDynamicReference);
  return [value, ...references.map((reference) => reference.resolve(undefined as never))].some((text) =>
    /\{\{resolve:(secretsmanager|ssm-secure):/.test(text),
  );
}
