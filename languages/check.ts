import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Language, Place, Refusal } from './language';
import { tryRun } from './shell';

/** The message for each bad prop, in every language. */
const MESSAGES: Record<Refusal, string> = {
  'project-name':
    'projectName must be 1 to 48 lowercase letters, digits, and hyphens, starting with a letter or digit, because it ' +
    'names the artifact bucket "Inventory_Allocation-artifact-store", got "Inventory_Allocation"; ' +
    'use "inventory-allocation", or set artifactStore.bucketName',
  'source-directory':
    'buildProject.sourceDirectory must be a path inside the repository, relative to its root, ' +
    'with only letters, digits, spaces, and . _ - + @ /, got "../src"; for example "Backend/src"',
  canary:
    'percentage of DeploymentConfig.canary must be an integer between 1 and 99, got 100; ' +
    'to shift all traffic at once use DeploymentConfig.allAtOnce()',
};

/**
 * The files that differ between the outputs of two languages: templates and asset manifests, which name each asset by a
 * hash of its content.
 */
export function differences(output: string, reference: string, files: string[]): string[] {
  return files.filter(
    (file) => !readFileSync(path.join(output, file)).equals(readFileSync(path.join(reference, file))),
  );
}

/** The faults in the way that users of the language see each refusal. */
export function wrongRefusals(
  language: Language,
  place: Place & { readonly environment: NodeJS.ProcessEnv },
): string[] {
  return (Object.keys(MESSAGES) as Refusal[]).flatMap((refusal) => {
    const { status, output } = tryRun(language.refuse(refusal), place.folder, place.environment);
    const lines = output
      .replace(/\u001b\[[0-9;]*m/g, '')
      .split('\n')
      .filter((line) => line.trim() !== '');
    const wrong = [
      ...(status === 0 ? ['was not refused'] : []),
      ...(language.refusalLine(lines, MESSAGES[refusal])
        ? []
        : [`does not show its message where users look, which is "${MESSAGES[refusal]}"`]),
      ...(lines.some((line) => /node_modules.cdk-lambda-ci-cd-pipeline/.test(line)) && language.name !== 'typescript'
        ? ['shows a stack of the library']
        : []),
    ];
    return wrong.map((what) => `the bad prop ${refusal} ${what}; it printed:\n${output}`);
  });
}
