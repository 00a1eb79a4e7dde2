import { App, Aws, Duration, Lazy, Size, Stack, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';

/** A class of a user. */
class Other {
  public readonly name = 'other';
}

/** Values of every type, as JavaScript lets a user pass them. */
const WRONG: Record<string, (stack: Stack) => unknown> = {
  null: () => null,
  'an empty string': () => '',
  'a string': () => 'text',
  'a number': () => 5,
  NaN: () => NaN,
  Infinity: () => Infinity,
  true: () => true,
  'a big integer': () => 5n,
  'a symbol': () => Symbol('text'),
  'a function': () => () => undefined,
  'an empty list': () => [],
  'a list with null': () => [null],
  'a list with a hole': () => new Array(1),
  'an empty object': () => ({}),
  'an object without prototype': () => Object.create(null),
  'an object with a strange key': () => ({ strange: 1 }),
  'a map with null': () => ({ NAME: null }),
  'a date': () => new Date(0),
  'a JavaScript map': () => new Map([['a', 1]]),
  'a promise': () => Promise.resolve('text'),
  'an object of the user': () => new Other(),
  'a duration': () => Duration.minutes(5),
  'a size': () => Size.gibibytes(1),
  'a runtime': () => lambda.Runtime.PYTHON_3_13,
  'a class': () => lambda.Runtime,
  'a stack': (stack) => stack,
  'an app': () => new App(),
  'a resolvable': () => Lazy.any({ produce: () => 'text' }),
};

/** Texts that end up in names, commands, JSON, and templates. */
const STRINGS: Record<string, string> = {
  'a space': ' ',
  'a tab': '\t',
  'too long a text': 'a'.repeat(300),
  'far too long a text': 'a'.repeat(10_000),
  unicode: 'naïve 日本語',
  'an emoji': '🚀',
  'half an emoji': '\ud83d',
  'a null character': 'a\u0000b',
  'an escape character': 'a\u001b[31mb',
  'right to left': 'a\u202eb',
  'a newline': 'a\nb',
  quotes: `a'b"c`,
  'a backslash': 'a\\b',
  'a command': '$(id)',
  'a command in backquotes': '`id`',
  'a variable of the pipeline': '#{variables.x}',
  'a variable of a template': '${AWS::Region}',
  'an account': '111122223333',
  'an ARN': 'arn:aws:s3:::acme',
  'a URL': 'https://example.com/a',
  'a path upwards': '../../etc',
  'a wildcard': '*',
  markup: '<script>alert(1)</script>',
  'a secret': '{{resolve:secretsmanager:orders}}',
  'a hyphen': '-',
};

const NUMBERS: Record<string, number> = {
  '-Infinity': -Infinity,
  'minus one': -1,
  zero: 0,
  'a fraction': 1.5,
  'a third': 1 / 3,
  huge: 1e21,
  unsafe: 2 ** 53,
  'a million': 1e6,
};

const DURATIONS: Record<string, Duration> = {
  'half a second': Duration.millis(500),
  'a second and a half': Duration.millis(1500),
  nothing: Duration.seconds(0),
  'a second': Duration.seconds(1),
  '90 seconds': Duration.seconds(90),
  'a quarter': Duration.minutes(15),
  'two days': Duration.days(2),
  'ten years': Duration.days(3650),
  'a thousand years': Duration.days(365000),
  '200 hours': Duration.hours(200),
};

const SIZES: Record<string, Size> = { 'a byte': Size.bytes(1), 'a tebibyte': Size.tebibytes(1), zero: Size.bytes(0) };

/** Returns values that are wrong, or unusual, for a type. Each is a function, because some need a stack. */
export function unusualValues(type: string): [string, (stack: Stack) => unknown][] {
  const ofType: Record<string, Record<string, unknown>> = {
    string: STRINGS,
    number: NUMBERS,
    'cdk.Duration': DURATIONS,
    'cdk.Size': SIZES,
  };
  return [
    ...Object.entries(WRONG),
    ...Object.entries(ofType[type] ?? {}).map(([name, value]): [string, () => unknown] => [name, () => value]),
  ];
}

const token = () => Token.asNumber({ Ref: 'Number' });

/** Tokens of each kind. A token of a duration must be in the unit of the service. */
export const TOKENS: Record<string, (() => unknown)[]> = {
  string: [() => Lazy.string({ produce: () => Aws.STACK_NAME })],
  number: [token],
  'cdk.Duration': [Duration.millis, Duration.seconds, Duration.minutes, Duration.days].map(
    (unit) => () => unit(token()),
  ),
  'cdk.Size': [() => Size.mebibytes(token())],
};
