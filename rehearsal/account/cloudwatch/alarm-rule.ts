import { NotRehearsedError } from '../../base/aws-error';

const STATES = ['ALARM', 'OK', 'INSUFFICIENT_DATA'];
const TOKEN = /\s*(\(|\)|"[^"]*"|[^\s()"]+)/g;

/**
 * Whether the rule of a composite alarm is true:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 *
 * `stateOf` receives the name or the ARN of an alarm.
 */
export function evaluateAlarmRule(rule: string, stateOf: (alarm: string) => string): boolean {
  return new AlarmRule(rule, stateOf).evaluate();
}

class AlarmRule {
  private readonly tokens: readonly string[];
  private position = 0;

  constructor(
    private readonly rule: string,
    private readonly stateOf: (alarm: string) => string,
  ) {
    this.tokens = [...rule.matchAll(TOKEN)].map(([, token]) => token);
  }

  evaluate(): boolean {
    const result = this.or();
    if (this.position < this.tokens.length) {
      throw this.error(this.tokens[this.position]);
    }
    return result;
  }

  private or(): boolean {
    let result = this.and();
    while (this.accept('OR')) {
      result = this.and() || result;
    }
    return result;
  }

  private and(): boolean {
    let result = this.operand();
    while (this.accept('AND')) {
      result = this.operand() && result;
    }
    return result;
  }

  private operand(): boolean {
    if (this.accept('NOT')) {
      return !this.operand();
    }
    if (this.accept('TRUE')) {
      return true;
    }
    if (this.accept('FALSE')) {
      return false;
    }
    if (this.accept('(')) {
      const result = this.or();
      this.expect(')');
      return result;
    }
    return this.state();
  }

  private state(): boolean {
    const state = this.tokens[this.position++];
    if (!STATES.includes(state)) {
      throw this.error(state ?? 'its end');
    }
    this.expect('(');
    const alarm = this.tokens[this.position++].replace(/^"|"$/g, '');
    this.expect(')');
    return this.stateOf(alarm) === state;
  }

  private accept(token: string): boolean {
    const found = this.tokens[this.position] === token;
    this.position += Number(found);
    return found;
  }

  private expect(token: string): void {
    if (!this.accept(token)) {
      throw this.error(`${token} expected at ${this.tokens[this.position] ?? 'its end'}`);
    }
  }

  private error(problem: string): NotRehearsedError {
    return new NotRehearsedError(`the alarm rule ${this.rule}: ${problem}`);
  }
}
