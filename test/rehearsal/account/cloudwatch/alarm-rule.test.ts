import { evaluateAlarmRule } from '../../../../rehearsal/account/cloudwatch/alarm-rule';

const STATES: Record<string, string> = { errors: 'ALARM', throttles: 'OK', new: 'INSUFFICIENT_DATA' };
const evaluate = (rule: string) => evaluateAlarmRule(rule, (alarm) => STATES[alarm.replace(/^arn:.*:/, '')]);

test.each([
  ['ALARM("errors")', true],
  ['ALARM(errors)', true],
  ['ALARM("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors")', true],
  ['ALARM("throttles")', false],
  ['OK("throttles")', true],
  ['INSUFFICIENT_DATA("new")', true],
  ['NOT ALARM("errors")', false],
  ['(ALARM("errors") AND ALARM("throttles"))', false],
  ['ALARM("throttles") OR ALARM("errors")', true],
  ['ALARM("errors") OR ALARM("throttles") AND FALSE', true],
  ['(ALARM("errors") OR ALARM("throttles")) AND NOT OK("new")', true],
  ['TRUE', true],
])('the rule %s is %s', (rule, expected) => {
  expect(evaluate(rule)).toBe(expected);
});

test.each(['AT_LEAST(1, ALARM, (errors))', 'ALARM("errors"', 'ALARM("errors") ALARM("throttles")', ''])(
  'fails for an unknown rule: %s',
  (rule) => {
    expect(() => evaluate(rule)).toThrow(/not rehearsed: the alarm rule/);
  },
);
