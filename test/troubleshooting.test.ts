import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { filesIn } from './support/imports';

const ROOT = path.join(__dirname, '..');
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');

/** The text of an expression, with `…` for each part that varies; undefined if no part is text. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const sides = [textOf(node.left), textOf(node.right)];
    return sides.some((side) => side !== undefined) ? sides.map((side) => side ?? '…').join('') : undefined;
  }
  return undefined;
}

/** All texts in a file. */
function textsIn(file: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    texts.push(textOf(node) ?? '');
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true));
  return texts.filter((text) => text);
}

/** The first column of the table that starts after a text of docs/troubleshooting.md. */
function messages(after: string): string[] {
  const [, rest] = read('docs/troubleshooting.md').split(after);
  const [table] = rest.slice(rest.indexOf('\n| ') + 1).split('\n\n');
  return table
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (message|---) \|/.test(line))
    .map((line) => line.split(' | ')[0].slice(2));
}

/** The words of a message that no text contains. A part may consist of several texts, with at least two words each. */
function missingWords(part: string, texts: string[]): string {
  const words = part.split(' ');
  const isFound = (count: number) => texts.some((text) => text.includes(words.slice(0, count).join(' ')));
  const found = words.map((_, index) => isFound(index + 1)).lastIndexOf(true) + 1;
  if (found === words.length) {
    return '';
  }
  return found < 2 ? part : missingWords(words.slice(found).join(' '), texts);
}

const RELEASE = messages('# At 2 a.m.');
const SYNTH = messages('## Refused at synth');
const RELEASE_TEXTS = filesIn('src/handlers/release').flatMap(textsIn);
const SYNTH_TEXTS = filesIn('src')
  .filter((file) => !file.includes('handlers/release'))
  .flatMap(textsIn);

test('docs/troubleshooting.md has messages', () => {
  expect(RELEASE.length).toBeGreaterThan(20);
  expect(SYNTH.length).toBeGreaterThan(10);
});

test.each(RELEASE)('the release function writes: %s', (message) => {
  const parts = message.split('…').map((part) => part.replace(/^\W+|\W+$/g, ''));
  expect(parts.map((part) => missingWords(part, RELEASE_TEXTS)).filter((words) => words)).toEqual([]);
});

test.each(SYNTH)('the construct refuses or warns: %s', (message) => {
  const parts = message.replace('Warning: ', '').split(/…| must be /);
  const words = parts.map((part) => missingWords(part.replace(/^\W+|\W+$/g, ''), SYNTH_TEXTS));
  expect(words.filter((missing) => missing)).toEqual([]);
});
