import { Context } from './condition';
import { Caller, Iam } from './iam';
import { AwsError } from '../../base/aws-error';
import { Clock } from '../../base/clock';

/** A call that somebody made. */
export interface Call {
  readonly time: number;
  /** Logical id of the role in its template. */
  readonly role: string;
  /** In IAM's name, for example `lambda:GetAlias`. */
  readonly action: string;
  readonly resource: string;
  allowed: boolean;
  error?: string;
}

/** Every call that was made, each held against the policies of the role that made it. */
export class Calls {
  readonly made: Call[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly iam: Iam,
  ) {}

  /** Throws when the policies don't allow the action. */
  check(caller: Caller, action: string, resource: string, context?: Context): Call {
    const call: Call = { time: this.clock.now(), role: caller.role.logicalId, action, resource, allowed: true };
    this.made.push(call);
    try {
      this.iam.authorize(caller, action, resource, context);
      return call;
    } catch (error) {
      call.allowed = false;
      call.error = codeOf(error);
      throw error;
    }
  }

  /** Does what a call asks for, when the policies allow it. */
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
