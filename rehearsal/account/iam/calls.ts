import { Context } from './condition';
import { Caller, Iam } from './iam';
import { AwsError } from '../../base/aws-error';
import { Clock } from '../../base/clock';

/** A call of a role. */
export interface Call {
  readonly time: number;
  /** The logical id of the role in its template. */
  readonly role: string;
  /** The IAM action, for example `lambda:GetAlias`. */
  readonly action: string;
  readonly resource: string;
  allowed: boolean;
  /** The policy whose document is unknown, if the decision depends on it. */
  notChecked?: string;
  error?: string;
}

/** Records every call, and checks it against the policies of its role. */
export class Calls {
  readonly made: Call[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly iam: Iam,
  ) {}

  /** Throws if the policies do not allow the action. */
  check(caller: Caller, action: string, resource: string, context?: Context): Call {
    const call: Call = { time: this.clock.now(), role: caller.role.logicalId, action, resource, allowed: true };
    this.made.push(call);
    try {
      const notChecked = this.iam.authorize(caller, action, resource, context);
      return Object.assign(call, notChecked === undefined ? {} : { notChecked });
    } catch (error) {
      call.allowed = false;
      call.error = codeOf(error);
      throw error;
    }
  }

  /** Checks an action of a service that the account does not have: whether the role may call it on any resource. */
  checkAction(caller: Caller, action: string): void {
    const call: Call = { time: this.clock.now(), role: caller.role.logicalId, action, resource: '*', allowed: true };
    this.made.push(call);
    try {
      this.iam.authorizeAction(caller, action);
    } catch (error) {
      Object.assign(call, { allowed: false, error: codeOf(error) });
      throw error;
    }
  }

  /** Performs a call if the policies allow it. */
  async perform<T>(
    caller: Caller,
    action: string,
    resources: readonly string[],
    work: () => T | Promise<T>,
  ): Promise<T> {
    const calls = resources.map((resource) => this.check(caller, action, resource));
    try {
      return await work();
    } catch (error) {
      calls.forEach((call) => {
        call.error = codeOf(error);
      });
      throw error;
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof AwsError ? error.code : String(error);
}
