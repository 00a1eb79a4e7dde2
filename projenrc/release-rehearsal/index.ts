import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Clone } from './clone';
import { GoRegistry } from './go';
import { MavenRegistry } from './maven';
import { NpmRegistry } from './npm';
import { PypiRegistry } from './pypi';
import { rehearseRefusals } from './refusals';
import type { Context, Manifest, Registry } from './registry';
import { Workspace } from './workspace';

/*
 * Rehearses two releases: the task `release` in a temporary clone, the publisher of the workflow, registries on the
 * loopback, and an app in each language that installs the version from there.
 *
 * SCAFFOLDING: CONTRIBUTING.md says when to delete it, with the task release:rehearse, its job in
 * projenrc/project/workflows.ts, its test and its section in docs/releasing.md.
 */

const HELP = `npx projen release:rehearse [--only <registries>] [--skip-tests]

  --only npm,pypi       rehearses only these of npm, pypi, maven and go; always includes npm, because the release asks it for versions
  --skip-tests          omits the tests of the repository from the first release; the second release always omits them
`;

const VERDACCIO = '6.8.0'; // the last version for Node.js 20
const CHOICE = ['npm', 'pypi', 'maven', 'go'];
/** These need accounts at the registries. */
const NOT_REHEARSED = [
  'NuGet: the rehearsal has no registry for it, and needs no .NET SDK',
  'trusted publishing and provenance: GitHub issues their tokens; the registries of the rehearsal accept any name and password',
  'signing for Maven Central, and its checks: a folder accepts every package',
  'the release on GitHub',
];

const started = Date.now();
const say = (text: string) =>
  console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${text}`);

/** The publisher at the version of the workflow, and the stand-in for npm. */
function installPublishers(workspace: Workspace): string {
  const version = /publib@([\d.]+)/.exec(readFileSync('.github/workflows/release.yml', 'utf8'))?.[1];
  if (!version) {
    throw new Error('.github/workflows/release.yml names no version of publib');
  }
  const cwd = workspace.folder('publishers');
  const packages = [`publib@${version}`, `verdaccio@${VERDACCIO}`];
  workspace.run('npm', ['init', '--yes'], { cwd });
  workspace.run('npm', ['pkg', 'set', 'overrides.node-fetch=2.7.0'], { cwd });
  workspace.run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], { cwd });
  say(`installed ${packages.join(' and ')}`);
  return path.join(cwd, 'node_modules/.bin');
}

function publishAndConsume(registries: Registry[], clone: Clone, version: string): void {
  const dist = clone.pack(registries.map(({ task }) => task));
  say(`packed ${version} for ${registries.map(({ name }) => name).join(', ')}`);
  const templates = registries.map((registry) => {
    registry.publish(dist);
    say(`published ${version} to ${registry.name}`);
    const template = registry.consume(version);
    say(`installed ${version} from ${registry.name}, in an app that synthesizes`);
    return template;
  });
  if (templates.some((template) => template !== templates[0])) {
    throw new Error(`the templates of ${version} differ between the languages`);
  }
  publishAgain(registries, dist);
  clone.tag(version);
  say(`tagged v${version}`);
}

/** Publishes a second time, as a re-run of the failed jobs does. */
function publishAgain(registries: Registry[], dist: string): void {
  const checked = registries.filter(({ repeated }) => repeated);
  for (const registry of checked) {
    const output = registry.publish(dist);
    if (!registry.repeated!.test(output)) {
      throw new Error(`the publisher for ${registry.name} should have skipped the published version:\n${output}`);
    }
  }
  say(`published again to ${checked.map(({ name }) => name).join(', ')}: skipped, because the version exists`);
}

function release(clone: Clone, registry: NpmRegistry, expected: string): string {
  const output = clone.task('release', registry.url);
  const version = clone.version();
  if (version !== expected) {
    throw new Error(`the release made ${version} instead of ${expected}`);
  }
  if (!output.includes(`dist/ has version ${version}`)) {
    throw new Error(`the release does not print the version:\n${output}`);
  }
  say(`released ${version}`);
  return version;
}

async function rehearse(
  workspace: Workspace,
  manifest: Manifest,
  only: string[] | undefined,
  skipTests: boolean,
): Promise<void> {
  const context: Context = { workspace, manifest, publishers: installPublishers(workspace) };
  const npm = new NpmRegistry(context);
  const others = [new PypiRegistry(context), new MavenRegistry(context), new GoRegistry(context)];
  const registries = [npm, ...others.filter(({ name }) => !only || only.includes(name.toLowerCase()))];
  for (const registry of registries) {
    await registry.start();
  }
  say(`started registries for ${registries.map(({ name }) => name).join(', ')}`);

  const clone = new Clone(workspace);
  clone.install();
  say('cloned and installed');
  if (skipTests) {
    clone.withoutTests();
  }
  const first = release(clone, npm, '0.1.0');
  publishAndConsume(registries, clone, first);

  clone.withoutTests();
  rehearseRefusals(clone, npm.url, first, say);

  clone.write('README.md', '\nRehearsed.\n');
  clone.commit('feat: say that it was rehearsed');
  publishAndConsume(registries, clone, release(clone, npm, '0.1.1'));
}

function chosen(args: string[]): string[] | undefined {
  if (!args.includes('--only')) {
    return undefined;
  }
  const names = (args[args.indexOf('--only') + 1] ?? '').split(',');
  const unknown = names.filter((name) => !CHOICE.includes(name));
  if (unknown.length > 0) {
    throw new Error(`--only must be one or more of ${CHOICE.join(', ')}, got ${unknown.join(', ')}`);
  }
  return names;
}

function missingTools(only: string[] | undefined): string[] {
  const needed = { npm: ['npm', 'git', 'tar'], pypi: ['python3'], maven: ['mvn', 'java'], go: ['go'] };
  const names = Object.entries(needed).flatMap(([name, tools]) =>
    name === 'npm' || !only || only.includes(name) ? tools : [],
  );
  return names.filter(
    (tool) => !(process.env.PATH ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, tool))),
  );
}

async function main(args: string[]): Promise<void> {
  if (args.includes('--help')) {
    return console.log(HELP);
  }
  const only = chosen(args);
  const missing = missingTools(only);
  if (missing.length > 0) {
    throw new Error(`the rehearsal needs ${missing.join(', ')}: install them, or omit their registries with --only`);
  }
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const workspace = new Workspace(`${path.posix.dirname(manifest.jsii.targets.go.moduleName)}/*`);
  process.on('SIGINT', () => undefined); // Ctrl-C ends the running command, which is an error like any other
  let leftBehind: string[];
  try {
    await rehearse(workspace, manifest, only, args.includes('--skip-tests'));
  } finally {
    leftBehind = await workspace.end();
  }
  if (leftBehind.length > 0) {
    throw new Error(`the rehearsal has changed files outside of its folder:\n${leftBehind.join('\n')}`);
  }
  console.log(
    `\nTwo releases rehearsed, and all files deleted. Not rehearsed:\n${NOT_REHEARSED.map((line) => `- ${line}`).join('\n')}`,
  );
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`Not rehearsed to the end: ${error.message}`);
  process.exitCode = 1;
});
