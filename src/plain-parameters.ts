import { CfnCondition, CfnParameter, CfnParameterProps, Fn, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { nameOf } from './handlers/release/contract';
import { PROJECT_NAME } from './private/project-name';
import { handlerForm } from './private/runtime/runtime';

/** Adds a text parameter to the template. */
export function textParameter(stack: Stack, name: string, props: CfnParameterProps): string {
  return new CfnParameter(stack, name, { type: 'String', ...props }).valueAsString;
}

/** Adds a parameter for an integer to the template. */
export function numberParameter(stack: Stack, name: string, props: CfnParameterProps): number {
  const range = `must be an integer between ${props.minValue} and ${props.maxValue}`;
  return new CfnParameter(stack, name, { type: 'Number', constraintDescription: range, ...props }).valueAsNumber;
}

/** Adds an optional parameter to the template. An empty value means the other value. */
export function optionalParameter(stack: Stack, name: string, otherwise: string, props: CfnParameterProps): string {
  const value = textParameter(stack, name, { default: '', ...props });
  const given = new CfnCondition(stack, `Has${name}`, { expression: Fn.conditionNot(Fn.conditionEquals(value, '')) });
  return Fn.conditionIf(given.logicalId, value, otherwise).toString();
}

/*
 * The valid values of each parameter. CloudFormation evaluates the patterns in Java, where a bracket in a character
 * class needs a backslash. No pattern allows a quote or a backslash if the value becomes part of JSON or of a command.
 */

export const PROJECT_NAME_PROPS: CfnParameterProps = {
  description: 'Name of the project, which names all resources; a change replaces everything except the function',
  allowedPattern: PROJECT_NAME.pattern.source,
  minLength: 1,
  maxLength: PROJECT_NAME.longest,
  constraintDescription:
    `must be 1 to ${PROJECT_NAME.longest} ${PROJECT_NAME.characters}, and must not start with xn--, sthree- or ` +
    `amzn-s3-demo-, because it names the bucket "${nameOf('artifactBucket', '<ProjectName>')}"; ` +
    'for example inventory-allocation',
};

export const PROJECT_DESCRIPTION_PROPS: CfnParameterProps = {
  description: 'Description of the project; empty for its name',
  maxLength: 200,
  constraintDescription: 'must be at most 200 characters',
};

export const FUNCTION_NAME_PROPS: CfnParameterProps = {
  description: 'Name of the function; empty for the name of the project',
  allowedPattern: '^[A-Za-z0-9_-]{0,64}$',
  constraintDescription: 'must be the name, not the ARN: at most 64 letters, digits, hyphens, and underscores',
};

export const DEPLOYMENT_CONFIG_NAME_PROPS: CfnParameterProps = {
  description:
    `Name of the deployment configuration; empty for "${nameOf('deploymentConfig', '<ProjectName>')}" and ` +
    'the numbers. CodeDeploy cannot change a deployment configuration: use another name with another --deployment',
  allowedPattern: '^(?!CodeDeployDefault\\.)[\\w+=,.@-]{0,100}$',
  constraintDescription:
    'must be at most 100 letters, digits, and + = , . @ - _, and must not start with "CodeDeployDefault."',
};

export const CONNECTION_REPOSITORY_PROPS: CfnParameterProps = {
  description: 'Repository of the connection, in the same case as at the provider: owner/name',
  allowedPattern: '^(?!.*\\.git$)[^/\\s:"\\\\]+(/[^/\\s:"\\\\]+)+$',
  constraintDescription:
    'must be owner/name, not a URL, and must not end with .git; for example acme/inventory-allocation',
};

export const CODE_COMMIT_REPOSITORY_PROPS: CfnParameterProps = {
  description: 'Name of the CodeCommit repository',
  allowedPattern: '^(?!.*\\.git$)[\\w.-]{1,100}$',
  constraintDescription:
    'must be the name, not the ARN or the URL: 1 to 100 letters, digits, and . _ -, and must not end with .git',
};

export const BRANCH_PROPS: CfnParameterProps = {
  description: 'Branch that starts the pipeline on a push',
  default: 'main',
  allowedPattern: '^[^\\s~^:?*\\[\\\\"]+$',
  constraintDescription: 'must be the name of a single branch, not a pattern; for example main',
};

export const CONNECTION_ARN_PROPS: CfnParameterProps = {
  description: 'ARN of a connection with the status AVAILABLE: Developer Tools > Settings > Connections',
  allowedPattern: '^arn:[\\w-]+:(codeconnections|codestar-connections):[\\w-]+:\\d{12}:connection/[\\w-]+$',
  constraintDescription: 'must be the ARN of a connection, arn:aws:codeconnections:<region>:<account>:connection/<id>',
};

export const SOURCE_BUCKET_PROPS: CfnParameterProps = {
  description: 'Bucket that contains the source as a zip file; must be versioned and send events to EventBridge',
  allowedPattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
  constraintDescription: 'must be the name of a bucket: 3 to 63 lowercase letters, digits, dots, and hyphens',
};

export const SOURCE_KEY_PROPS: CfnParameterProps = {
  description: 'Key of the zip file that contains the source',
  default: 'source.zip',
  allowedPattern: '^[^/"\\\\][^"\\\\]*\\.zip$',
  constraintDescription: 'must be the key of a .zip file, without a leading slash; for example releases/source.zip',
};

/** Returns the valid handlers of the runtime. */
export function handlerProps(runtime: lambda.Runtime): CfnParameterProps {
  const { pattern, form, example } = handlerForm(runtime)!;
  const notAFile = runtime.family === lambda.RuntimeFamily.PYTHON ? '(?!.*\\.py$)' : '';
  return {
    description: `Handler in the package: ${form}`,
    allowedPattern: pattern.source.replace('^', `^${notAFile}`),
    maxLength: 128,
    constraintDescription: `must be ${form}, at most 128 characters, for ${runtime.name}; for example ${example}`,
  };
}

/** One part of a path. It does not leave the repository and has no characters that a shell interprets. */
const PATH_PART = '(?!\\.\\.?(/|$))[\\w.@+ -]+';

/** Returns the valid paths in the repository. */
export function pathProps(description: string, path: string): CfnParameterProps {
  return {
    description: `${description}, relative to the root of the repository`,
    default: path,
    allowedPattern: `^(?![ -])(\\.|${PATH_PART}(/${PATH_PART})*)$`,
    constraintDescription:
      'must be a path inside the repository, relative to its root, with only letters, digits, spaces, and ' +
      `. _ - + @ /, and without a trailing slash; for example ${path}`,
  };
}

/** The valid names in CodeArtifact. */
export const CODE_ARTIFACT_PROPS = {
  domain: {
    description: 'CodeArtifact domain of the dependencies',
    allowedPattern: '^[a-z][a-z0-9-]{0,48}[a-z0-9]$',
    constraintDescription:
      'must be the name, not the ARN: 2 to 50 lowercase letters, digits, and hyphens, starting with a letter',
  },
  repository: {
    description: 'Repository of the CodeArtifact domain',
    allowedPattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,99}$',
    constraintDescription: 'must be the name, not the ARN or the endpoint: 2 to 100 letters, digits, and . _ -',
  },
  owner: {
    description: 'Account that owns the CodeArtifact domain; empty for the account of the stack',
    allowedPattern: '^(\\d{12})?$',
    constraintDescription: 'must be an account ID of 12 digits, or empty',
  },
};
