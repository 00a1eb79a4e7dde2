import { isKnown, refuse } from './validation';

interface MadeName {
  readonly what: string;
  readonly suffix: string;
  readonly longest: number;
  readonly pattern: RegExp;
  readonly characters: string;
  readonly instead: string;
}

/** S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET: MadeName = {
  what: 'artifact bucket',
  suffix: '-artifact-store',
  longest: 63,
  pattern: /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]*$/,
  characters: 'lower-case letters, digits and hyphens, beginning with a letter or digit',
  instead: 'artifactStore.bucketName',
};

/** What a project's name may be when everything is named after it: the bucket's rule is the narrowest. */
export const PROJECT_NAME = {
  pattern: BUCKET.pattern,
  longest: BUCKET.longest - BUCKET.suffix.length,
  characters: BUCKET.characters,
};

/** Lambda: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const FUNCTION: MadeName = {
  what: 'function',
  suffix: '',
  longest: 64,
  pattern: /^[A-Za-z0-9_-]+$/,
  characters: 'letters, digits, hyphens and underscores',
  instead: 'functionName of the target function',
};

/** The names that nothing can replace: https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html and those of CodeBuild and CodeDeploy. */
const OTHERS: MadeName[] = ['pipeline', 'build', 'app', 'group', 'config'].map((what) => ({
  what: {
    pipeline: 'pipeline',
    build: 'build project',
    app: 'CodeDeploy application',
    group: 'deployment group',
    config: 'deployment configuration',
  }[what]!,
  suffix: `-${what}`,
  longest: 100,
  pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
  characters: 'letters, digits, hyphens and underscores, beginning with a letter or digit',
  instead: '',
}));

/** Which of the names are made from the project's name. */
export interface MadeNames {
  readonly bucket: boolean;
  readonly function: boolean;
}

/** Refuses a project name that breaks any of the names that are made from it. */
export function requireProjectName(projectName: string, made: MadeNames): void {
  if (!isKnown(projectName)) {
    return;
  }
  for (const name of [...(made.bucket ? [BUCKET] : []), ...(made.function ? [FUNCTION] : []), ...OTHERS]) {
    const longest = name.longest - name.suffix.length;
    if (projectName.length === 0 || projectName.length > longest || !name.pattern.test(projectName)) {
      refuse({
        prop: 'projectName',
        allowed: `1 to ${longest} ${name.characters}, because it names the ${name.what} "${projectName}${name.suffix}"`,
        given: projectName,
        remedy: `use ${suggest(projectName, longest)}${name.instead ? `, or give ${name.instead}` : ''}`,
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
