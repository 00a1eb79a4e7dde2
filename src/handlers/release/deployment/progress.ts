/** What an invocation hands on to the next one of the same job, as the continuation token. */
export interface Progress {
  /** The deployment that this job made; until then the job waits for another one. */
  readonly deploymentId?: string;
  readonly targetVersion: string;
  /** The version that the alias was at when the deployment began. */
  readonly currentVersion?: string;
  /** What the person who reads the result ought to know. */
  readonly notes: string[];
}

/** A release whose deployment has begun. */
export type Watched = Progress & { readonly deploymentId: string };

/** Reads the continuation token; a new job has none. */
export function readProgress(token?: string): Progress {
  return token ? (JSON.parse(token) as Progress) : { targetVersion: '', notes: [] };
}
