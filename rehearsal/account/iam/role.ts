import { PolicyDocument } from './policy';

/** A role of the templates, with all its policies. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  readonly logicalId: string;
  readonly trust: PolicyDocument;
  readonly policies: PolicyDocument[];
  /** The ARNs of its managed policies. */
  readonly managed?: string[];
  /** The ARN of its permissions boundary. */
  readonly boundary?: string;
  /** Whether no template contains the role, so that its permissions are unknown. */
  readonly isUnknown?: boolean;
}

/** The caller of an operation: a session of a role. */
export interface Caller {
  readonly role: Role;
  readonly session: string;
  /** Identifies the session in a signed request. */
  readonly accessKeyId: string;
}
