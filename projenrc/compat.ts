import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { git, manifest, publishedVersion } from './published';

/*
 * Holds the interface against the newest release in npm. A change that breaks its users needs a commit that says so, which makes the next
 * version one that may break.
 */

/** Inside of node_modules, where the release's own imports find the CDK. */
const FOLDER = 'node_modules/.cache/last-release';
const shell = process.platform === 'win32';

/** The breaking changes that commits declare: "feat!: ...", or "BREAKING CHANGE: ..." in the text; given messages, separated by NUL. */
export function declarations(log: string): string[] {
  return log
    .split('\0')
    .map((message) => message.trim())
    .filter((message) => /^[a-z]+(\([^()\s]+\))?!: /.test(message) || /^BREAKING[ -]CHANGE: /m.test(message))
    .map((message) => message.split('\n')[0]);
}

/** jsii-diff would pass every change of an interface that is still marked as experimental. */
export const DIFF_OPTIONS = ['--keys', '--error-on', 'all', '--ignore-file', '.compatignore'];

/** What jsii-diff reports, without its headings. */
export function differences(report: string): string[] {
  return report
    .split('\n')
    .filter((line) => /^(err|warn)\b/i.test(line.trim()))
    .map((line) => line.trim());
}

/** Why the interface is refused. */
export function interfaceFinding(version: string, broken: string[], declared: string[]): string | undefined {
  if (broken.length === 0 || declared.length > 0) {
    return undefined;
  }
  return [
    `The interface breaks apps that were written for release ${version}, and no commit since says so:`,
    ...broken.map((line) => `  ${line}`),
    'Keep what was there and deprecate it, or declare the break: a commit "feat!: ...", or one with a line "BREAKING CHANGE: what users have to do" in its text.',
  ].join('\n');
}

function unpack(name: string, version: string): string {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  execFileSync('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', FOLDER], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell,
  });
  execFileSync('tar', ['-xzf', `${name}-${version}.tgz`], { cwd: FOLDER });
  return `${FOLDER}/package`;
}

function commitsSince(tag: string): string {
  if (git('tag', '--list', tag) === '') {
    throw new Error(`the tag ${tag} of the newest release is not in this clone: run git fetch --tags`);
  }
  return git('log', '--format=%B%x00', `${tag}..HEAD`);
}

function main(): void {
  const { name } = manifest();
  const version = publishedVersion(name);
  if (!version) {
    return console.log(`${name} is not published yet: no release that the interface could break`);
  }
  const { status, stderr } = spawnSync(
    'jsii-diff',
    [...DIFF_OPTIONS, unpack(name, version), '.'],
    { encoding: 'utf8', shell },
  );
  rmSync(FOLDER, { recursive: true });
  if (status === 0) {
    return console.log(`the interface breaks no app that was written for release ${version}`);
  }
  const broken = differences(stderr);
  if (broken.length === 0) {
    throw new Error(`jsii-diff failed:\n${stderr}`);
  }
  const declared = declarations(commitsSince(`v${version}`));
  const finding = interfaceFinding(version, broken, declared);
  console.log(
    finding ??
      `the interface breaks apps that were written for release ${version}, as declared:\n${[...declared, ...broken].map((line) => `  ${line}`).join('\n')}`,
  );
  process.exitCode = finding ? 1 : 0;
}

if (require.main === module) {
  main();
}
