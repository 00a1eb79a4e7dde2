/**
 * A virtual clock: time is frozen while any actor runs, and jumps to the next timer when all of them sleep.
 *
 * `run` starts an actor, which is at rest only inside `sleep` and `idle`. A plain call from an actor (for example an
 * invocation of a function process) is part of that actor. An actor waits for another one with `idle`:
 * `await clock.idle(clock.run(other))`.
 */
export class Clock {
  private time: number;
  private busy = 0;
  private created = 0;
  private timers: Timer[] = [];
  private readonly waits = new Set<(deadlock: Error) => void>();

  constructor(start: number) {
    this.time = start;
  }

  /** Returns the milliseconds since 1970. */
  now(): number {
    return this.time;
  }

  /** Starts an actor, which is busy until it ends. */
  async run<T>(actor: () => Promise<T>): Promise<T> {
    this.busy++;
    try {
      return await actor();
    } finally {
      this.rest();
    }
  }

  /** Called by an actor: rests for `ms`. Timers for the same time fire in the order of their creation. */
  async sleep(ms: number): Promise<void> {
    const at = this.time + Math.max(0, ms);
    const due = new Promise<void>((resolve) => this.timers.push({ at, order: this.created++, fire: resolve }));
    this.rest();
    await due;
    this.busy++;
  }

  /** Called by an actor: rests until another actor has fulfilled the promise. */
  async idle<T>(wait: Promise<T>): Promise<T> {
    let fail!: (deadlock: Error) => void;
    const deadlock = new Promise<never>((_, reject) => {
      fail = reject;
    });
    this.waits.add(fail);
    this.rest();
    try {
      return await Promise.race([wait, deadlock]);
    } finally {
      this.waits.delete(fail);
      this.busy++;
    }
  }

  /** Called by an actor: like `idle`, but returns undefined after `ms`. */
  async within<T>(ms: number, wait: Promise<T>): Promise<T | undefined> {
    let timer!: Timer;
    const late = new Promise<undefined>((resolve) => {
      timer = { at: this.time + ms, order: this.created++, fire: () => resolve(undefined) };
    });
    this.timers.push(timer);
    try {
      return await this.idle(Promise.race([wait, late]));
    } finally {
      this.timers = this.timers.filter((other) => other !== timer);
    }
  }

  private rest(): void {
    this.busy--;
    // Later, because actors that waited for this one must run first
    setImmediate(() => this.advance());
  }

  private advance(): void {
    if (this.busy > 0) {
      return;
    }
    const next = this.timers.sort((a, b) => a.at - b.at || a.order - b.order).shift();
    if (next) {
      this.time = Math.max(this.time, next.at);
      next.fire();
      return;
    }
    for (const fail of this.waits) {
      fail(new Error('deadlock: every actor is waiting and no timer is pending'));
    }
  }
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}
