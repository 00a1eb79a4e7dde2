import { setTimeout as sleep } from 'node:timers/promises';
import { systemUnavailable } from './failure';

/** What one look found: the awaited thing, or what there is in its place. */
export type Look<T> = { readonly done: T } | { readonly again: string };

/** Looks every few seconds until the thing is there; what can't come any more, `look` throws. */
export async function poll<T>(
  awaited: string,
  everySeconds: number,
  deadline: number,
  look: () => Promise<Look<T>>,
): Promise<T> {
  const since = Date.now();
  for (;;) {
    const found = await look();
    if ('done' in found) {
      return found.done;
    }
    if (Date.now() + everySeconds * 1000 > deadline) {
      const waited = Math.round((Date.now() - since) / 1000);
      throw systemUnavailable(
        `waited ${waited} seconds for ${awaited}, and it is still ${found.again}. Retry the stage when it is done.`,
      );
    }
    await sleep(everySeconds * 1000);
  }
}
