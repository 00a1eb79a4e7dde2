import { isKnown, refuse } from './validation';
import { NAME_SUFFIXES } from '../handlers/release/contract';

/** A name that starts with the project's name, and the limits of the service for this name. */
interface DerivedName {
  readonly what: string;
  readonly suffix: string;
  readonly longest: number;
  readonly pattern: RegExp;
  readonly characters: string;
  /** The prop that gives another name. */
  readonly alternative?: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET: DerivedName = {
  what: 'artifact bucket',
  suffix: NAME_SUFFIXES.artifactBucket,
  longest: 63,
  pattern: /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]*$/,
  characters: 'lowercase letters, digits, and hyphens, starting with a letter or digit',
  alternative: 'artifactStore.bucketName',
};

/** The rules for a project name that names everything. The rules of the bucket are the strictest. */
export const PROJECT_NAME = {
  pattern: BUCKET.pattern,
  longest: BUCKET.longest - BUCKET.suffix.length,
  characters: BUCKET.characters,
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const FUNCTION: DerivedName = {
  what: 'function',
  suffix: '',
  longest: 64,
  pattern: /^[A-Za-z0-9_-]+$/,
  characters: 'letters, digits, hyphens, and underscores',
  alternative: 'functionName of the target function',
};

/** The limits of CodePipeline, https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html, and others. */
const otherName = (what: string, suffix: string): DerivedName => ({
  what,
  suffix,
  longest: 100,
  pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
  characters: 'letters, digits, hyphens, and underscores, starting with a letter or digit',
});

/** The names that no prop can replace. */
const OTHERS: DerivedName[] = [
  otherName('pipeline', NAME_SUFFIXES.pipeline),
  otherName('build project', NAME_SUFFIXES.buildProject),
  otherName('CodeDeploy application', NAME_SUFFIXES.application),
  otherName('deployment group', NAME_SUFFIXES.deploymentGroup),
  otherName('deployment configuration', NAME_SUFFIXES.deploymentConfig),
];

/** Which names are derived from the project's name, and which the user gave. */
export interface DerivedNames {
  readonly bucket: boolean;
  readonly function: boolean;
}

/** Refuses a project name that makes one of the derived names invalid. */
export function requireProjectName(projectName: string, derived: DerivedNames): void {
  if (!isKnown(projectName)) {
    return;
  }
  for (const name of [...(derived.bucket ? [BUCKET] : []), ...(derived.function ? [FUNCTION] : []), ...OTHERS]) {
    const longest = name.longest - name.suffix.length;
    if (projectName.length === 0 || projectName.length > longest || !name.pattern.test(projectName)) {
      const because = `because it names the ${name.what} "${projectName}${name.suffix}"`;
      refuse({
        prop: 'projectName',
        allowed: `1 to ${longest} ${name.characters}, ${because}`,
        given: projectName,
        remedy: `use ${suggest(projectName, longest)}${name.alternative ? `, or set ${name.alternative}` : ''}`,
      });
    }
  }
}

function suggest(projectName: string, longest: number): string {
  const suggestion = projectName
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '');
  return suggestion && suggestion !== projectName ? `"${suggestion}"` : 'another name, such as "inventory-allocation"';
}
