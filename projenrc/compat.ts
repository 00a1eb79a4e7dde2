import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { git, manifest, publishedVersion } from './published';

/*
 * Compares the interface with the newest release in npm. A change that breaks users needs a commit that declares it, so
 * that the next version may break them.
 */

/** In node_modules, so that the imports of the release find the CDK. */
const FOLDER = 'node_modules/.cache/last-release';
const shell = process.platform === 'win32';

/**
 * The breaking changes that the commit messages declare: "feat!: ...", or "BREAKING CHANGE: ..." in the text. NUL
 * separates messages.
 */
export function declarations(log: string): string[] {
  return log
    .split('\0')
    .map((message) => message.trim())
    .filter((message) => /^[a-z]+(\([^()\s]+\))?!: /.test(message) || /^BREAKING[ -]CHANGE: /m.test(message))
    .map((message) => message.split('\n')[0]);
}

/** jsii-diff would pass every change of an interface that is still marked as experimental. */
export const DIFF_OPTIONS = ['--keys', '--error-on', 'all', '--ignore-file', '.compatignore'];

/** The findings of jsii-diff, without its headings. */
export function differences(report: string): string[] {
  return report
    .split('\n')
    .filter((line) => /^(err|warn)\b/i.test(line.trim()))
    .map((line) => line.trim());
}

/** The reason to refuse the interface, if there is one. */
export function interfaceFinding(version: string, broken: string[], declared: string[]): string | undefined {
  if (broken.length === 0 || declared.length > 0) {
    return undefined;
  }
  return [
    `The interface breaks apps written for release ${version}, and no later commit declares it:`,
    ...broken.map((line) => `  ${line}`),
    'Keep the old names and deprecate them, or declare the break: a commit "feat!: ...", or a commit with a line ' +
      '"BREAKING CHANGE: what users have to do" in its text.',
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
    throw new Error(`this clone lacks the tag ${tag} of the newest release: run git fetch --tags`);
  }
  return git('log', '--format=%B%x00', `${tag}..HEAD`);
}

function main(): void {
  const { name } = manifest();
  const version = publishedVersion(name);
  if (!version) {
    return console.log(`${name} is not published yet: there is no release to compare with`);
  }
  const { status, stderr } = spawnSync('jsii-diff', [...DIFF_OPTIONS, unpack(name, version), '.'], {
    encoding: 'utf8',
    shell,
  });
  rmSync(FOLDER, { recursive: true });
  if (status === 0) {
    return console.log(`the interface breaks no app written for release ${version}`);
  }
  const broken = differences(stderr);
  if (broken.length === 0) {
    throw new Error(`jsii-diff failed:\n${stderr}`);
  }
  const declared = declarations(commitsSince(`v${version}`));
  const finding = interfaceFinding(version, broken, declared);
  console.log(
    finding ??
      `the interface breaks apps written for release ${version}, as declared:\n${[...declared, ...broken].map((line) => `  ${line}`).join('\n')}`,
  );
  process.exitCode = finding ? 1 : 0;
}

if (require.main === module) {
  main();
}
