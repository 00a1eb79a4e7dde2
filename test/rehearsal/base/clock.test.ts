import { Clock } from '../../../rehearsal/base/clock';

test('jumps to the next timer when all sleep', async () => {
  const clock = new Clock(1000);

  await clock.run(() => clock.sleep(3_600_000));

  expect(clock.now()).toBe(3_601_000);
});

test('stands still while somebody works', async () => {
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

test('fires timers in order of time, and of creation when the time is equal', async () => {
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

  const answer = await clock.run(() =>
    clock.idle(
      clock.run(async () => {
        await clock.sleep(50);
        return `answer at ${clock.now()}`;
      }),
    ),
  );

  expect(answer).toBe('answer at 50');
});

test('does not jump before the one who was waited for has let the other go on', async () => {
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

test('fails when everybody waits for somebody else', async () => {
  const clock = new Clock(0);

  await expect(clock.run(() => clock.idle(new Promise(() => undefined)))).rejects.toThrow('the rehearsal stands still');
});

test('an actor that fails does not hold up the others', async () => {
  const clock = new Clock(0);
  const failing = clock.run(async () => {
    throw new Error('no');
  });
  const sleeping = clock.run(() => clock.sleep(7));

  await expect(failing).rejects.toThrow('no');
  await sleeping;
  expect(clock.now()).toBe(7);
});

test('waits no longer than it is told', async () => {
  const clock = new Clock(0);

  const answer = await clock.run(() => clock.within(30, new Promise(() => undefined)));

  expect(answer).toBeUndefined();
  expect(clock.now()).toBe(30);
});

test('forgets the time limit of a wait that is over', async () => {
  const clock = new Clock(0);
  const other = clock.run(async () => {
    await clock.sleep(5);
    return 'done';
  });

  const answer = await clock.run(() => clock.within(1000, other));

  expect(answer).toBe('done');
  expect(clock.now()).toBe(5);
});
