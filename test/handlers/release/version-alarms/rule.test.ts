import { Random } from '../../../../benchmarks/version-alarms/random';
import { evaluateExpression } from '../../../../rehearsal/account/cloudwatch/metric-math';
import {
  isRed,
  isWorse,
  lowerBound,
  renderRule,
  requiredInvocations,
  Rule,
  upperBound,
} from '../../../../src/handlers/release/version-alarms/rule';

const RULE: Rule = { maximumPercent: 2, standardDeviations: 3, minimumFailures: 3, maximumRatio: 2 };
const ALONE: Rule = { ...RULE, maximumRatio: undefined };
const counts = (failures: number, total: number, currentFailures = 0, currentTotal = 0) => ({
  target: { failures, total },
  current: { failures: currentFailures, total: currentTotal },
});

describe('a version is worse', () => {
  test.each([
    ['three failures of three invocations', counts(3, 3)],
    ['a rate that is surely above the maximum', counts(30, 500)],
    ['a rate that is surely above the rate of the current version', counts(30, 500, 10, 4500)],
  ])('with %s', (_, given) => {
    expect(isWorse(given, RULE)).toBe(true);
  });

  test.each([
    ['without invocations', counts(0, 0)],
    ['with two failures of two invocations', counts(2, 2)],
    ['with a rate that may be below the maximum', counts(3, 100)],
    ['with the rate of the current version', counts(30, 500, 270, 4500)],
    ['with less than twice the rate of the current version', counts(75, 500, 360, 4500)],
    ['with a rate that may be the rate of the current version', counts(4, 10, 2, 10)],
  ])('never %s', (_, given) => {
    expect(isWorse(given, RULE)).toBe(false);
  });

  test('with the rate of the current version, if the versions are not compared', () => {
    expect(isWorse(counts(30, 500, 270, 4500), ALONE)).toBe(true);
  });
});

test('an alarm that compares the versions is not red without traffic of the current version', () => {
  expect(isRed(counts(3, 3), RULE)).toBe(false);
  expect(isRed(counts(3, 3, 0, 1), RULE)).toBe(true);
  expect(isRed(counts(3, 3), ALONE)).toBe(true);
});

describe('the bounds', () => {
  test('are those of Wilson', () => {
    expect(lowerBound({ failures: 10, total: 100 }, 1.96)).toBeCloseTo(0.0552, 4);
    expect(upperBound({ failures: 10, total: 100 })).toBeCloseTo(0.1604, 3);
  });

  test('follow the rule of three without a failure', () => {
    expect(upperBound({ failures: 0, total: 12 })).toBe(0.25);
    expect(upperBound({ failures: 0, total: 0 })).toBe(1);
  });

  test('are 0 without invocations', () => {
    expect(lowerBound({ failures: 0, total: 0 }, 3)).toBe(0);
  });
});

test('the required invocations show a rate below the maximum, unless the user sets a number', () => {
  expect(requiredInvocations(RULE)).toBe(150);
  expect(requiredInvocations({ ...RULE, minimumInvocations: 20 })).toBe(20);
});

describe('for random counts and options', () => {
  const random = new Random(7);
  const below = (limit: number) => Math.floor(random.next() * limit);
  const cases = Array.from({ length: 3000 }, () => {
    const [total, currentTotal] = [below(10 ** (1 + below(4))), below(10 ** below(5))];
    const rule: Rule = {
      maximumPercent: [0.5, 2, 5, 20][below(4)],
      standardDeviations: [1, 2, 3][below(3)],
      minimumFailures: 1 + below(5),
      maximumRatio: [undefined, 1, 1.5, 2][below(4)],
    };
    return { rule, given: counts(below(total + 1), total, below(currentTotal + 1), currentTotal) };
  });

  test('metric math and the release function decide alike', () => {
    const different = cases.filter(({ rule, given: { target, current } }) => {
      const values = { ...target, currentTotal: current.total, currentFailures: current.failures };
      return evaluateExpression(renderRule(rule), values) !== Number(isRed({ target, current }, rule));
    });
    expect(different).toEqual([]);
    expect(cases.filter(({ rule, given }) => isRed(given, rule)).length).toBeGreaterThan(200);
  });

  test('a version is above the maximum exactly when its lower bound is', () => {
    const different = cases.filter(({ rule, given }) => {
      const alone = { ...rule, maximumRatio: undefined, minimumFailures: 0 };
      const isAbove = lowerBound(given.target, rule.standardDeviations) > rule.maximumPercent / 100;
      return isWorse(given, alone) !== isAbove;
    });
    expect(different).toEqual([]);
  });
});
