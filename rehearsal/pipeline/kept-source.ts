import * as fs from 'node:fs';
import * as path from 'node:path';
import { SourceRevision } from './source-folder';
import type { Account } from '../account/account';

/** Keeps the source of a run, for a later run that starts with the same revision. */
export function keepSource(account: Account, source: SourceRevision, variables: Record<string, string>): void {
  const { CommitId, VersionId, ImageDigest } = variables;
  const revision = CommitId ?? VersionId ?? ImageDigest;
  if (!revision) {
    return;
  }
  const { commitId, message, authorDate } = source;
  account.state.sources[revision] = { commitId, message, authorDate, versionId: VersionId };
  const file = fileOf(account, commitId);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, source.zip);
}

/** Returns the source of an earlier run. */
export function keptSource(account: Account, revision: string): SourceRevision {
  const kept = account.state.sources[revision];
  if (!kept) {
    throw account.refuse(`a run of the revision ${revision}, which no earlier run of this rehearsal has fetched`);
  }
  return { ...kept, zip: fs.readFileSync(fileOf(account, kept.commitId)), notes: [] };
}

function fileOf({ folder }: Account, commitId: string): string {
  return path.join(folder, 'sources', `${commitId}.zip`);
}
