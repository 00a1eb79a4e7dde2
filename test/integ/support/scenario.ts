import { App } from 'aws-cdk-lib';
import { RunEnd, Target } from './target';

/** Something that must hold on AWS, and therefore in the rehearsal. */
export interface Scenario {
  /** Also the name of its recording. */
  readonly name: string;
  /** The numbers of the questions in docs/acceptance.md that it answers. */
  readonly points: readonly number[];
  /** The only target that it can run on, and why. */
  readonly only?: readonly [kind: Target['kind'], reason: string];
  /** What the person has to give: a connection, for example. */
  readonly needs?: string;
  /** It takes more than an hour on AWS. */
  readonly slow?: boolean;
  readonly run: (target: Target) => Promise<void>;
}

/** Scenarios that share the stacks of one app, and run one after the other. */
export interface Suite {
  readonly name: string;
  /** Makes the stacks of a variant. */
  readonly build: (app: App, variant: string) => void;
  readonly stackName: string;
  /** The variant that is deployed first. */
  readonly first: string;
  /** The functions that the pipelines create, which the stack does not delete. */
  readonly functions: readonly string[];
  /** The stacks that the pipelines create. */
  readonly stacks?: readonly string[];
  readonly scenarios: readonly Scenario[];
}

/** The files of a source whose handler has this body. */
export function sourceWith(body: string): Record<string, string> {
  return { 'index.js': `exports.handler = async () => { ${body} };\n` };
}

/** The last action of a run that failed, as `Stage/Action: message`. */
export function causeOf({ actions }: RunEnd): string {
  const failed = actions.find(({ status }) => status === 'Failed');
  return failed ? `${failed.stage}/${failed.name}: ${failed.summary}` : '';
}

export function namesOf({ actions }: RunEnd): string[] {
  return [...actions].reverse().map(({ name }) => name);
}
