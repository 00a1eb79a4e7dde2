import { NotRehearsedError } from '../../base/aws-error';

type Value = number | undefined;

const and = (left: number, right: number) => Number(left !== 0 && right !== 0);
const or = (left: number, right: number) => Number(left !== 0 || right !== 0);

const OPERATORS: Record<string, (left: number, right: number) => number> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '>': (left, right) => Number(left > right),
  '<': (left, right) => Number(left < right),
  '>=': (left, right) => Number(left >= right),
  '<=': (left, right) => Number(left <= right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  AND: and,
  '&&': and,
  OR: or,
  '||': or,
  '^': (left, right) => left ** right,
};

/** Operators by precedence, the lowest first. */
const LEVELS = [['OR', '||'], ['AND', '&&'], ['==', '!=', '>', '<', '>=', '<='], ['+', '-'], ['*', '/'], ['^']];

const FUNCTIONS: Record<string, (...values: Value[]) => Value> = {
  IF: (condition, yes, no) => (condition === undefined ? undefined : condition !== 0 ? yes : no),
  FILL: (value, otherwise) => value ?? otherwise,
  MAX: (...values) => reduce(Math.max, values),
  MIN: (...values) => reduce(Math.min, values),
};

/** Evaluates a metric math expression for one period. Returns undefined if data is missing. */
export function evaluateExpression(expression: string, values: Record<string, Value>): Value {
  const tokens = expression.match(/[A-Za-z][A-Za-z0-9_]*|\d+(?:\.\d+)?|[<>=!]=|&&|\|\||\S/g) ?? [];
  const parser = new Parser(expression, tokens, values);
  return parser.all();
}

function reduce(operation: (...values: number[]) => number, values: Value[]): Value {
  return values.includes(undefined) ? undefined : operation(...(values as number[]));
}

class Parser {
  private position = 0;

  constructor(
    private readonly expression: string,
    private readonly tokens: readonly string[],
    private readonly values: Record<string, Value>,
  ) {}

  all(): Value {
    const value = this.level(0);
    if (this.position < this.tokens.length) {
      throw this.unknown();
    }
    return value;
  }

  private level(index: number): Value {
    if (index === LEVELS.length) {
      return this.factor();
    }
    let left = this.level(index + 1);
    while (LEVELS[index].includes(this.tokens[this.position])) {
      const operator = this.tokens[this.position++];
      const right = this.level(index + 1);
      left = left === undefined || right === undefined ? undefined : finite(OPERATORS[operator](left, right));
    }
    return left;
  }

  private factor(): Value {
    const token = this.tokens[this.position++];
    if (token === '(') {
      return this.closed(this.level(0));
    }
    if (token === '-') {
      return negative(this.factor());
    }
    if (/^\d/.test(token)) {
      return Number(token);
    }
    if (this.tokens[this.position] === '(') {
      return this.call(token);
    }
    if (!(token in this.values)) {
      throw this.unknown();
    }
    return this.values[token];
  }

  private call(name: string): Value {
    if (!FUNCTIONS[name]) {
      throw this.unknown();
    }
    const values: Value[] = [];
    do {
      this.position++;
      values.push(this.level(0));
    } while (this.tokens[this.position] === ',');
    return this.closed(FUNCTIONS[name](...values));
  }

  private closed(value: Value): Value {
    if (this.tokens[this.position++] !== ')') {
      throw this.unknown();
    }
    return value;
  }

  private unknown(): NotRehearsedError {
    return new NotRehearsedError(`the metric math expression ${this.expression}`);
  }
}

/** CloudWatch drops data points with a division by zero. */
function finite(value: number): Value {
  return Number.isFinite(value) ? value : undefined;
}

function negative(value: Value): Value {
  return value === undefined ? undefined : -value;
}
