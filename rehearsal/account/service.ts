import { Caller } from './iam/iam';

/** An operation of a service, as the stand-in performs it. Each one declares the input that it reads. */
export interface Operation {
  /** Returns the IAM action if its name differs from the operation's. */
  readonly action?: (input: never) => string;
  /** Returns the resources to check against the policies of the caller; `*` for an action without resources. */
  readonly resources: (input: never) => string[];
  readonly run: (input: never, caller: Caller) => unknown;
}

/** A service of AWS, as far as a release needs it. */
export interface Service {
  /** The prefix of its IAM actions. */
  readonly prefix: string;
  readonly operations: Record<string, Operation>;
}
