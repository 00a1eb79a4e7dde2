import * as fs from 'node:fs';
import * as path from 'node:path';
import { BuildCase, RepositoryFile } from './case';
import { TargetFunction } from '../../src';
import { folderWith, pipelineApp, Rehearsed, Run, summaryOf } from '../rehearsal/support/run';
import { isOnPath } from '../support/tools';
import { namesIn } from '../support/zip';

/** Runs a case; returns what is wrong, one line each. */
export async function runCase(buildCase: BuildCase): Promise<string[]> {
  const first = await rehearsed(buildCase);
  const wrong = [...wrongEnd(buildCase, first.run), ...wrongFiles(buildCase, first)];
  if (wrong.length === 0 && buildCase.sameBytes) {
    const second = await rehearsed(buildCase);
    const same = fs.readFileSync(first.package).equals(fs.readFileSync(second.package));
    return same ? [] : ['a second build made other bytes'];
  }
  return wrong;
}

/** Tools that a case needs and this machine lacks. */
export function missingTools({ tools = [] }: BuildCase): string[] {
  return tools.filter((tool) => !isOnPath(tool));
}

interface Outcome {
  readonly run: Run;
  /** The zip that was published last. */
  readonly package: string;
}

async function rehearsed(buildCase: BuildCase): Promise<Outcome> {
  const { runtime, handler, files, buildProject = {}, functionOptions, props, isInvoked = true } = buildCase;
  const assembly = pipelineApp({
    targetFunction: TargetFunction.create({ runtime, handler, ...functionOptions }),
    buildProject,
    ...props,
  });
  const state = folderWith();
  const source = repositoryWith(files);
  const run = await new Rehearsed().push(assembly, {}, { source, state, withoutInvocations: !isInvoked });
  const log = path.join(state, 'logs');
  const logs = fs.existsSync(log)
    ? fs.readdirSync(log).map((name) => fs.readFileSync(path.join(log, name), 'utf8'))
    : [];
  if (process.env.BUILD_LOGS) {
    console.log(logs.join('\n'), run.cause ?? '', run.notRehearsed);
  }
  return { run: { ...run, lines: [...run.lines, ...logs] }, package: newestPackage(state) };
}

/** Writes a repository with links and empty folders. */
export function repositoryWith(files: Record<string, RepositoryFile>): string {
  const texts = Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const folder = folderWith(Object.fromEntries(texts));
  for (const [name, file] of Object.entries(files)) {
    const place = path.join(folder, name);
    if (typeof file === 'string') {
      continue;
    }
    fs.mkdirSync('link' in file ? path.dirname(place) : place, { recursive: true });
    if ('link' in file) {
      fs.symlinkSync(file.link, place);
    }
  }
  return folder;
}

function newestPackage(state: string): string {
  const zips = fs
    .readdirSync(state, { recursive: true, encoding: 'utf8' })
    .filter((name) => /[0-9a-f]{64}\.zip$/.test(name))
    .map((name) => path.join(state, name));
  return zips.sort((a, b) => fs.statSync(b).mtimeMs - fs.statSync(a).mtimeMs)[0];
}

function wrongEnd({ red, says = [], isInvoked = true }: BuildCase, run: Run): string[] {
  const said = [summaryOf(run, 'BuildAction') ?? '', ...run.lines].join('\n');
  const unsaid = says.filter((text) => !said.includes(text)).map((text) => `nothing says: ${text}`);
  if (red) {
    return [
      ...unsaid,
      ...(run.cause === undefined ? ['the run succeeded'] : []),
      ...red.filter((text) => !run.cause?.includes(text)).map((text) => `the cause lacks: ${text}\n${run.cause}`),
    ];
  }
  return [
    ...unsaid,
    ...(run.cause === undefined ? [] : [run.cause]),
    ...(isInvoked && run.cause === undefined && run.invocations.count === 0 ? ['the function was not invoked'] : []),
    ...(run.invocations.errors > 0 ? [`${run.invocations.errors} invocations failed`] : []),
  ];
}

function wrongFiles({ red, packed = [], notPacked = [] }: BuildCase, { run, package: zip }: Outcome): string[] {
  if (red || run.cause !== undefined) {
    return [];
  }
  const names = namesIn(zip);
  return [
    ...packed.filter((name) => !names.includes(name)).map((name) => `the package lacks ${name}: ${names.slice(0, 30)}`),
    ...notPacked
      .flatMap((name) =>
        names.filter((each) => each === name || each.endsWith(`/${name}`) || each.startsWith(`${name}/`)),
      )
      .map((name) => `the package has ${name}`),
  ];
}
