import { Caller } from './iam/iam';

/** An operation of a service, as the stand-in does it. */
export interface Operation {
  /** The action in IAM's name, when it's another one than the operation's. */
  readonly action?: (input: any) => string;
  /** The resources that the caller's policies must allow it on; `*` for an action that knows none. */
  readonly resources: (input: any) => string[];
  readonly run: (input: any, caller: Caller) => unknown;
}

/** A service of AWS, as far as the release needs it. */
export interface Service {
  /** The prefix of its actions in IAM. */
  readonly prefix: string;
  readonly operations: Record<string, Operation>;
}
