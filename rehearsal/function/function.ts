import type { Clock } from '../base/clock';

/** A version of a Lambda function, as the rehearsal loads and invokes it. */
export interface FunctionOptions {
  /** The unzipped package. */
  readonly packageFolder: string;
  readonly runtime: string;
  readonly handler: string;
  readonly functionName: string;
  readonly version: string;
  readonly memorySize: number;
  readonly timeoutSeconds: number;
  readonly environment: Record<string, string>;
  /** The clock that the sleeps of the process (`setTimeout` of node:timers/promises) and its Date follow. */
  readonly clock?: Clock;
  readonly onLine?: (line: string) => void;
  /** Called for each host outside of this machine that the function tried to reach. */
  readonly onBlocked?: (host: string) => void;
  /** A folder above the package, for the AWS SDK that Lambda provides to Node.js. Default: not provided. */
  readonly sdkFolder?: string;
}

/** The result of an invocation: a payload, or an error as Lambda reports it. */
export interface InvokeResult {
  readonly payload?: unknown;
  readonly error?: { readonly type: string; readonly message: string; readonly stack?: string[] };
  /** The time that the handler ran on this machine, plus the time that it slept on the clock. */
  readonly durationMs: number;
}
