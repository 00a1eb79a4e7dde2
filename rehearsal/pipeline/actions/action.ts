import { Account } from '../../account/account';
import { Caller } from '../../account/iam/iam';
import type { Deployment, PipelineDefinition } from '../../stack/stack';
import { SourceRevision } from '../source-folder';

/** An artifact in the artifact bucket. */
export interface Artifact {
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/** What an action has to work with. */
export interface ActionContext {
  readonly account: Account;
  readonly deployment: Deployment;
  readonly pipeline: PipelineDefinition;
  readonly executionId: string;
  readonly name: string;
  /** The configuration, its variables resolved. */
  readonly configuration: Record<string, string>;
  /** The role that the action runs with. */
  readonly caller: Caller;
  readonly inputs: readonly Artifact[];
  readonly outputs: readonly Artifact[];
  /** The key that artifacts are encrypted with, when the pipeline names one. */
  readonly encryptionKey?: string;
  readonly source: SourceRevision;
  /** Names of the approvals that are rejected. */
  readonly rejected: readonly string[];
  /** A folder for what the action needs on this machine. */
  readonly workFolder: string;
  /** Tells how far the action is. */
  readonly progress: (text: string) => void;
}

/** How an action ended. */
export interface ActionResult {
  readonly succeeded: boolean;
  /** One line: what it did, or why it failed. */
  readonly summary: string;
  readonly variables: Record<string, string>;
  /** What AWS gives as the error of the action, when that isn't the summary. */
  readonly error?: string;
  /** The id of what the action has run elsewhere, a build for example. */
  readonly externalId?: string;
  /** What was different from AWS, to be said. */
  readonly notes?: readonly string[];
}

/** An action that the rehearsal can do. */
export type Action = (context: ActionContext) => Promise<ActionResult>;

/** Writes an artifact as a role. */
export async function writeArtifact(
  context: ActionContext,
  caller: Caller,
  artifact: Artifact,
  body: Buffer,
): Promise<void> {
  const encryption = context.encryptionKey
    ? { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: context.encryptionKey }
    : {};
  await context.account.perform(caller, 's3', 'PutObject', {
    Bucket: artifact.bucket,
    Key: artifact.key,
    Body: body,
    ContentType: 'application/zip',
    ...encryption,
  });
}

/** The failure of an action. */
export function failed(summary: string): ActionResult {
  return { succeeded: false, summary, variables: {} };
}
