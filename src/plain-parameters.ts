import { CfnCondition, CfnParameter, CfnParameterProps, Fn, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PROJECT_NAME } from './private/project-name';
import { handlerForm } from './private/runtime/runtime';

/** Adds a parameter with text to the template. */
export function textParameter(stack: Stack, name: string, props: CfnParameterProps): string {
  return new CfnParameter(stack, name, { type: 'String', ...props }).valueAsString;
}

/** Adds a parameter with a whole number to the template. */
export function numberParameter(stack: Stack, name: string, props: CfnParameterProps): number {
  const range = `must be a whole number from ${props.minValue} to ${props.maxValue}`;
  return new CfnParameter(stack, name, { type: 'Number', constraintDescription: range, ...props }).valueAsNumber;
}

/** Adds a parameter that may be left empty, for something else in its place. */
export function optionalParameter(stack: Stack, name: string, otherwise: string, props: CfnParameterProps): string {
  const value = textParameter(stack, name, { default: '', ...props });
  const given = new CfnCondition(stack, `Has${name}`, { expression: Fn.conditionNot(Fn.conditionEquals(value, '')) });
  return Fn.conditionIf(given.logicalId, value, otherwise).toString();
}

/*
 * What each parameter allows. The patterns are for Java, which CloudFormation checks them with: a bracket in a class has a backslash
 * there. None allows a quote or a backslash where the value becomes part of a JSON text or of a command.
 */

export const PROJECT_NAME_PROPS: CfnParameterProps = {
  description: 'Name of the project, which names everything; changing it replaces everything but the function',
  allowedPattern: PROJECT_NAME.pattern.source,
  minLength: 1,
  maxLength: PROJECT_NAME.longest,
  constraintDescription:
    `must be 1 to ${PROJECT_NAME.longest} ${PROJECT_NAME.characters}, and not begin with xn--, sthree- or amzn-s3-demo-,` +
    ' because it names the bucket "<ProjectName>-artifact-store"; for example inventory-allocation',
};

export const PROJECT_DESCRIPTION_PROPS: CfnParameterProps = {
  description: 'What the project is, for descriptions; empty for its name',
  maxLength: 200,
  constraintDescription: 'must be at most 200 characters',
};

export const FUNCTION_NAME_PROPS: CfnParameterProps = {
  description: 'Name of the function; empty for the name of the project',
  allowedPattern: '^[A-Za-z0-9_-]{0,64}$',
  constraintDescription: 'must be at most 64 letters, digits, hyphens and underscores: the name, not the ARN',
};

export const DEPLOYMENT_CONFIG_NAME_PROPS: CfnParameterProps = {
  description:
    'Name of the deployment configuration; empty for "<ProjectName>-config". CodeDeploy never changes one: with another --deployment give another name',
  allowedPattern: '^(?!CodeDeployDefault\\.)[\\w+=,.@-]{0,100}$',
  constraintDescription:
    'must be at most 100 letters, digits and + = , . @ - _, and not begin with "CodeDeployDefault."',
};

export const CONNECTION_REPOSITORY_PROPS: CfnParameterProps = {
  description: 'Repository behind the connection, as the provider writes it: owner/name',
  allowedPattern: '^(?!.*\\.git$)[^/\\s:"\\\\]+(/[^/\\s:"\\\\]+)+$',
  constraintDescription:
    'must be owner/name, neither a URL nor ending with .git; for example acme/inventory-allocation',
};

export const CODE_COMMIT_REPOSITORY_PROPS: CfnParameterProps = {
  description: 'Name of the CodeCommit repository',
  allowedPattern: '^(?!.*\\.git$)[\\w.-]{1,100}$',
  constraintDescription:
    'must be 1 to 100 letters, digits and . _ -, not ending with .git: the name, neither the ARN nor the URL',
};

export const BRANCH_PROPS: CfnParameterProps = {
  description: 'Branch whose pushes start the pipeline',
  default: 'main',
  allowedPattern: '^[^\\s~^:?*\\[\\\\"]+$',
  constraintDescription: 'must be the name of one branch: no pattern; for example main',
};

export const CONNECTION_ARN_PROPS: CfnParameterProps = {
  description: 'ARN of a connection that is AVAILABLE: Developer Tools > Settings > Connections',
  allowedPattern: '^arn:[\\w-]+:(codeconnections|codestar-connections):[\\w-]+:\\d{12}:connection/[\\w-]+$',
  constraintDescription: 'must be the ARN of a connection, arn:aws:codeconnections:<region>:<account>:connection/<id>',
};

export const SOURCE_BUCKET_PROPS: CfnParameterProps = {
  description: 'Bucket with the zip of the source; it has to be versioned and to send its events to EventBridge',
  allowedPattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
  constraintDescription: 'must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens',
};

export const SOURCE_KEY_PROPS: CfnParameterProps = {
  description: 'Key of the zip of the source',
  default: 'source.zip',
  allowedPattern: '^[^/"\\\\][^"\\\\]*\\.zip$',
  constraintDescription: 'must be the key of a zip, not beginning with a slash; for example releases/source.zip',
};

/** What a handler of the runtime looks like. */
export function handlerProps(runtime: lambda.Runtime): CfnParameterProps {
  const { pattern, form, example } = handlerForm(runtime) ?? {
    pattern: /^[\w./:-]+$/,
    form: 'letters, digits and . _ / : -',
    example: 'bootstrap',
  };
  const notAFile = runtime.family === lambda.RuntimeFamily.PYTHON ? '(?!.*\\.py$)' : '';
  return {
    description: `What Lambda calls in the package: ${form}`,
    allowedPattern: pattern.source.replace('^', `^${notAFile}`),
    maxLength: 128,
    constraintDescription: `must be ${form}, at most 128 characters, for ${runtime.name}; for example ${example}`,
  };
}

/** One part of a path: not a way out of the repository, and nothing that a shell would take apart. */
const PATH_PART = '(?!\\.\\.?(/|$))[\\w.@+ -]+';

/** A directory or a file of the repository. */
export function pathProps(description: string, path: string): CfnParameterProps {
  return {
    description: `${description}, relative to the root of the repository`,
    default: path,
    allowedPattern: `^(?![ -])(\\.|${PATH_PART}(/${PATH_PART})*)$`,
    constraintDescription:
      'must be a path inside the repository, relative to its root, of letters, digits, spaces and . _ - + @ /, without a slash at the end;' +
      ` for example ${path}`,
  };
}

/** A name of CodeArtifact. */
export const CODE_ARTIFACT_PROPS = {
  domain: {
    description: 'CodeArtifact domain that the build installs its dependencies from',
    allowedPattern: '^[a-z][a-z0-9-]{0,48}[a-z0-9]$',
    constraintDescription:
      'must be 2 to 50 lower-case letters, digits and hyphens, beginning with a letter: the name, not the ARN',
  },
  repository: {
    description: 'Repository of the CodeArtifact domain',
    allowedPattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,99}$',
    constraintDescription: 'must be 2 to 100 letters, digits and . _ -: the name, neither the ARN nor the endpoint',
  },
  owner: {
    description: 'Account that owns the CodeArtifact domain; empty for the account of the stack',
    allowedPattern: '^(\\d{12})?$',
    constraintDescription: 'must be an account number of 12 digits, or empty',
  },
};
