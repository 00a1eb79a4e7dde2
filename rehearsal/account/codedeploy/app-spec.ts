import { createHash } from 'node:crypto';
import { load } from 'js-yaml';
import { AppSpec, Revision } from './state';
import { AwsError, NotRehearsedError } from '../../base/aws-error';

/** Reads the AppSpec of a revision. Rejects everything that CodeDeploy rejects. */
export function readAppSpec({ revisionType, appSpecContent = {} }: Revision = {}): AppSpec {
  const { content, sha256 } = appSpecContent;
  if (revisionType !== 'AppSpecContent') {
    throw new NotRehearsedError(`a revision of type ${revisionType}. Rehearsed is AppSpecContent`);
  }
  if (!content) {
    throw invalid('the revision has no AppSpec content');
  }
  const actual = createHash('sha256').update(content).digest('hex');
  if (sha256 && sha256 !== actual) {
    throw invalid(`the SHA-256 of the AppSpec content must be ${sha256} as in the revision, got ${actual}`);
  }
  return validate(lowerKeys(parseText(content)));
}

function parseText(content: string): unknown {
  try {
    return load(content);
  } catch (error) {
    throw invalid(`the AppSpec is neither YAML nor JSON: ${(error as Error).message}`);
  }
}

function validate(spec: Fields): AppSpec {
  if (Number(spec.version) !== 0) {
    throw invalid(`the version of the AppSpec must be 0.0, got ${spec.version}`);
  }
  const resources = Array.isArray(spec.resources) ? spec.resources : [];
  if (resources.length !== 1) {
    throw invalid(`the AppSpec must have one resource, got ${resources.length}`);
  }
  const resource = lowerKeys(Object.values(resources[0])[0]);
  if (resource.type !== 'AWS::Lambda::Function') {
    throw invalid(`the resource of the AppSpec must have the type AWS::Lambda::Function, got ${resource.type}`);
  }
  const properties = lowerKeys(resource.properties);
  return {
    functionName: text(properties, 'Name'),
    aliasName: text(properties, 'Alias'),
    currentVersion: version(properties, 'CurrentVersion'),
    targetVersion: version(properties, 'TargetVersion'),
    hooks: hooksOf(spec.hooks),
  };
}

function text(properties: Fields, name: string): string {
  const value = properties[name.toLowerCase()];
  if (typeof value !== 'string' || value === '') {
    throw invalid(`the property ${name} of the AppSpec must be a string, got ${JSON.stringify(value)}`);
  }
  return value;
}

function version(properties: Fields, name: string): string {
  const value = text(properties, name);
  if (!/^[1-9]\d*$/.test(value)) {
    throw invalid(`the property ${name} of the AppSpec must be a positive integer, got ${value}`);
  }
  return value;
}

function hooksOf(hooks: unknown): AppSpec['hooks'] {
  const merged: Record<string, string> = Object.assign({}, ...(Array.isArray(hooks) ? hooks : []));
  const unknown = Object.keys(merged).find((name) => name !== 'BeforeAllowTraffic' && name !== 'AfterAllowTraffic');
  if (unknown) {
    throw invalid(
      `the hooks of the AppSpec must be BeforeAllowTraffic or AfterAllowTraffic (for Lambda), got ${unknown}`,
    );
  }
  return merged;
}

type Fields = Readonly<Record<string, unknown>>;

/** Returns the fields with keys in lower case: repositories write them with and without capitals. */
function lowerKeys(value: unknown): Fields {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return {};
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key.toLowerCase(), part]));
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'InvalidRevisionException', message);
}
