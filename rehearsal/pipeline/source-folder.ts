import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { zipFolder } from '../base/zip';

/** The source of a run, as a connection would fetch it. */
export interface SourceRevision {
  readonly zip: Buffer;
  readonly commitId: string;
  readonly message: string;
  readonly authorDate: string;
  /** The version of the object, for a run that starts with an earlier version of a source in S3. */
  readonly versionId?: string;
  /** The tags of the object, for a source in S3. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The folder of the Git repository, for a full clone. Omitted for a plain folder. */
  readonly repository?: string;
  /** Differences from a push. */
  readonly notes: string[];
}

const NOT_SOURCE = ['.git', '.venv', 'node_modules', 'cdk.out', '__pycache__'];

/** Reads a source: a git repository at a commit, or a plain folder as it is. */
export async function readSource(folder: string, commit = 'HEAD'): Promise<SourceRevision> {
  if (!fs.existsSync(folder)) {
    throw new Error(`the source ${folder} does not exist: --source must be a folder or a git repository`);
  }
  if (fs.existsSync(path.join(folder, '.git'))) {
    return readRepository(folder, commit);
  }
  if (commit !== 'HEAD') {
    throw new Error(`--commit ${commit} needs a git repository, and ${folder} has no .git`);
  }
  const zip = zipFolder(folder, NOT_SOURCE);
  return {
    zip,
    commitId: createHash('sha1').update(zip).digest('hex'),
    message: 'a folder without version control',
    authorDate: new Date(0).toISOString(),
    notes: [`${folder} is not a git repository: the run has all its files`],
  };
}

/** Clones the repository with its history, at the commit of the source, as CodeBuild does. */
export function cloneSource(repository: string, commitId: string, target: string): void {
  const git = (...parameters: string[]) => execFileSync('git', parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  git('clone', '--quiet', '--no-checkout', repository, target);
  git('-C', target, '-c', 'advice.detachedHead=false', 'checkout', '--quiet', commitId);
}

function readRepository(folder: string, commit: string): SourceRevision {
  const git = (...parameters: string[]) =>
    execFileSync('git', ['-C', folder, ...parameters], { maxBuffer: 1024 ** 3, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = (...parameters: string[]) =>
    git(...parameters)
      .toString()
      .trim();
  const commitId = text('rev-parse', '--verify', `${commit}^{commit}`);
  const changes = text('status', '--porcelain').split('\n').filter(Boolean);
  return {
    zip: git('archive', '--format=zip', commitId),
    repository: path.resolve(folder),
    commitId,
    message: text('log', '-1', '--format=%s', commitId),
    authorDate: text('log', '-1', '--format=%aI', commitId),
    notes:
      changes.length > 0
        ? [`${folder} has ${changes.length} uncommitted changes, which are not in the run: a push has only commits`]
        : [],
  };
}
