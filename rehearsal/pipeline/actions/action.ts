import type { Account } from '../../account/account';
import { Caller } from '../../account/iam/iam';
import { Deployment } from '../../stack/context';
import { ActionDeclaration, PipelineDefinition } from '../../stack/pipeline-definition';
import { SourceRevision } from '../source-folder';

/** An artifact in the artifact bucket. */
export interface Artifact {
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  /** Whether the artifact refers to the repository of a full clone. */
  readonly isClone: boolean;
}

/** The input of an action. */
export interface ActionContext {
  readonly account: Account;
  readonly deployment: Deployment;
  readonly pipeline: PipelineDefinition;
  readonly executionId: string;
  readonly name: string;
  readonly declaration: ActionDeclaration;
  /** The configuration with resolved variables. */
  readonly configuration: Record<string, string>;
  /** The role of the action. */
  readonly caller: Caller;
  readonly inputs: readonly Artifact[];
  readonly outputs: readonly Artifact[];
  /** The key for the artifacts, if the pipeline names one. */
  readonly encryptionKey?: string;
  readonly source: SourceRevision;
  /** The names of the approvals to reject. */
  readonly rejected: readonly string[];
  /** A folder for the files of the action on this machine. */
  readonly workFolder: string;
  /** Reports the progress of the action. */
  readonly progress: (text: string) => void;
  /** Shows a line of a running build. */
  readonly buildLine: (text: string) => void;
}

/** The result of an action. */
export interface ActionResult {
  readonly succeeded: boolean;
  /** The result in one line, or the cause of the failure. */
  readonly summary: string;
  readonly variables: Record<string, string>;
  /** The error message of AWS, if it differs from the summary. */
  readonly error?: string;
  /** The id of an external execution, for example of a build. */
  readonly externalId?: string;
  /** Differences from AWS. */
  readonly notes?: readonly string[];
}

/** An action that the rehearsal can perform. */
export type Action = (context: ActionContext) => Promise<ActionResult>;

/** Writes an artifact with a role: with the key of the pipeline, or with the AWS managed key for S3. */
export async function writeArtifact(
  context: ActionContext,
  caller: Caller,
  artifact: Artifact,
  body: Buffer,
): Promise<void> {
  await context.account.perform(caller, 's3', 'PutObject', {
    Bucket: artifact.bucket,
    Key: artifact.key,
    Body: body,
    ContentType: 'application/zip',
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: context.encryptionKey,
  });
}

/** Returns the result of a failed action. */
export function failed(summary: string): ActionResult {
  return { succeeded: false, summary, variables: {} };
}
