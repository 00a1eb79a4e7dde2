import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { differences, wrongRefusals } from './check';
import { compileCSharp } from './dotnet';
import { go } from './go';
import { java } from './java';
import { APPS, Language, Place } from './language';
import { pack } from './pack';
import { python } from './python';
import { run } from './shell';
import { typescript } from './typescript';

/*
 * Tries the library from each language: packs it, installs the packages as a user would, synthesizes the examples,
 * compares their templates with those of TypeScript byte for byte, rehearses a push on each, and gives bad props. The
 * C# compiles and does not run. The last lines list all findings.
 *
 *   tsx languages/run.ts [--packed] [language ...]      --packed uses the existing packages in dist/
 */

const LIBRARY = path.join(__dirname, '..');
const EXAMPLES = path.join(LIBRARY, 'examples');
const LANGUAGES = [typescript, python, java, go];

/** Source and event of the rehearsed push. The other app shows all props, and has no function. */
const PUSHES: Record<string, string> = {
  minimal: `--source ${path.join(EXAMPLES, 'minimal-function')}`,
  'inventory-allocation': `--source ${path.join(EXAMPLES, 'inventory-allocation')} --event ${path.join(EXAMPLES, 'inventory-allocation', 'events', 'allocate.json')}`,
};

const wrong: string[] = [];
const started = Date.now();

function say(text: string): void {
  console.log(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s  ${text}`);
}

/** Performs a step and reports its problems with the language. Later steps run even if this one fails. */
function attempt(language: string, what: string, step: () => string[] | void): boolean {
  say(`${language}: ${what}`);
  let problems: string[];
  try {
    problems = step() ?? [];
  } catch (error) {
    problems = [(error as Error).message];
  }
  problems.forEach((problem) => console.log(`✗ ${language}: ${what}: ${problem}`));
  wrong.push(...problems.map((problem) => `${language}: ${what}: ${problem.split('\n')[0]}`));
  return problems.length === 0;
}

function place(work: string, language: Language): Place {
  const { version, devDependencies } = JSON.parse(readFileSync(path.join(LIBRARY, 'package.json'), 'utf8'));
  const folder = path.join(work, language.name);
  cpSync(path.join(EXAMPLES, language.name), folder, {
    recursive: true,
    filter: (file) => !['node_modules', '.venv', 'target', 'cdk.out', '__pycache__'].includes(path.basename(file)),
  });
  const program = path.join(folder, language.refusalProgram);
  mkdirSync(path.dirname(program), { recursive: true });
  cpSync(path.join(__dirname, 'refusals', path.basename(program)), program);
  return {
    library: LIBRARY,
    work,
    folder,
    versions: { library: version, cdk: devDependencies['aws-cdk-lib'], constructs: devDependencies.constructs },
  };
}

/** The output folder of an app, and the CDK command that writes it. The CLI comes from the TypeScript example. */
const outputOf = (work: string, language: string, app: string) => path.join(work, 'out', language, app);
const synth = (work: string, output: string, command: string) =>
  [
    path.join(work, 'typescript', 'node_modules', '.bin', 'cdk'),
    'synth --quiet --no-notices --no-version-reporting',
    `--output "${output}"`,
    command,
  ].join(' ');

function tryLanguage(language: Language, work: string): void {
  const { name } = language;
  const here = place(work, language);
  const environment = { JSII_RUNTIME_PACKAGE_CACHE_ROOT: path.join(work, 'jsii'), ...language.environment(here) };
  if (
    !attempt(name, 'install', () =>
      [...language.install(here), ...(language.check?.() ?? [])].forEach((command) =>
        run(command, here.folder, environment),
      ),
    )
  ) {
    return;
  }
  const ownSource = existsSync(path.join(here.folder, language.start('own-source').split(' ').pop()!))
    ? ['own-source']
    : [];
  for (const app of [...APPS, ...ownSource]) {
    const output = outputOf(work, name, app);
    const command = app === 'minimal' ? '' : `--app "${language.start(app)}"`; // cdk.json starts the minimal app
    const synthesized = attempt(name, `synthesize ${app}`, () =>
      run(synth(work, output, command), here.folder, environment),
    );
    if (synthesized && name !== 'typescript') {
      attempt(name, `compare ${app} with TypeScript's`, () => compare(output, outputOf(work, 'typescript', app)));
    }
    if (synthesized && PUSHES[app]) {
      attempt(name, `rehearse a push to ${app}`, () =>
        run(`npx cdk-lambda-ci-cd-pipeline rehearse "${output}" ${PUSHES[app]}`, path.join(work, 'typescript')),
      );
    }
  }
  attempt(name, 'refuse bad props', () => wrongRefusals(language, { ...here, environment }));
}

/** The templates, and the assets with their hashes. */
function compare(output: string, reference: string): string[] {
  const files = readdirSync(reference).filter((file) => /\.(template|assets)\.json$/.test(file));
  if (files.length < 2) {
    return [`${reference} has no template`];
  }
  return differences(output, reference, files).map((file) => `${file} is not the same`);
}

/** The sample's own app, which `npx projen rehearse` uses, is the same pipeline. */
function compareSample(work: string): void {
  const output = outputOf(work, 'sample', 'inventory-allocation');
  const sample = path.join(EXAMPLES, 'inventory-allocation');
  attempt('sample', 'synthesize', () => run(synth(work, output, ''), sample));
  attempt('sample', "compare with TypeScript's", () =>
    compare(output, outputOf(work, 'typescript', 'inventory-allocation')),
  );
}

/** Without NuGet there is no .NET SDK: the C# compiles and never runs (scaffolding, see dotnet.ts). */
function tryDotNet(work: string): void {
  if (process.platform === 'linux' && process.arch === 'x64') {
    attempt('dotnet', 'compile, without running it', () => compileCSharp(work));
  } else {
    say('dotnet: not compiled, because the compiler needs Linux on x64');
  }
}

function main(words: string[]): void {
  const chosen = LANGUAGES.filter(
    ({ name }) => name === 'typescript' || words.every((word) => word.startsWith('-')) || words.includes(name),
  );
  const work = mkdtempSync(path.join(tmpdir(), 'languages-'));
  try {
    if (
      words.includes('--packed') ||
      attempt('all', 'pack', () =>
        pack(
          chosen.map(({ target }) => target),
          (text) => say(`all: ${text}`),
        ),
      )
    ) {
      chosen.forEach((language) => tryLanguage(language, work));
      compareSample(work);
      if (words.includes('dotnet') || chosen.length === LANGUAGES.length) {
        tryDotNet(work);
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  console.log(
    wrong.length === 0
      ? `the library does the same in ${chosen.map(({ name }) => name).join(', ')}`
      : ['wrong:', ...wrong].join('\n  '),
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

main(process.argv.slice(2));
