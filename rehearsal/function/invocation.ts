import { randomUUID } from 'node:crypto';
import type { InvokeResult } from './function';
import { NextInvocation } from './runtime-api';
import type { Clock } from '../base/clock';

/** Options of an invocation. */
export interface InvocationOptions {
  readonly timeoutSeconds: number;
  readonly event: string;
  readonly arn: string;
  readonly clock?: Clock;
  readonly resolve: (result: InvokeResult) => void;
  /** Called when the function exceeds its timeout. */
  readonly timeOut: () => void;
}

/**
 * How long a runtime may take to load the function:
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const INIT_LIMIT_MS = 10_000;

/** An invocation from `invoke` to its result. */
export class Invocation {
  private readonly id = randomUUID();
  private readonly limitMs: number;
  private readonly clockStart?: number;
  private started?: number;
  private ended = false;
  private limit?: NodeJS.Timeout;
  private sleptMs = 0;
  private sleeping?: Promise<void>;

  constructor(private readonly options: InvocationOptions) {
    this.limitMs = options.timeoutSeconds * 1000;
    this.clockStart = options.clock?.now();
    this.watch(INIT_LIMIT_MS + this.limitMs);
  }

  /** Whether the runtime has received the invocation. */
  get delivered(): boolean {
    return this.started !== undefined;
  }

  /** Delivers the invocation to a runtime that has loaded the function. */
  deliver(): NextInvocation {
    this.started = Date.now();
    this.watch(this.limitMs);
    const headers: Record<string, string> = {
      'Lambda-Runtime-Aws-Request-Id': this.id,
      'Lambda-Runtime-Deadline-Ms': String((this.clockStart ?? this.started) + this.limitMs),
      'Lambda-Runtime-Invoked-Function-Arn': this.options.arn,
      'Lambda-Runtime-Trace-Id': 'Root=1-00000000-000000000000000000000000;Sampled=0',
    };
    return {
      event: this.options.event,
      headers: this.clockStart === undefined ? headers : { ...headers, 'rehearsal-now': String(this.clockStart) },
    };
  }

  /** Sleeps on the clock, at most until the timeout of the function. Returns the new time. */
  async sleep(ms: number): Promise<number> {
    const { clock, timeOut } = this.options;
    if (!clock || this.clockStart === undefined) {
      throw new Error('a function follows a clock only if it has one');
    }
    const duration = Math.max(0, Math.min(ms, this.clockStart + this.limitMs - clock.now()));
    clearTimeout(this.limit);
    this.sleeping = clock.sleep(duration);
    await this.sleeping;
    this.sleeping = undefined;
    this.sleptMs += duration;
    if (clock.now() >= this.clockStart + this.limitMs) {
      timeOut();
    }
    this.watch(this.limitMs);
    return clock.now();
  }

  /** Ends the invocation. A process that dies during a sleep still sleeps on the clock, so the sleep must end first. */
  async end(result: Omit<InvokeResult, 'durationMs'>): Promise<void> {
    this.ended = true;
    clearTimeout(this.limit);
    const durationMs = this.started === undefined ? 0 : Date.now() - this.started + this.sleptMs;
    await this.sleeping;
    this.options.resolve({ ...result, durationMs });
  }

  private watch(ms: number): void {
    clearTimeout(this.limit);
    if (!this.ended) {
      this.limit = setTimeout(this.options.timeOut, ms);
    }
  }
}
