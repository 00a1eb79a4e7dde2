/**
 * A clock that only `setTimeout` moves. A test file replaces Node's timers with it:
 * `jest.mock('node:timers/promises', () => jest.requireActual('./virtual-time'))`.
 */
const START = Date.UTC(2026, 10, 23, 2, 0, 0);
let passed = 0;

/** Starts at 2 a.m. */
export function startVirtualTime(): void {
  passed = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => START + passed);
}

/** Seconds since the start. */
export function secondsPassed(): number {
  return passed / 1000;
}

/** The time that is that many seconds after the start. */
export function timeAfter(seconds: number): Date {
  return new Date(START + seconds * 1000);
}

export async function setTimeout(milliseconds: number): Promise<void> {
  passed += milliseconds;
}
