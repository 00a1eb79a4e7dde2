import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import { PUBLIC_FUNCTIONS } from './repositories';
import { PublicFunction } from './repository';
import { TargetFunction } from '../../../src';
import { folderWith, pipelineApp, Rehearsed, Run } from '../../rehearsal/support/run';
import { isOnPath } from '../../support/tools';

/** How a build ended. */
interface Outcome {
  readonly result: string;
  readonly details: string;
  /** Whether the table of repositories expects another end. */
  readonly isUnexpected: boolean;
}

/**
 * Builds the functions whose repository, directory or runtime contains one of the texts, or all of them. Prints a row of
 * docs/builds.md for each. Exits with 1 if one ends otherwise than the table expects.
 */
async function main(texts: string[]): Promise<void> {
  const chosen = PUBLIC_FUNCTIONS.filter(
    (each) => texts.length === 0 || texts.some((text) => named(each).includes(text)),
  );
  for (const each of chosen) {
    const started = Date.now();
    const { result, details, isUnexpected } = await outcomeOf(each);
    console.log(row(each, result, Date.now() - started));
    console.log(details);
    process.exitCode ||= isUnexpected ? 1 : 0;
  }
}

async function outcomeOf(each: PublicFunction): Promise<Outcome> {
  const { tools = [], red, why } = each;
  const missing = tools.filter((tool) => !isOnPath(tool));
  if (missing.length > 0) {
    return { result: `not rehearsed: no ${missing.join(', ')}`, details: '', isUnexpected: false };
  }
  const run = await build(each);
  const failure = failureOf(run);
  if (failure === undefined) {
    return { result: 'green', details: loaded(run), isUnexpected: red !== undefined };
  }
  const absent = ABSENT.exec(failure);
  if (absent) {
    const result = `not rehearsed: the registry of this machine does not have \`${absent[1] ?? absent[2]}\``;
    return { result, details: failure, isUnexpected: false };
  }
  const isUnexpected = red === undefined || !failure.includes(red);
  return { result: isUnexpected ? 'red' : `red: ${why}`, details: failure, isUnexpected };
}

/** A locked version that the registry lacks: a mirror may be older than the lock file. */
const ABSENT =
  /(?:404[^\n]* - GET |FETCH_404\s+GET )\S*\/(\S+?)\.tgz|(?:Could not find artifact|Could not transfer artifact|Failed to read artifact descriptor for) (\S+)/;

function named({ repository, runtime, buildProject }: PublicFunction): string {
  return `${repository} ${buildProject?.sourceDirectory ?? '.'} ${runtime.name}`;
}

function row(each: PublicFunction, result: string, milliseconds: number): string {
  const { repository, commit, runtime, buildProject, variables } = each;
  const settings = [...Object.entries(buildProject ?? {}), ...Object.entries(variables ?? {})];
  const shown = settings.map(([name, value]) => `\`${name}: '${value}'\``).join(', ') || 'none';
  const link = `[${repository}](https://github.com/${repository})`;
  return `| ${[link, `\`${commit.slice(0, 12)}\``, runtime.name, shown, result, `${Math.round(milliseconds / 1000)} s`].join(' | ')} |`;
}

async function build({ runtime, handler, buildProject, variables = {}, ...fetched }: PublicFunction): Promise<Run> {
  const environmentVariables: Record<string, codebuild.BuildEnvironmentVariable> = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, { value }]),
  );
  const assembly = pipelineApp({
    targetFunction: TargetFunction.create({ runtime, handler, memorySize: 512 }),
    buildProject: { ...buildProject, environmentVariables },
  });
  const [source, state] = [checkOut(fetched), folderWith()];
  try {
    const run = await new Rehearsed().push(assembly, {}, { source, state });
    if (process.env.BUILD_LOGS) {
      const logs = path.join(state, 'logs');
      fs.readdirSync(logs).forEach((name) => console.log(fs.readFileSync(path.join(logs, name), 'utf8')));
    }
    return run;
  } finally {
    [source, state].forEach((folder) => fs.rmSync(folder, { recursive: true, force: true }));
  }
}

/** Fetches one commit, as the source action of a pipeline does: without history and submodules. */
function checkOut({ repository, commit }: Pick<PublicFunction, 'repository' | 'commit'>): string {
  const folder = folderWith();
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  git('init', '--quiet');
  git('fetch', '--quiet', '--depth', '1', `https://github.com/${repository}`, commit);
  git('checkout', '--quiet', 'FETCH_HEAD');
  return folder;
}

/** The cause, if no version with the package was published. The function itself may fail without its events. */
function failureOf({ stages, cause }: Run): string | undefined {
  const actions = stages.flatMap((stage) => stage.actions);
  const published = actions.find(({ name }) => name === 'CreateAppSpecFile');
  return published?.status === 'Succeeded' ? undefined : (cause ?? 'no version was published');
}

/** What the invocations with an empty event show. */
function loaded({ invocations, responses }: Run): string {
  const { error, first } = responses.at(-1) ?? {};
  return `  ${invocations.count} invocations, ${invocations.errors} failed: ${(error ?? first ?? '').slice(0, 300)}`;
}

void main(process.argv.slice(2));
