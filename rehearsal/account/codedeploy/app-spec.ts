import { createHash } from 'node:crypto';
import { load } from 'js-yaml';
import { AppSpec } from './state';
import { AwsError, NotRehearsedError } from '../../base/aws-error';

/** Reads the AppSpec of a deployment's revision, and refuses what CodeDeploy refuses. */
export function readAppSpec(revision: any): AppSpec {
  const { content, sha256 } = revision?.appSpecContent ?? {};
  if (revision?.revisionType !== 'AppSpecContent') {
    throw new NotRehearsedError(`a revision of type ${revision?.revisionType}, only AppSpecContent is`);
  }
  if (!content) {
    throw invalid('the revision has no AppSpec content');
  }
  const actual = createHash('sha256').update(content).digest('hex');
  if (sha256 && sha256 !== actual) {
    throw invalid(`the SHA-256 of the AppSpec content is ${actual}, the revision says ${sha256}`);
  }
  return validate(lowerKeys(parseText(content), 1));
}

function parseText(content: string): any {
  try {
    return load(content);
  } catch (error) {
    throw invalid(`the AppSpec is neither YAML nor JSON: ${(error as Error).message}`);
  }
}

function validate(spec: any): AppSpec {
  if (Number(spec?.version) !== 0) {
    throw invalid(`the AppSpec's version must be 0.0, is ${spec?.version}`);
  }
  const resources = Array.isArray(spec.resources) ? spec.resources : [];
  if (resources.length !== 1) {
    throw invalid(`the AppSpec must have one resource, has ${resources.length}`);
  }
  const resource = lowerKeys(Object.values(resources[0])[0], 1);
  if (resource?.type !== 'AWS::Lambda::Function') {
    throw invalid(`the AppSpec's resource must be of type AWS::Lambda::Function, is ${resource?.type}`);
  }
  const { name, alias, currentversion, targetversion } = lowerKeys(resource.properties, 1);
  for (const [key, value] of Object.entries({
    Name: name,
    Alias: alias,
    CurrentVersion: currentversion,
    TargetVersion: targetversion,
  })) {
    if (typeof value !== 'string' || value === '') {
      throw invalid(`the AppSpec's property ${key} must be a string, is ${JSON.stringify(value)}`);
    }
  }
  for (const version of [currentversion, targetversion]) {
    if (!/^[1-9]\d*$/.test(version)) {
      throw invalid(`a version in the AppSpec must be a positive integer, is ${version}`);
    }
  }
  return {
    functionName: name,
    aliasName: alias,
    currentVersion: currentversion,
    targetVersion: targetversion,
    hooks: hooksOf(spec.hooks),
  };
}

function hooksOf(hooks: any): AppSpec['hooks'] {
  const merged: Record<string, string> = Object.assign({}, ...(Array.isArray(hooks) ? hooks : []));
  const unknown = Object.keys(merged).find((name) => name !== 'BeforeAllowTraffic' && name !== 'AfterAllowTraffic');
  if (unknown) {
    throw invalid(
      `the AppSpec's hook ${unknown} is none of a Lambda deployment: BeforeAllowTraffic, AfterAllowTraffic`,
    );
  }
  return merged;
}

/** The keys are written with and without a capital in the wild. */
function lowerKeys(value: any, depth: number): any {
  if (depth === 0 || value === null || typeof value !== 'object' || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key.toLowerCase(), lowerKeys(part, depth - 1)]),
  );
}

function invalid(message: string): AwsError {
  return new AwsError(400, 'InvalidRevisionException', message);
}
