/** The progress of a release, which one invocation passes to the next one of the same job as a continuation token. */
export interface Progress {
  /** The deployment that this job created. Undefined while the job waits for another deployment. */
  readonly deploymentId?: string;
  readonly targetVersion: string;
  /** The version that the alias pointed to when the deployment started. */
  readonly currentVersion?: string;
  /** What the person who reads the result should know. */
  readonly notes: string[];
  /** Time, as `Date.now()` returns it, since which the job waits for the provisioned concurrency of the alias. */
  readonly heldSince?: number;
  /** Time, as `Date.now()` returns it, since which the deployment can't be read. */
  readonly unreadableSince?: number;
}

/** The progress of a release whose deployment has started. */
export type DeploymentProgress = Progress & { readonly deploymentId: string };

/** Reads the continuation token. A new job has none. */
export function readProgress(token?: string): Progress {
  return token ? (JSON.parse(token) as Progress) : { targetVersion: '', notes: [] };
}

/** Adds a note to the progress. */
export function addNote(progress: Progress, note: string): Progress {
  return { ...progress, notes: [...progress.notes, note] };
}
