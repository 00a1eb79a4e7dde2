import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { git, manifest, publishedVersion } from './published';

/*
 * Steps that the task `release` has in addition to projen's: they refuse a working tree with uncommitted changes and a
 * version that is already published, skip the build without a commit that asks for a release, and print the outcome.
 */

export interface Release {
  readonly version: string;
  readonly tag: string;
  /** Whether this clone, the remote repository and npm already have the version. */
  readonly tagged: boolean;
  readonly taggedOnRemote: boolean;
  readonly published: boolean;
}

/** The reason to refuse a release from this working tree, given `git status --porcelain`. */
export function treeFinding(status: string): string | undefined {
  if (status === '') {
    return undefined;
  }
  return `the working tree has uncommitted changes, which would not be part of the tag. Commit, stash or delete:\n${status}`;
}

/** The reason to refuse this version. If this clone has its tag, there is nothing to release and nothing to refuse. */
export function versionFinding({ version, tag, tagged, taggedOnRemote, published }: Release): string | undefined {
  if (tagged) {
    return undefined;
  }
  if (taggedOnRemote) {
    return (
      `version ${version} is already released: the remote repository has the tag ${tag}, and this clone lacks it. ` +
      'Run git fetch --tags to find the next version'
    );
  }
  if (published) {
    return (
      `npm already has version ${version}, but there is no tag ${tag}: a release stopped half-way. ` +
      "Re-run its failed jobs; docs/releasing.md says what to do if they can't be re-run"
    );
  }
  return undefined;
}

/** The last line of the task. */
export function outcome({ version, tag, tagged }: Release): string {
  return tagged
    ? `nothing to release: no commit since ${tag} is a feature, a fix or a breaking change (feat, fix, perf, revert, or "!")`
    : `dist/ has version ${version}, ready to publish; its tag is ${tag}`;
}

function release(): Release {
  const [version, tag] = ['dist/version.txt', 'dist/releasetag.txt'].map((file) => readFileSync(file, 'utf8').trim());
  const tagged = git('tag', '--list', tag) !== '';
  return {
    version,
    tag,
    tagged,
    taggedOnRemote: !tagged && git('remote') !== '' && git('ls-remote', '--tags', 'origin', tag) !== '',
    published: !tagged && publishedVersion(`${manifest().name}@${version}`) !== undefined,
  };
}

function refuse(finding: string | undefined): void {
  if (!finding) {
    return;
  }
  console.error(`Not released: ${finding}`);
  process.exitCode = 1;
}

function finish(made: Release): void {
  if (made.tagged || existsSync('dist/js')) {
    return console.log(outcome(made));
  }
  refuse(`dist/ has no package of version ${made.version}`);
}

function main(step: string): void {
  if (step === 'tree') {
    return refuse(treeFinding(git('status', '--porcelain')));
  }
  if (step === 'outcome') {
    return finish(release());
  }
  if (step === 'wanted') {
    process.exitCode = release().tagged ? 1 : 0;
    return;
  }
  refuse(versionFinding(release()));
  if (process.exitCode) {
    execFileSync('npx', ['projen', 'unbump'], { stdio: 'ignore', shell: process.platform === 'win32' });
  }
}

if (require.main === module) {
  main(process.argv[2]);
}
