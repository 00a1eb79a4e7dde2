import * as fs from 'node:fs';
import * as path from 'node:path';
import { Random } from '../../../benchmarks/version-alarms/random';
import {
  anyError,
  bareThreshold,
  DEFAULTS,
  rollbacks,
  SHIFTS,
  Situation,
  versionAlarm,
} from '../../../benchmarks/version-alarms/simulation';
import { renderRow, ROWS } from '../../../benchmarks/version-alarms/table';

const FEW = { releases: 400, seed: 3 };
const rate = (situation: Situation, judge = versionAlarm(DEFAULTS), shift = SHIFTS.canary) =>
  rollbacks(situation, shift, judge, FEW);
const situation = (requestsPerMinute: number, currentRate: number, targetRate = currentRate): Situation => ({
  requestsPerMinute,
  currentRate,
  targetRate,
});

describe('the rule of version alarms', () => {
  test.each([5, 50, 500])('rolls back almost no good version that fails 1%% of %d requests a minute', (requests) => {
    expect(rate(situation(requests, 0.01))).toBeLessThan(0.03);
  });

  test('rolls back few good versions that fail more often than the maximum, as the current version does', () => {
    expect(rate(situation(500, 0.05))).toBeLessThan(0.1);
  });

  test.each([5, 50, 500])('finds a version that always fails at %d requests a minute', (requests) => {
    expect(rate(situation(requests, 0.001, 1))).toBe(1);
  });

  test.each([50, 500])('finds a version that fails 10%% of %d requests a minute', (requests) => {
    expect(rate(situation(requests, 0.01, 0.1))).toBeGreaterThan(0.98);
  });

  test('finds a bad version when all traffic shifts in one step', () => {
    expect(rate(situation(50, 0.01, 0.1), versionAlarm(DEFAULTS), SHIFTS.allAtOnce)).toBeGreaterThan(0.98);
  });

  test('rolls back fewer good versions during an outage than after one error', () => {
    const outage = { ...situation(500, 0.001), outageRate: 0.2 };
    expect(rate(outage)).toBeLessThan(0.6);
    expect(rate(outage, anyError)).toBe(1);
  });
});

test('a bare threshold rolls back many good versions, and misses a version that always fails', () => {
  expect(rate(situation(500, 0.01), bareThreshold)).toBeGreaterThan(0.2);
  expect(rate(situation(5, 0.001, 1), bareThreshold)).toBe(0);
});

describe('the random numbers', () => {
  test.each([0, 0.3, 4, 400])('have the mean %d', (mean) => {
    const random = new Random(1);
    const numbers = Array.from({ length: 4000 }, () => random.events(mean));
    const observed = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    expect(Math.abs(observed - mean)).toBeLessThanOrEqual(5 * Math.sqrt(mean / numbers.length));
  });

  test('are the same for the same seed', () => {
    expect(new Random(5).next()).toBe(new Random(5).next());
  });
});

test('docs/version-alarms.md has a row for each situation, as the simulation prints it', () => {
  const document = fs.readFileSync(path.join(__dirname, '../../../docs/version-alarms.md'), 'utf8');
  const rows = document.split('\n').filter((line) => /^\| \d/.test(line));
  expect(rows).toHaveLength(ROWS.length);
  expect(rows[0]).toBe(renderRow(ROWS[0]));
});
