import { Clock } from '../../../rehearsal/base/clock';

test('jumps to the next timer when all actors sleep', async () => {
  const clock = new Clock(1000);

  await clock.run(() => clock.sleep(3_600_000));

  expect(clock.now()).toBe(3_601_000);
});

test('is frozen while an actor runs', async () => {
  const clock = new Clock(0);
  const seen: string[] = [];
  const worker = clock.run(async () => {
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    seen.push(`worked at ${clock.now()}`);
  });
  const sleeper = clock.run(async () => {
    await clock.sleep(5);
    seen.push(`woke at ${clock.now()}`);
  });

  await Promise.all([worker, sleeper]);

  expect(seen).toEqual(['worked at 0', 'woke at 5']);
});

test('fires timers by time, and timers for the same time in the order of their creation', async () => {
  const clock = new Clock(0);
  const seen: string[] = [];
  const actor = (name: string, ms: number) =>
    clock.run(async () => {
      await clock.sleep(ms);
      seen.push(name);
    });

  await Promise.all([actor('late', 20), actor('first', 10), actor('second', 10)]);

  expect(seen).toEqual(['first', 'second', 'late']);
});

test('lets an actor wait for another one', async () => {
  const clock = new Clock(0);

  const result = await clock.run(() =>
    clock.idle(
      clock.run(async () => {
        await clock.sleep(50);
        return `done at ${clock.now()}`;
      }),
    ),
  );

  expect(result).toBe('done at 50');
});

test('does not jump before a waiting actor has resumed', async () => {
  const clock = new Clock(0);
  let ring!: () => void;
  const bell = new Promise<void>((resolve) => {
    ring = resolve;
  });
  const waiting = clock.run(async () => {
    await clock.idle(bell);
    return clock.now();
  });
  const ringing = clock.run(async () => {
    await clock.sleep(10);
    ring();
  });
  const other = clock.run(() => clock.sleep(99));

  expect(await waiting).toBe(10);
  await Promise.all([ringing, other]);
});

test('fails when every actor waits for another one', async () => {
  const clock = new Clock(0);

  await expect(clock.run(() => clock.idle(new Promise(() => undefined)))).rejects.toThrow(
    'deadlock: every actor is waiting and no timer is pending',
  );
});

test('a failed actor does not block the others', async () => {
  const clock = new Clock(0);
  const failing = clock.run(async () => {
    throw new Error('no');
  });
  const sleeping = clock.run(() => clock.sleep(7));

  await expect(failing).rejects.toThrow('no');
  await sleeping;
  expect(clock.now()).toBe(7);
});

test('waits no longer than the limit', async () => {
  const clock = new Clock(0);

  const result = await clock.run(() => clock.within(30, new Promise(() => undefined)));

  expect(result).toBeUndefined();
  expect(clock.now()).toBe(30);
});

test('removes the timer of a wait that has ended', async () => {
  const clock = new Clock(0);
  const other = clock.run(async () => {
    await clock.sleep(5);
    return 'done';
  });

  const result = await clock.run(() => clock.within(1000, other));

  expect(result).toBe('done');
  expect(clock.now()).toBe(5);
});
