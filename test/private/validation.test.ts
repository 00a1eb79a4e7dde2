import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import {
  isKnown,
  refuse,
  requireDuration,
  requireInteger,
  requirePattern,
  requireRepositoryPath,
} from '../../src/private/validation';

describe('a refusal', () => {
  test.each([
    ['text', 'eight', '"eight"'],
    ['a number', 8, '8'],
    ['a list', ['a', 'b'], '["a", "b"]'],
    ['an object', { name: 'x', list: [] }, '{ name, list }'],
    ['a construct, which contains a whole tree', new Stack(new App(), 'Root'), 'Root'],
    ['a duration', Duration.minutes(90), '1 hour 30 minutes'],
    ['an empty object', {}, '{}'],
    ['a boolean', false, 'false'],
    ['nothing', undefined, 'nothing'],
    ['not a number', NaN, 'NaN'],
  ])('says the prop, what is allowed, what was given and what to do: %s', (_, given, shown) => {
    expect(() => refuse({ prop: 'bakeTime', allowed: 'short', given, remedy: 'wait less' })).toThrow(
      `bakeTime must be short, got ${shown}; wait less`,
    );
  });
});

describe('a refusal of what another language gave', () => {
  let refused: Error;
  beforeEach(() => {
    process.env.JSII_AGENT = 'Python/3.13.0';
    try {
      refuse({ prop: 'bakeTime', allowed: 'short', given: 'an hour', remedy: 'wait less' });
    } catch (error) {
      refused = error as Error;
    }
  });
  afterEach(() => {
    delete process.env.JSII_AGENT;
  });

  test('is nothing but its message as text', () => {
    expect(String(refused)).toBe('bakeTime must be short, got "an hour"; wait less');
  });

  test('has no stack, which would be that of jsii', () => {
    expect(refused.stack).toBe('bakeTime must be short, got "an hour"; wait less');
  });
});

describe('a token', () => {
  const text = Lazy.string({ produce: () => '!' });
  const number = Lazy.number({ produce: () => -1 });

  test('is not known', () => {
    expect([isKnown(text), isKnown(number), isKnown(undefined), isKnown('x'), isKnown(0)]).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  test.each([
    ['text', () => requirePattern(text, /^a$/, { prop: 'p', allowed: 'a', remedy: 'r' })],
    ['a number', () => requireInteger('p', number, 1, 2, 'r')],
    [
      'a duration',
      () =>
        requireDuration('p', Duration.seconds(number), {
          min: Duration.seconds(1),
          max: Duration.seconds(2),
          source: 's',
          remedy: 'r',
        }),
    ],
    ['a path', () => requireRepositoryPath('p', text)],
  ])('passes as %s', (_, check) => {
    expect(check).not.toThrow();
  });
});

describe('a number', () => {
  test.each([1, 2, 3, undefined])('passes: %s', (value) => {
    expect(() => requireInteger('p', value, 1, 3, 'r')).not.toThrow();
  });

  test.each([0, 4, 1.5, NaN, Infinity])('is refused: %s', (value) => {
    expect(() => requireInteger('p', value, 1, 3, 'count again')).toThrow(
      /^p must be an integer between 1 and 3, got .*; count again$/,
    );
  });
});

describe('a duration', () => {
  const check = (value?: Duration) => () =>
    requireDuration('p', value, {
      min: Duration.seconds(10),
      max: Duration.minutes(1),
      source: 'limits of AWS',
      remedy: 'r',
    });

  test.each([Duration.seconds(10), Duration.millis(11000), Duration.minutes(1), undefined])('passes: %s', (value) => {
    expect(check(value)).not.toThrow();
  });

  test.each([Duration.millis(9999), Duration.seconds(61)])('is refused: %s', (value) => {
    expect(check(value)).toThrow('p must be between 10 seconds and 1 minute (limits of AWS), got ');
  });
});

describe('a path in the repository', () => {
  test.each(['.', 'src', 'Backend/src', './src', 'src/', 'with space/src', 'a.b_c-d+e@f', '.config', undefined])(
    'passes: %s',
    (path) => {
      expect(() => requireRepositoryPath('p', path)).not.toThrow();
    },
  );

  test.each([
    '',
    '/etc',
    '../other',
    'src/../..',
    '~/src',
    'C:\\src',
    'C:/src',
    '-rf',
    'src; rm -rf .',
    '$(pwd)',
    '`pwd`',
    'a"b',
    "a'b",
    'a\nb',
    'a\\b',
    'a*',
    'a|b',
    'a&b',
    '日本',
  ])('is refused: %j', (path) => {
    expect(() => requireRepositoryPath('buildProject.sourceDirectory', path)).toThrow(
      `buildProject.sourceDirectory must be a path inside the repository, relative to its root, ` +
        `with only letters, digits, spaces, and . _ - + @ /, got ${JSON.stringify(path)}; for example "Backend/src"`,
    );
  });
});
