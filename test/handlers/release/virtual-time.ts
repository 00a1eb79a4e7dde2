/**
 * Time that only sleeping moves. A test file puts it in the place of Node's timers:
 * `jest.mock('node:timers/promises', () => jest.requireActual('./virtual-time'))`.
 */
const START = Date.UTC(2026, 10, 23, 2, 0, 0);
let passed = 0;

/** Starts at two o'clock in the night. */
export function startVirtualTime(): void {
  passed = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => START + passed);
}

/** Seconds since the start. */
export function secondsPassed(): number {
  return passed / 1000;
}

/** A time of this day, some seconds after the start. */
export function timeAfter(seconds: number): Date {
  return new Date(START + seconds * 1000);
}

export async function setTimeout(milliseconds: number): Promise<void> {
  passed += milliseconds;
}
