import { PolicyDocument } from '../account/iam/policy';

/** Options of a rehearsal. */
export interface RehearsalOptions {
  /** A synthesized app (`cdk.out`). */
  readonly assembly: string;
  readonly source: string;
  readonly commit?: string;
  /**
   * The events to invoke the function with while traffic shifts, in turn.
   * Default: the files `events/*.json` of the source, or else an empty event.
   */
  readonly events?: readonly unknown[];
  /** Omits the traffic: no invocations during a deployment. */
  readonly withoutInvocations?: boolean;
  /** The folder for the state of the account. Default: a temporary folder. */
  readonly state?: string;
  /** Keeps a temporary folder: logs and packages. */
  readonly keep?: boolean;
  readonly report?: string;
  /** A file for a report in HTML. */
  readonly html?: string;
  /** Prints each call with its role. */
  readonly verbose?: boolean;
  readonly variables: Record<string, string>;
  /** The values of secrets and parameters for the builds, by the names in the builds. */
  readonly secrets?: Record<string, string>;
  /** The name of the pipeline to run. Default: all pipelines. */
  readonly pipeline?: string;
  /** The name of the stack whose pipelines run. Default: all stacks. */
  readonly stack?: string;
  /** The values of parameters of the stacks, by `name` or `stack:name`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The documents of managed policies that no template contains, by name or ARN. */
  readonly policies?: Readonly<Record<string, PolicyDocument>>;
  /** The addresses of services on this machine that functions call, by the name of the service. */
  readonly endpoints?: Readonly<Record<string, string>>;
  /** The tags of the object, for a source in S3. */
  readonly sourceTags?: Readonly<Record<string, string>>;
  /** The names of the approvals to reject. All others are approved. */
  readonly rejected: readonly string[];
}
