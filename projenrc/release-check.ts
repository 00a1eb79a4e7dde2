import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { git, manifest, publishedVersion } from './published';

/*
 * The steps of the task `release` that projen does not have: nothing is built from files that no commit has, or without a commit that asks
 * for a release; no version is published twice; and the last line says what comes out.
 */

export interface Release {
  readonly version: string;
  readonly tag: string;
  /** Whether this clone, the remote repository and npm have it already. */
  readonly tagged: boolean;
  readonly taggedOnRemote: boolean;
  readonly published: boolean;
}

/** Why a release from this working tree is refused, given `git status --porcelain`. */
export function treeFinding(status: string): string | undefined {
  if (status === '') {
    return undefined;
  }
  return `the working tree has changes that no commit has, and a release is made of commits alone. Commit, stash or delete:\n${status}`;
}

/** Why this version is refused. A version that the clone itself has tagged is none: then there is nothing to release. */
export function versionFinding({ version, tag, tagged, taggedOnRemote, published }: Release): string | undefined {
  if (tagged) {
    return undefined;
  }
  if (taggedOnRemote) {
    return `version ${version} is released already: the tag ${tag} is in the remote repository, but not in this clone. Run git fetch --tags, so that the next version is found`;
  }
  if (published) {
    return `version ${version} is in npm already, but nothing is tagged ${tag}: a release stopped half-way. Re-run its failed jobs; docs/releasing.md says what to do when they can't be re-run`;
  }
  return undefined;
}

/** The last line of the task. */
export function outcome({ version, tag, tagged }: Release): string {
  return tagged
    ? `nothing to release: no commit since ${tag} is a feature, a fix or a breaking change (feat, fix, perf, revert, or "!"). Nothing will be published`
    : `dist/ holds version ${version}, to be published and then tagged ${tag}`;
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
  refuse(`dist/ holds no package of version ${made.version}`);
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
