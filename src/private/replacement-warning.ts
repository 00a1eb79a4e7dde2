import * as fs from 'node:fs';
import * as path from 'node:path';
import { Annotations, CfnResource, Stack, Stage } from 'aws-cdk-lib';

/** A name whose change replaces something that should stay. */
export interface KeptName {
  /** The thing with the name, for example `deployment group`. */
  readonly what: string;
  /** The name now. */
  readonly name: string;
  /** Reads the name from the properties of the resource in the last template. */
  readonly from: (properties: any) => unknown;
  readonly consequence: string;
  readonly remedy: string;
}

/**
 * Warns about a new name when the last synthesis had another one. The last template is in the same output folder;
 * without that file there is no warning. No other output depends on an earlier synthesis.
 */
export function warnWhenReplaced(resource: CfnResource, { what, name, from, consequence, remedy }: KeptName): void {
  const stack = Stack.of(resource);
  const last = lastTemplate(stack)?.Resources?.[stack.resolve(resource.logicalId)]?.Properties;
  const [lastName, newName] = [last && from(last), stack.resolve(name)];
  if (typeof lastName === 'string' && typeof newName === 'string' && lastName !== newName) {
    Annotations.of(resource).addWarningV2(
      `cdk-lambda-ci-cd-pipeline:replaces-${what.replace(' ', '-')}`,
      `this deployment replaces the ${what} "${lastName}" with "${newName}": ${consequence}; ${remedy}`,
    );
  }
}

function lastTemplate(stack: Stack): any {
  const file = path.join(Stage.of(stack)!.outdir, stack.templateFile);
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined; // This is the first synthesis, or the file is not a template.
  }
}
