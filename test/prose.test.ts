import { PHRASES } from '../projenrc/prose/phrases';
import { namesIn, shadowOf } from '../projenrc/prose/shadow';

test.each(PHRASES.map(({ example, pattern }) => [example, pattern]))(
  'the prose check finds: %s',
  (example, pattern) => {
    expect(example.match(pattern)).not.toBeNull();
  },
);

test.each([
  'What happens at a push?',
  'from then on the pipeline releases',
  'the default is all at once',
  'there is no alarm',
  'is there a function?',
  'a surprise that is precise and wise',
  'documents and documentation',
])('the prose check accepts: %s', (text) => {
  expect(PHRASES.filter(({ pattern }) => text.match(pattern)).map(({ pattern }) => pattern.source)).toEqual([]);
});

describe('what is checked of a program', () => {
  const shadow = (text: string) =>
    shadowOf('some.ts', text)
      .replace(/[\s\u001f]+/g, ' ')
      .trim();

  test('is comments, without the marks', () => {
    expect(shadow('/**\n * A first line\n * and a second.\n */\nconst a = 1; // at the end')).toBe(
      'A first line and a second. at the end',
    );
  });

  test('is strings with several words, put together, with a word for what is computed', () => {
    expect(shadow("fail('the function ' + name + ` has no ${kind()} of` + ' its kind', 'x', 'a-b');")).toBe(
      'the function XXXX has no XXXXXX of its kind',
    );
  });

  test('is not code, in a comment or an example', () => {
    expect(shadow('/**\n * Takes `some code` here.\n * @example\n * whoever();\n * @default - none\n */')).toBe(
      'Takes XXXXXXXXXXX here. @default - none',
    );
  });

  test('stays at its line', () => {
    expect(shadowOf('some.ts', "\n\nconst a = 'two words';").split('\n')[2]).toContain('two words');
  });

  test('is the names that it gives, as words', () => {
    expect(namesIn('some.ts', 'function bringAbout(wishedState: string) {\n  const BRING_IT = 1; }')).toEqual([
      { name: 'bring about', line: 1 },
      { name: 'wished state', line: 1 },
      { name: 'bring it', line: 2 },
    ]);
  });
});
