import { setTimeout as sleep } from 'node:timers/promises';
import { systemUnavailable, toFailure } from './failure';
import { log } from './log';

/** The result of one poll: the awaited value, or the state until then, such as `being updated`. */
export type PollResult<T> = { readonly done: T } | { readonly pending: string };

/** What to poll, and how often. */
export interface PollOptions {
  /** Subject of the message when the time is over, for example `The function inventory-allocation`. */
  readonly subject: string;
  readonly everySeconds: number;
  /** Time, as `Date.now()` returns it, at which polling ends. */
  readonly deadline: number;
}

/** Polls until `read` returns the awaited value. `read` throws when that value can't come any more. */
export async function poll<T>(
  { subject, everySeconds, deadline }: PollOptions,
  read: () => Promise<PollResult<T>>,
): Promise<T> {
  const start = Date.now();
  for (;;) {
    const result = await read();
    if ('done' in result) {
      return result.done;
    }
    if (Date.now() + everySeconds * 1000 > deadline) {
      const seconds = Math.round((Date.now() - start) / 1000);
      throw systemUnavailable(
        `${subject} is still ${result.pending} after ${seconds} seconds. Retry the stage when that is complete.`,
      );
    }
    await sleep(everySeconds * 1000);
  }
}

const UNAVAILABLE_PAUSE_MILLISECONDS = 10_000;

/** Repeats the call until the deadline while AWS is unavailable, after the SDK has given up. */
export async function retryWhileUnavailable<T>(deadline: number, call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const { type, message } = toFailure(error);
      if (type !== 'SystemUnavailable' || Date.now() + UNAVAILABLE_PAUSE_MILLISECONDS > deadline) {
        throw error;
      }
      log('AWS is unavailable', { error: message });
      await sleep(UNAVAILABLE_PAUSE_MILLISECONDS);
    }
  }
}
