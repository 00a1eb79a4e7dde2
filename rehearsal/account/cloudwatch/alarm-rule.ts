import { NotRehearsedError } from '../../base/aws-error';

const STATES = ['ALARM', 'OK', 'INSUFFICIENT_DATA'];
const TOKEN = /\s*(\(|\)|"[^"]*"|[^\s()"]+)/g;

/**
 * Whether the rule of a composite alarm holds; the state of an alarm is asked for by its name or ARN.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function evaluateAlarmRule(rule: string, stateOf: (alarm: string) => string): boolean {
  const tokens = tokensOf(rule);
  let position = 0;
  const next = () => tokens[position++];
  const accept = (token: string) => tokens[position] === token && position++ >= 0;
  const expect = (token: string) => {
    if (!accept(token)) {
      throw new NotRehearsedError(`the alarm rule ${rule}: ${token} expected at ${tokens[position] ?? 'its end'}`);
    }
  };

  const either = (): boolean => {
    let holds = both();
    while (accept('OR')) {
      holds = both() || holds;
    }
    return holds;
  };
  const both = (): boolean => {
    let holds = single();
    while (accept('AND')) {
      holds = single() && holds;
    }
    return holds;
  };
  const single = (): boolean => {
    if (accept('NOT')) {
      return !single();
    }
    if (accept('TRUE')) {
      return true;
    }
    if (accept('FALSE')) {
      return false;
    }
    const token = next();
    if (token === '(') {
      const holds = either();
      expect(')');
      return holds;
    }
    if (!STATES.includes(token)) {
      throw new NotRehearsedError(`the alarm rule ${rule}: ${token ?? 'its end'}`);
    }
    expect('(');
    const alarm = next().replace(/^"|"$/g, '');
    expect(')');
    return stateOf(alarm) === token;
  };

  const holds = either();
  if (position < tokens.length) {
    throw new NotRehearsedError(`the alarm rule ${rule}: ${tokens[position]}`);
  }
  return holds;
}

function tokensOf(rule: string): string[] {
  return [...rule.matchAll(TOKEN)].map(([, token]) => token);
}
